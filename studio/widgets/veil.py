"""Veil: dims a widget that is out of date, and says why in one sentence at its head."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.look.theme import GRID_PX, theme

DIMMED = 0.55
"""How much of what is below is covered by the color of the ground."""


class Veil(QWidget):
    """Lies over a widget without moving anything, and lets the mouse through."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over, self.sentence = over, ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        over.installEventFilter(self)

    def show_sentence(self, sentence: str) -> None:
        """Dim what is below and say this; an empty sentence lifts the veil."""
        if sentence == self.sentence:
            return
        self.sentence = sentence
        self.setAccessibleName(sentence)
        self._cover()
        self.setVisible(bool(sentence))
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.ChildAdded)
        if self.sentence and event.type() in kinds:
            self._cover()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = QColor(theme.colors.surface)
        ground.setAlphaF(DIMMED)
        painter.fillRect(self.rect(), ground)
        wrap = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter
        room = self.rect().adjusted(GRID_PX, 0, -GRID_PX, 0)
        text = painter.boundingRect(room, int(wrap), self.sentence)
        strip = QRect(0, 0, self.width(), text.height() + GRID_PX)
        painter.fillRect(strip, QColor(theme.colors.surface))
        painter.setPen(QColor(theme.colors.warning))
        painter.drawText(strip.adjusted(GRID_PX, 0, -GRID_PX, 0), int(wrap), self.sentence)

    def _cover(self) -> None:
        self.setGeometry(self._over.rect())
        self.raise_()
