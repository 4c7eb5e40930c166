"""A wire on the canvas, and the preview of one that is being drawn."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPainterPathStroker, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine import Wire
from studio.canvas import ink
from studio.canvas.dimensions import PORT_RADIUS
from studio.canvas.routes import Point, Route
from studio.canvas.wire_label import LabelItem
from studio.look.plain_text import wrapped_tip
from studio.look.theme import theme

WIDTH = 2.0
EMPHASIZED_WIDTH = 3.5
REACH = 7.0
"""How close the pointer must be to a wire to hit it."""
ARROW = 8.0


class WireMeasure(NamedTuple):
    """A live measure of a wire. width: its thickness in scene pixels. text: the number on its
    label. broken: drawn in dots, because there is nothing to measure. help: what it means."""

    width: float
    text: str
    broken: bool = False
    help: str = ""

    @property
    def looks(self) -> tuple[float, bool]:
        """Equal for measures whose wires are painted alike."""
        return self.width, self.broken


class WireItem(QGraphicsItem):
    """Paints one wire along its route."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self.setZValue(0)
        self.wire = wire
        self.label = LabelItem()
        self.route: Route | None = None
        self._path, self._box = QPainterPath(), QRectF()
        self._reach: QPainterPath | None = None
        self._arrow = QPolygonF()
        self._selected = self._hovered = self._misfits = self._faded = False
        self.measure: WireMeasure | None = None

    def show_route(self, course: Route) -> None:
        """Show this route."""
        self.prepareGeometryChange()
        self.setPos(0, 0)
        self.route, self._reach = course, None
        self._path = path_of(course)
        self._arrow = arrow_at(course)
        self._box = self._path.boundingRect().adjusted(-ARROW, -ARROW, ARROW, ARROW)

    def show_state(self, text: str, misfits: bool) -> None:
        """What flows through, and whether its target cannot take it."""
        if text != self.label.text:
            self.label.show_text(text)
            self._tell()
        if misfits != self._misfits:
            self._misfits = misfits
            self.update()

    def set_measure(self, measure: WireMeasure | None) -> None:
        """Show a live measure as thickness and number; None takes it away."""
        old, self.measure = self.measure, measure
        if measure == old:
            return
        if measure is None or old is None or measure.help != old.help:
            self._tell()
        if measure is None or old is None or measure.looks != old.looks:
            self.update()
        self.label.show_number(measure.text if measure else "")

    def _tell(self) -> None:
        flow = f": {self.label.text}" if self.label.text else ""
        told = [f"{self.wire.source} → {self.wire.target}{flow}"]
        if self.measure is not None and self.measure.help:
            told.append(self.measure.help)
        self.setToolTip(wrapped_tip(told))

    def place_label(self, center: Point | None) -> None:
        """Put the label here, or hide it where there is no room."""
        self.label.setVisible(center is not None and bool(self.label.text))
        if center is not None:
            self.label.setPos(*center)

    def set_selected(self, selected: bool) -> None:
        """Emphasize a selected wire."""
        if selected != self._selected:
            self._selected = selected
            self._emphasize()

    def set_hovered(self, hovered: bool) -> None:
        """Emphasize the wire under the pointer."""
        if hovered != self._hovered:
            self._hovered = hovered
            self._emphasize()

    def set_faded(self, faded: bool) -> None:
        """Step back while a gesture shows another course for this wire."""
        if faded != self._faded:
            self._faded = faded
            self.setOpacity(0.25 if faded else 1.0)

    @property
    def path(self) -> QPainterPath:
        """Its course, in scene pixels."""
        return self._path

    @property
    def hovered(self) -> bool:
        """Whether the mouse, or what is dragged, is over it."""
        return self._hovered

    @property
    def misfits(self) -> bool:
        """Whether the target cannot take what flows here."""
        return self._misfits

    def _emphasize(self) -> None:
        self.setZValue(1 if self._selected or self._hovered else 0)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._box

    def shape(self) -> QPainterPath:
        if self._reach is None:
            stroker = QPainterPathStroker()
            stroker.setWidth(2 * REACH)
            self._reach = stroker.createStroke(self._path)
        return self._reach

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        c = theme.colors
        strong = self._selected or self._hovered
        name = c.accent if strong else c.problem if self._misfits else c.muted
        style = Qt.PenStyle.DashLine if self._misfits else Qt.PenStyle.SolidLine
        width = WIDTH
        if self.measure is not None:
            width = self.measure.width
            style = Qt.PenStyle.DotLine if self.measure.broken else style
        painter.setPen(ink.pen(name, max(width, EMPHASIZED_WIDTH) if strong else width, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path)
        grown = width - EMPHASIZED_WIDTH  # a thick wire has a large arrow
        painter.setPen(ink.pen(name, grown) if grown > 0 else Qt.PenStyle.NoPen)
        painter.setBrush(ink.color(name))
        painter.drawPolygon(self._arrow)


class PreviewItem(QGraphicsItem):
    """The wire that is being drawn: dashed until it would fit."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(5)
        self._path, self._arrow = QPainterPath(), QPolygonF()
        self._fits: bool | None = None

    def show_route(self, course: Route, fits: bool | None) -> None:
        """fits: whether the wire may be drawn to where it ends now; None over empty canvas."""
        self.prepareGeometryChange()
        self._path, self._arrow, self._fits = path_of(course), arrow_at(course), fits
        self.update()

    def boundingRect(self) -> QRectF:
        return self._path.boundingRect().adjusted(-ARROW, -ARROW, ARROW, ARROW)

    def shape(self) -> QPainterPath:
        return QPainterPath()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        c = theme.colors
        name = {True: c.good, False: c.problem, None: c.accent}[self._fits]
        style = Qt.PenStyle.SolidLine if self._fits else Qt.PenStyle.DashLine
        painter.setPen(ink.pen(name, EMPHASIZED_WIDTH, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.color(name))
        painter.drawPolygon(self._arrow)


def path_of(course: Route) -> QPainterPath:
    """The route as Qt draws it."""
    path = QPainterPath(QPointF(*course.cubics[0][0]))
    for _, first, second, end in course.cubics:
        path.cubicTo(QPointF(*first), QPointF(*second), QPointF(*end))
    return path


def arrow_at(course: Route) -> QPolygonF:
    """A small triangle in front of the input port; wires arrive from the left or from above."""
    _, _, (before, _), (x, y) = course.cubics[-1]
    if before == x:
        tip = y - PORT_RADIUS
        base = QPointF(x - ARROW / 2, tip - ARROW), QPointF(x + ARROW / 2, tip - ARROW)
        return QPolygonF([QPointF(x, tip), *base])
    tip = x - PORT_RADIUS
    return QPolygonF(
        [QPointF(tip, y), QPointF(tip - ARROW, y - ARROW / 2), QPointF(tip - ARROW, y + ARROW / 2)]
    )
