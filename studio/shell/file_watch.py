"""FileWatch: notices that another program changed, moved or deleted the open file, and says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QFileSystemWatcher, QObject, QTimer
from PySide6.QtWidgets import QWidget

from engine.files import FileState
from studio.model.document import Document
from studio.shell.message_bar import MessageBar

LOOK_AFTER_MS = 200
"""A program that saves may delete, rename and write, one after the other."""
FILE = "file"
"""The topic of its messages."""


class FileWatch(QObject):
    """Checks when the system reports a change, and when the window becomes active, because some
    network drives report nothing. reopen(path): replace the project with the content of the
    file."""

    def __init__(
        self,
        document: Document,
        window: QWidget,
        message_bar: MessageBar,
        reopen: Callable[[Path], object],
    ) -> None:
        super().__init__(window)
        self._document, self._window = document, window
        self._bar, self._reopen = message_bar, reopen
        self._told = FileState.SAME
        self._watcher = QFileSystemWatcher(self)
        self._timer = QTimer(self, singleShot=True, interval=LOOK_AFTER_MS)
        self._timer.timeout.connect(self._look)
        self._watcher.fileChanged.connect(self._timer.start)
        self._watcher.directoryChanged.connect(self._timer.start)
        document.file_changed.connect(self._follow)
        window.installEventFilter(self)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.WindowActivate:
            self._timer.start()
        return False

    def _look(self) -> None:
        self._document.look_at_file()
        self._watch()  # the system stops watching a file that was replaced

    def _follow(self) -> None:
        self._watch()
        state = self._document.file_state
        if state is not self._told:
            self._told = state
            self._tell(state)

    def _watch(self) -> None:
        path = self._document.path
        wanted = {str(path.absolute()), str(path.absolute().parent)} if path else set()
        known = {*self._watcher.files(), *self._watcher.directories()}
        if known - wanted:
            self._watcher.removePaths(sorted(known - wanted))
        if wanted - known:
            self._watcher.addPaths(sorted(wanted - known))

    def _tell(self, state: FileState) -> None:
        path = self._document.path
        if state is FileState.SAME or path is None:
            self._bar.clear(FILE)
        elif state is FileState.GONE:
            told = self.tr("“{name}” was moved or deleted. Save to write it again.")
            self._bar.tell(told.format(name=path.stem), topic=FILE)
        else:
            told = self.tr("Another program or window changed “{name}”.")
            sentence, button = told.format(name=path.stem), self.tr("Take Theirs")
            self._bar.tell(sentence, button, lambda: self._reopen(path), topic=FILE)
