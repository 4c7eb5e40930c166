"""The frame around the layers of an open group, with its name above them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from studio.canvas import ink
from studio.look.theme import GRID_PX, theme

MARGIN = 2.0 * GRID_PX
TITLE_HEIGHT = 3.0 * GRID_PX
LANES = 2.0 * GRID_PX
"""Room below the innermost title, for wires that go around a layer."""
READABLE_FROM = 0.35
"""Below this scale the frame is drawn without its name."""


def border(level: int) -> tuple[float, float]:
    """How far a frame reaches beyond its blocks: at the sides and below, and above.

    level: how many frames lie within it, one in the other."""
    margin = MARGIN * (level + 1)
    return margin, margin + TITLE_HEIGHT * (level + 1) + LANES


class FrameItem(QGraphicsItem):
    """Paints one frame. Only its title takes the mouse: wires and canvas inside stay in reach."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setZValue(-0.5)
        self.name = name
        self.level = 0
        self._box, self.title = QRectF(), QRectF()

    def show_around(self, box: QRectF, level: int) -> None:
        """Enclose this part of the scene. level: how many frames are nested inside, at most."""
        margin, above = border(level)
        body = box.adjusted(-margin, -above, margin, margin)
        if body != self._box:
            self.prepareGeometryChange()
            self._box = body
            width = ink.metrics(ink.TEXT_PX, bold=True).horizontalAdvance(self.name) + 5 * GRID_PX
            self.title = QRectF(body.left(), body.top(), min(width, body.width()), TITLE_HEIGHT)

    @property
    def box(self) -> QRectF:
        """The frame in the scene."""
        return self._box

    def boundingRect(self) -> QRectF:
        return self._box.adjusted(-2, -2, 2, 2)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self.title)
        return path

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        c = theme.colors
        painter.setPen(ink.pen(c.muted, 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(ink.color(c.window, 0.6))
        painter.drawRoundedRect(self._box, 8, 8)
        if option.levelOfDetailFromTransform(painter.worldTransform()) < READABLE_FROM:
            return
        painter.setPen(ink.color(c.muted))
        painter.setFont(ink.font(ink.TEXT_PX, bold=True))
        room = self.title.adjusted(GRID_PX, 0, -GRID_PX, 0)
        words = ink.elided(f"▾ {self.name}", room.width(), ink.TEXT_PX, bold=True)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

    def on_title(self, at: QPointF) -> bool:
        """Whether a point of the scene is on the name."""
        return self.title.contains(at)
