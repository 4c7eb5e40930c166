"""What popups with a search field share: the field that moves through a list, and placement."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class SearchLine(QLineEdit):
    """Forwards the keys that move through a list: `stepped` says by how many rows."""

    stepped = Signal(int)

    def __init__(self, name: str, steps: Mapping[Qt.Key, int], parent: QWidget) -> None:
        super().__init__(parent)
        self._steps = steps
        self.setPlaceholderText(name)
        self.setAccessibleName(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self._steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)

    def focusNextPrevChild(self, next: bool) -> bool:
        self.stepped.emit(1 if next else -1)
        return True


def move_onto_screen(popup: QWidget, at: QPoint) -> None:
    """Put a popup's upper left corner at a point of the screen, or as near as it has room."""
    room = popup.screen().availableGeometry()
    x = min(at.x(), room.right() - popup.width())
    y = min(at.y(), room.bottom() - popup.height())
    popup.move(max(x, room.left()), max(y, room.top()))
