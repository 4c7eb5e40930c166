"""A note on the canvas: free text in a box, behind nodes and wires."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF, QStaticText, QTextOption
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.project import Note
from studio.canvas import ink
from studio.canvas.dimensions import NODE_HEIGHT
from studio.look.theme import GRID_PX, theme

PADDING = 1.5 * GRID_PX
FOLD = 1.5 * GRID_PX
"""Size of the folded corner, the sign that this is paper and no layer."""
LEAST_HEIGHT = NODE_HEIGHT / 2
READABLE_FROM = 0.3
"""Below this scale the box is drawn without its words."""


class NoteItem(QGraphicsItem):
    """Paints one note; `index` is its number in the project."""

    def __init__(self, index: int, note: Note) -> None:
        super().__init__()
        self.setZValue(-1)
        self.index = index
        self._selected = False
        self.show_note(note)

    def show_note(self, note: Note) -> None:
        """Show this note's text, in its place."""
        self.note = note
        self.setPos(note.x, note.y)
        self._lay_out(note.width)
        self.setToolTip("")

    def show_width(self, width: float) -> None:
        """Show another width while it is dragged."""
        self._lay_out(width)

    def _lay_out(self, width: float) -> None:
        self.prepareGeometryChange()
        self._words = laid_out(self.note.text, width)
        height = self._words.size().height() + 2 * PADDING
        height = max(LEAST_HEIGHT, -int(-height // GRID_PX) * GRID_PX)
        self.body = QRectF(0, 0, width, height)
        self.update()

    def set_selected(self, selected: bool) -> None:
        """Whether the note is selected."""
        if selected != self._selected:
            self._selected = selected
            self.update()

    def box(self) -> QRectF:
        """The body in the scene."""
        return self.body.translated(self.pos())

    def on_edge(self, at: QPointF, reach: float) -> bool:
        """Whether a point of the scene is at the right side, which can be dragged."""
        box = self.box()
        return abs(at.x() - box.right()) <= reach and box.top() <= at.y() <= box.bottom()

    def boundingRect(self) -> QRectF:
        return self.body.adjusted(-4, -4, 4, 4)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        c, box = theme.colors, self.body
        top, side = box.topRight() - QPointF(FOLD, 0), box.topRight() + QPointF(0, FOLD)
        paper = QPolygonF([box.topLeft(), top, side, box.bottomRight(), box.bottomLeft()])
        painter.setPen(ink.pen(c.accent, 2.5) if self._selected else ink.pen(c.muted, 1.2))
        painter.setBrush(ink.color(c.window))
        painter.drawPolygon(paper)
        painter.drawPolyline([top, top + QPointF(0, FOLD), side])
        if option.levelOfDetailFromTransform(painter.worldTransform()) >= READABLE_FROM:
            painter.setPen(ink.color(c.text))
            painter.setFont(ink.font(ink.NOTE_PX))
            painter.drawStaticText(QPointF(PADDING, PADDING), self._words)


def laid_out(text: str, width: float) -> QStaticText:
    """The text in lines that fit into a note of this width."""
    words = QStaticText(text.replace("\n", "\u2028"))
    words.setTextFormat(Qt.TextFormat.PlainText)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    words.setTextOption(option)
    words.setTextWidth(width - 2 * PADDING)
    words.prepare(font=ink.font(ink.NOTE_PX))
    return words
