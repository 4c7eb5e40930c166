"""Answers: what a person clicks in each question that the window asks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox


class Answers(QObject):
    """Clicks `answer` in every message box, by its text. asked: the sentence of each.

    before(): what happens while the person still thinks.
    """

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.answer = "Cancel"
        self.before = lambda: None
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QMessageBox):
            self.asked.append(watched.text())
            QTimer.singleShot(0, watched, lambda: self._click(watched))
        return False

    def _click(self, box: QMessageBox) -> None:
        self.before()
        names = [button.text().replace("&", "").rstrip("…") for button in box.buttons()]
        box.buttons()[names.index(self.answer)].click()
