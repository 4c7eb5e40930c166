"""Questions: notices every dialog that waits for an answer, and cancels it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeGuard

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QProgressDialog


class Questions(QObject):
    """asked: the text of each question since the last `take`."""

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self._application = application
        self.asked: list[str] = []

    @contextmanager
    def cancelled(self) -> Iterator[None]:
        """Within this block, no question blocks the program."""
        self._application.installEventFilter(self)
        try:
            yield
        finally:
            self._application.removeEventFilter(self)

    def take(self) -> str:
        """The first question that was asked, or ""; then all are forgotten."""
        asked, self.asked = self.asked, []
        return asked[0] if asked else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and _is_question(watched):
            self.asked.append(_text_of(watched))
            QTimer.singleShot(0, watched, watched.reject)
        return False


def _is_question(watched: QObject) -> TypeGuard[QDialog]:
    """Whether a dialog waits for an answer; one that tells of progress goes by itself."""
    if not isinstance(watched, QDialog) or isinstance(watched, QProgressDialog):
        return False
    return watched.isModal()


def _text_of(dialog: QDialog) -> str:
    if isinstance(dialog, QMessageBox):
        return dialog.text()
    return f"“{dialog.windowTitle()}” is waiting for an answer."
