"""The main window: one open project and its views."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QShowEvent

from engine.files import SeenFile
from engine.project import Project
from studio.running.session import State
from studio.shell.connections import connect_parts
from studio.shell.drops import dropped_file, open_dropped
from studio.shell.parts import WindowParts
from studio.shell.placing import place_panels
from studio.shell.recovery_dialog import offer

PREPARE_AFTER_MS = 150
"""Data is loaded and weights are drawn only after the window has been painted."""


class MainWindow(WindowParts):
    """Opens, follows its file, and closes. `connections` connects its parts."""

    def __init__(
        self, project: Project, file: SeenFile | None = None, keeps_layout: bool = True
    ) -> None:
        """file: where it was read from. keeps_layout: whether the layout is restored and
        remembered."""
        super().__init__(project, file)
        self._keeps_layout = keeps_layout
        place_panels(self, restore=keeps_layout)
        connect_parts(self)
        self.document.file_changed.connect(self._retitle)
        self.document.opened.connect(self._opened)
        self._retitle()
        self.setAcceptDrops(True)
        self._begun = False

    def _begin(self) -> None:
        """What happens once the window has been painted."""
        self.canvas.fit()
        self._tell_notes()
        self.block_library.read()
        self._make_watchful_panels()
        if self.session.state is State.EMPTY:
            self.run_control.prepare()
        self._claim_file()
        self.data_views.missing.look()
        if self._keeps_layout:
            offer(self.recovery, self.message_bar.tell, self.files.may_lose_changes, self)

    def _make_watchful_panels(self) -> None:
        for id, panel in self.panels.classes.items():
            if panel.follows_unseen:
                self.docks.widget(id)

    def _opened(self) -> None:
        self.message_bar.clear()
        self.canvas.fit()
        self.canvas.focus_canvas()  # a removed field would pass its keys to another one
        self.run_control.prepare()
        self._tell_notes()
        self._claim_file()

    def _tell_notes(self) -> None:
        """The description in the file; any other message may replace it."""
        notes = self.document.project.notes
        if notes and not self.message_bar.text:
            self.message_bar.tell(notes, topic="notes", sign="note")

    def _retitle(self) -> None:
        self.setWindowTitle(f"{self.document.name}[*] – Backprop Studio")
        self.setWindowModified(self.document.modified)
        self._claim_file()  # the first save gave it a name, or it was saved under another one

    def _claim_file(self) -> None:
        sentence = self.file_lock.take(self.document.path)
        if sentence:
            self.message_bar.tell(sentence)

    # Qt's own events.

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.docks.arrange()
        if not self._begun:
            self._begun = True
            QTimer.singleShot(PREPARE_AFTER_MS, self, self._begin)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape returns from any panel to the canvas."""
        if event.key() == Qt.Key.Key_Escape:
            self.canvas.focus_canvas()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            # Later, because a question would block the program that the file comes from.
            QTimer.singleShot(0, self, lambda: open_dropped(self, path))

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()  # until it is certain: an exception must not close the window
        if not self.files.may_lose_changes():
            return
        if self._keeps_layout:
            self.docks.remember()
        self.docks.close()
        self._end_work()
        event.accept()

    def _end_work(self) -> None:
        """End all background work; the run ends after everything that uses it."""
        self.windows.shut_down()
        self.dashboard.close()
        self.data_panel.shut_down()
        self.session.close()
        self.workbench.close()
        self.recovery.close()
        self.file_lock.release()
