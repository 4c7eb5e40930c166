"""The label of a wire: what flows through it, and, while a run is watched, a number."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QStaticText
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from studio.canvas import ink
from studio.look.theme import theme

LABEL_HEIGHT = 18.0
LABEL_PADDING = 4.0
SLIT = 10.0
"""Between the two lines of a label: as wide as the thickest wire."""
NEAR_ENOUGH = 0.5
"""Below this scale labels are not drawn."""


class LabelItem(QGraphicsItem):
    """A small sign on a wire; its center is its position. With room for a number it has two lines,
    and the wire is seen between them."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(1.5)
        self.text = self.number = self._widest = ""
        self._words = QStaticText()
        self._box = QRectF()

    def show_text(self, text: str) -> None:
        """Show this text."""
        self.text = text
        self._words = QStaticText(text)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.prepare(font=ink.font(ink.SMALL_PX))
        self._lay_out()

    def reserve(self, widest: str) -> None:
        """Keep room for a second line with numbers as wide as this one; "" for none."""
        if widest != self._widest:
            self._widest = widest
            self._lay_out()

    @property
    def reserved(self) -> str:
        """The number for which there is room."""
        return self._widest

    @property
    def is_crowded_out(self) -> bool:
        """Whether it is hidden because its two lines do not fit."""
        return bool(self._widest and self.text) and not self.isVisible()

    def show_number(self, number: str) -> None:
        """Show a number on the second line, if there is room."""
        if number != self.number:
            self.number = number
            self.update()

    def _lay_out(self) -> None:
        self.prepareGeometryChange()
        advance = ink.metrics(ink.SMALL_PX).horizontalAdvance
        width = max(advance(self.text), advance(self._widest)) + 2 * LABEL_PADDING
        height = 2 * LABEL_HEIGHT + SLIT if self._widest else LABEL_HEIGHT
        self._box = QRectF(-width / 2, -height / 2, width, height)
        self.update()

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        return self._box.width(), self._box.height()

    def boundingRect(self) -> QRectF:
        return self._box

    def shape(self) -> QPainterPath:
        return QPainterPath()  # pointers reach the wire under it

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if option.levelOfDetailFromTransform(painter.worldTransform()) < NEAR_ENOUGH:
            return
        painter.setFont(ink.font(ink.SMALL_PX))
        aside = (LABEL_HEIGHT + SLIT) / 2 if self._widest else 0.0
        size = self._words.size()
        self._paint_ground(painter, size.width(), -aside)
        painter.drawStaticText(QPointF(-size.width() / 2, -aside - size.height() / 2), self._words)
        if self._widest and self.number:
            width = ink.metrics(ink.SMALL_PX).horizontalAdvance(self.number)
            ground = self._paint_ground(painter, width, aside)
            painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, self.number)

    def _paint_ground(self, painter: QPainter, width: float, y: float) -> QRectF:
        """What lies behind a line of so wide a text; leaves the pen for the text."""
        room = width + 2 * LABEL_PADDING
        ground = QRectF(-room / 2, y - LABEL_HEIGHT / 2, room, LABEL_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.color(theme.colors.surface))
        painter.drawRoundedRect(ground, 4, 4)
        painter.setPen(ink.color(theme.colors.text))
        return ground
