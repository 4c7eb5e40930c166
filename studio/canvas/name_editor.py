"""NameEditor: a text field over the canvas, to edit a name in place."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGraphicsView, QLineEdit

from engine.limits import MAX_NAME_LENGTH
from studio.look.theme import GRID_PX

WIDTH = 26 * GRID_PX


class NameEditor(QLineEdit):
    """written(text): Enter, or a click elsewhere. Escape leaves the name as it was."""

    written = Signal(str)

    def __init__(self, view: QGraphicsView, title: str) -> None:
        super().__init__(view.viewport())
        self._view, self._over = view, False
        self.setMaxLength(MAX_NAME_LENGTH)
        self.setAccessibleName(title)

    def open(self, name: str, at: QPoint, width: int) -> None:
        """Begin with this name, at a point of the view; at least so wide."""
        self.setText(name)
        self.selectAll()
        width = max(WIDTH, width, self.fontMetrics().horizontalAdvance(name) + 4 * GRID_PX)
        self.setFixedWidth(width)
        room = self._view.viewport().rect()
        x = max(0, min(at.x(), room.right() - width))
        y = max(0, min(at.y(), room.bottom() - self.sizeHint().height()))
        self.move(x, y)
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self) -> None:
        self._end(self.text())

    def _end(self, text: str | None) -> None:
        if self._over:
            return
        self._over = True
        self.hide()
        self.deleteLater()
        if text is not None:
            self.written.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._end(None)
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._take()
