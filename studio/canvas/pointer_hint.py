"""A small sentence at the pointer: why a wire is refused. It fades after a few seconds."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPropertyAnimation, Qt, QTimer
from PySide6.QtWidgets import QGraphicsOpacityEffect, QWidget

from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX, theme

STAY_MS = 4_000
FADE_MS = 400
MAX_WIDTH_PX = 360
OFFSET = QPoint(2 * GRID_PX, 2 * GRID_PX)


class PointerHint(PlainLabel):
    """An overlay that ignores the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self._room = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setWordWrap(True)
        self.setAccessibleName(self.tr("Message at the pointer"))
        self._veil = QGraphicsOpacityEffect(self)
        self.setGraphicsEffect(self._veil)
        self._fading = QPropertyAnimation(self._veil, b"opacity", self)
        self._fading.setDuration(FADE_MS)
        self._fading.setEndValue(0.0)
        self._fading.finished.connect(self.hide)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(self._fading.start)
        self._dress()
        theme.changed.connect(self._dress)
        self.hide()

    def say(self, sentence: str, at: QPoint, stay: bool = False) -> None:
        """Show a sentence near a point of the parent; stay=True waits for `clear` or another."""
        self._fading.stop()
        self._wait.stop()
        self._veil.setOpacity(1.0)
        self.setText(sentence)
        self.setAccessibleDescription(sentence)
        self.setFixedWidth(self._width_for(sentence))
        self.adjustSize()
        self.move(self._inside(at + OFFSET))
        self.show()
        self.raise_()
        if not stay:
            self._wait.start(STAY_MS)

    def clear_now(self) -> None:
        """Hide the sentence at once."""
        self._wait.stop()
        self._fading.stop()
        self.hide()

    def _width_for(self, sentence: str) -> int:
        margins = 4 * GRID_PX
        wanted = self.fontMetrics().horizontalAdvance(sentence) + margins
        return min(wanted, max(MAX_WIDTH_PX, 24 * self.fontMetrics().averageCharWidth()))

    def _inside(self, corner: QPoint) -> QPoint:
        room = self._room.rect().adjusted(4, 4, -4, -4)
        x = min(corner.x(), room.right() - self.width())
        y = min(corner.y(), room.bottom() - self.height())
        return QPoint(max(x, room.left()), max(y, room.top()))

    def _dress(self) -> None:
        c = theme.colors
        self.setStyleSheet(
            f"QLabel {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.problem};"
            f" border-left: 4px solid {c.problem}; border-radius: 4px; padding: 8px; }}"
        )
