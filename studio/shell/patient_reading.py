"""PatientReading: files are read beside the window, which stays alive and offers to stop.

A share that is gone or a drive that spins up may keep a reader waiting for minutes, and nothing can
stop it then. So whoever cancels goes on, and the reader is left to itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QObject, Qt, Signal
from PySide6.QtWidgets import QProgressDialog, QWidget

from engine.data.progress import ReadingCancelledError, stopped_by
from studio.look.translate import translator

AT_ONCE_S = 0.2
"""Most files are read within this, and no dialog flickers. Nobody notices so short a halt."""
T = TypeVar("T")


class PatientReading(QObject):
    """Calls one function on a thread of its own, and waits for it without stopping the window."""

    _ended = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self._window = window
        self._cancelled = threading.Event()

    def result(self, read: Callable[[], T], what: str) -> T:
        """What `read()` returns or raises. what: is said in a dialog, where it takes long.

        Raises ReadingCancelledError when somebody does not want to wait any longer.
        """
        future: Future[T] = Future()
        work = (read, future)
        threading.Thread(target=self._read, args=work, name="reading", daemon=True).start()
        if not wait_for([future], timeout=AT_ONCE_S).done:
            self._wait_with_dialog(future, what)
        if not future.done():
            raise ReadingCancelledError(_tr("The file was not opened."))
        return future.result()

    def _wait_with_dialog(self, future: Future[T], what: str) -> None:
        loop = QEventLoop()
        self._ended.connect(loop.quit)
        dialog = QProgressDialog(what, _tr("&Cancel"), 0, 0, self._window)
        dialog.setWindowTitle(_tr("Opening"))
        dialog.setWindowModality(Qt.WindowModality.WindowModal)  # nothing else begins meanwhile
        dialog.canceled.connect(self._cancelled.set)
        dialog.canceled.connect(loop.quit)
        dialog.show()
        if not future.done() and not self._cancelled.is_set():
            loop.exec()
        dialog.canceled.disconnect()
        dialog.close()
        dialog.deleteLater()

    def _read(self, read: Callable[[], T], future: Future[T]) -> None:
        try:
            with stopped_by(self._cancelled.is_set):
                future.set_result(read())
        except Exception as error:  # the edge: told by whoever asked
            future.set_exception(error)
        self._ended.emit()


_tr = translator("PatientReading")
