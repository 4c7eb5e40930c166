"""A node on the canvas: its face, its ports, and the marks that show its state."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.words import percent
from studio.canvas import ink
from studio.canvas.dimensions import (
    NODE_WIDTH,
    PORT_HOVER_RADIUS,
    PORT_RADIUS,
    STRIPE_WIDTH,
    node_height,
    port_spots,
)
from studio.canvas.face import NodeFace
from studio.canvas.measure_tab import NodeMeasure, TabSpot
from studio.canvas.node_tab import NodeTab
from studio.canvas.node_words import BADGE, FAR, LEFT, TEXT_WIDTH, TINY, NodeWords
from studio.canvas.port import Port
from studio.look.plain_text import wrapped_tip
from studio.look.theme import GRID_PX, theme

CORNER = 6.0
HALO = 14.0
"""How far ports, rings and the problem mark reach beyond the node's body."""
BAR = QRectF(LEFT, -6.0, TEXT_WIDTH, 3.0)
"""Where the bar for the share of parameters lies, seen from the lower left corner."""
BAR_STEPS = 200
"""Shares that look alike are equal: the bar grows in this many steps."""
STACK = (7.0, 3.5)
"""A group looks like a stack of cards; how far those behind it stick out."""


class TargetMark(Enum):
    """What a gesture says about a node while it looks for a target."""

    NONE = 0
    FITS = 1
    REFUSED = 2


class NodeItem(QGraphicsItem):
    """Paints one NodeFace. It knows nothing of the project; the scene tells it what to show."""

    def __init__(self, face: NodeFace) -> None:
        super().__init__()
        self.setZValue(2)
        self._selected = self._current = self.flashing = False
        self._mark = TargetMark.NONE
        self._hovered: Port | None = None
        self._share = 0.0
        self._tab = NodeTab()
        self.show_face(face)

    # What it shows.

    def show_face(self, face: NodeFace) -> None:
        """Show this face."""
        self.prepareGeometryChange()
        self.face = face
        self.words = NodeWords(face)
        self._inputs = port_spots(len(face.inputs), face.down)
        self._outputs = port_spots(len(face.outputs), face.down)
        ports = 0 if face.down else max(len(face.inputs), len(face.outputs))
        height = node_height(ports, self.words.lines)
        self.body = QRectF(0, 0, NODE_WIDTH, height)
        self._outline = QPainterPath()
        self._outline.addRoundedRect(self.body, CORNER, CORNER)
        stripe = QPainterPath()
        stripe.addRect(QRectF(0, 0, STRIPE_WIDTH, self.body.height()))
        self._stripe = self._outline.intersected(stripe)
        self._tell()
        self.update()

    def show_share(self, share: float) -> None:
        """Which part (0 to 1) of all parameters of the network this node has."""
        share = round(share * BAR_STEPS) / BAR_STEPS or (1 / BAR_STEPS if share else 0.0)
        if share != self._share:
            self._share = share
            self._tell()
            self.update()

    @property
    def share(self) -> float:
        """The share of all parameters that the bar shows."""
        return self._share

    def sentences(self) -> list[str]:
        """Everything about the node in words."""
        told = self.face.sentences()
        if self._share and self.face.parameters:
            least = self._share <= 1 / BAR_STEPS
            part = "less than 1 %" if least else percent(self._share, 0)
            told.append(f"It has {part} of the network's parameters.")
        return told + self._tab.sentences()

    def set_measure(self, measure: NodeMeasure | None) -> None:
        """Show a live measure in a tab beside the node; None removes it."""
        old = self._tab.measure
        if measure == old:
            return
        if (measure is None) != (old is None):
            self.prepareGeometryChange()
        self._tab.measure = measure
        if measure is None or old is None or measure.alarms != old.alarms:
            self._tell()
        if measure is None or old is None or measure.looks != old.looks:
            self.update()

    @property
    def measure(self) -> NodeMeasure | None:
        """The live measure, if one is shown."""
        return self._tab.measure

    def place_tab(self, spot: TabSpot) -> None:
        """Where the tab hangs."""
        if spot != self._tab.spot:
            self.prepareGeometryChange()
            self._tab.spot = spot
            self.update()

    def tab(self) -> QRectF:
        """Where the tab is, seen from the node; empty where there is none."""
        return self._tab.area(self.face, self.body.height())

    def _tell(self) -> None:
        """The tooltip; a number that changes many times a second stands in the tab alone."""
        number = self.measure.words if self.measure is not None else ""
        told = [sentence for sentence in self.sentences() if sentence != number]
        self.setToolTip(wrapped_tip(told))

    def set_selected(self, selected: bool, current: bool) -> None:
        """Whether the node is selected, and whether it is the one that keys act upon."""
        if (selected, current) != (self._selected, self._current):
            self._selected, self._current = selected, current
            self.setZValue(3 if selected else 2)
            self.update()

    def set_mark(self, mark: TargetMark) -> None:
        """How a gesture judges this node as a target."""
        if mark is not self._mark:
            self._mark = mark
            self.update()

    def set_flashing(self, flashing: bool) -> None:
        """A brief highlight, to find the node."""
        self.flashing = flashing
        self.update()

    def set_hovered(self, port: Port | None) -> None:
        """The port under the pointer, which grows."""
        if port != self._hovered:
            self._hovered = port
            self.update()

    @property
    def mark(self) -> TargetMark:
        """What the gesture at work says about this node."""
        return self._mark

    @property
    def hovered(self) -> Port | None:
        """The port that is shown large."""
        return self._hovered

    # Where it is.

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the body."""
        return self.body.width(), self.body.height()

    def box(self) -> tuple[float, float, float, float]:
        """The body in the scene: left, top, right, bottom."""
        x, y = self.x(), self.y()
        return x, y, x + self.body.width(), y + self.body.height()

    def ports(self) -> list[Port]:
        """All ports: inputs from the top, then outputs."""
        found = [Port(self.face.name, name) for name in self.face.inputs]
        return found + [Port(self.face.name, None, out) for out in self.face.outputs]

    def point_of(self, port: Port) -> QPointF:
        """A port's place in the scene."""
        return self.pos() + self._spot(port)

    def port_at(self, at: QPointF, reach: float) -> Port | None:
        """The port within `reach` of a point of the scene that is nearest to it."""
        local = at - self.pos()
        distances = [
            ((self._spot(port) - local).manhattanLength(), port)
            for port in self.ports()
            if _distance(self._spot(port), local) <= reach
        ]
        return min(distances, key=lambda pair: pair[0])[1] if distances else None

    def _spot(self, port: Port) -> QPointF:
        if port.input is None:
            along = self._along(self._outputs, self.face.outputs, port.out)
            end = QPointF(along, self.body.height())
            return end if self.face.down else QPointF(NODE_WIDTH, along)
        along = self._along(self._inputs, self.face.inputs, port.input)
        return QPointF(along, 0) if self.face.down else QPointF(0, along)

    def _along(self, spots: list[float], names: tuple[str, ...], name: str) -> float:
        """Where a port is; one that is not shown is taken for the last."""
        spots = spots or port_spots(1, self.face.down)
        return spots[names.index(name) if name in names else -1]

    # Qt.

    def boundingRect(self) -> QRectF:
        around = self.body.adjusted(-HALO, -HALO, HALO, HALO)
        return around.united(self._tab.reach(self.face, self.body.height()))

    def shape(self) -> QPainterPath:
        if self.measure is None:
            return self._outline
        path = QPainterPath(self._outline)
        path.addRect(self.tab())
        return path

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        scale = option.levelOfDetailFromTransform(painter.worldTransform()) / ink.unit()
        self._paint_rings(painter)
        self._paint_body(painter)
        if scale >= FAR:
            self._paint_badges(painter)
            self._paint_share(painter)
        self.words.paint(painter, scale, self.body.height())
        self._tab.paint(painter, scale, self.face, self.body.height())
        if scale >= TINY:
            self._paint_ports(painter)
        if self.face.problems:
            ink.draw_problem(painter, QPointF(NODE_WIDTH - 2, 2), 9.0 if scale >= FAR else 12.0)

    def _paint_rings(self, painter: QPainter) -> None:
        c = theme.colors
        ring = None
        if self._mark is TargetMark.FITS:
            ring = ink.pen(c.good, 4)
        elif self._mark is TargetMark.REFUSED:
            ring = ink.pen(c.problem, 3, Qt.PenStyle.DashLine)
        elif self.flashing:
            ring = ink.pen(c.warning, 5)
        elif self._current:
            ring = ink.pen(c.accent, 2)
        if ring is not None:
            painter.setPen(ring)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.body.adjusted(-5, -5, 5, 5), CORNER + 4, CORNER + 4)

    def _paint_body(self, painter: QPainter) -> None:
        c = theme.colors
        if self.face.is_group:
            painter.setPen(ink.pen(c.border, 1.2))
            painter.setBrush(ink.color(c.window))
            for step in STACK:
                painter.drawPath(self._outline.translated(step, step))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.color(c.raised))
        painter.drawPath(self._outline)
        painter.setBrush(c.of_category(self.face.category))
        painter.drawPath(self._stripe)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._selected:
            painter.setPen(ink.pen(c.accent, 2.5))
        elif self.face.problems:
            painter.setPen(ink.pen(c.problem, 2.5))
        else:
            painter.setPen(ink.pen(c.border, 1.2))
        painter.drawPath(self._outline)

    def _paint_badges(self, painter: QPainter) -> None:
        x = NODE_WIDTH - GRID_PX - BADGE / 2 - (BADGE if self.face.problems else 0)
        if self.face.own:
            ink.draw_own(painter, QPointF(x, 16))
            x -= BADGE
        if self.face.locked:
            ink.draw_lock(painter, QPointF(x, 16))

    def _paint_share(self, painter: QPainter) -> None:
        if not self._share:
            return
        track = BAR.translated(0, self.body.height())
        filled = QRectF(track.topLeft(), QSizeF(self._share * track.width(), track.height()))
        painter.fillRect(track, ink.color(theme.colors.grid))
        painter.fillRect(filled, ink.color(theme.colors.muted))

    def _paint_ports(self, painter: QPainter) -> None:
        c = theme.colors
        for port in self.ports():
            near = port == self._hovered
            painter.setPen(ink.pen(c.accent if near else c.muted, 2.0))
            painter.setBrush(ink.color(c.accent if near else c.surface))
            radius = PORT_HOVER_RADIUS if near else PORT_RADIUS
            painter.drawEllipse(self._spot(port), radius, radius)


def _distance(a: QPointF, b: QPointF) -> float:
    gap = a - b
    return float((gap.x() ** 2 + gap.y() ** 2) ** 0.5)
