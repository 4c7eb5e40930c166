"""Spotlight: lights up the layer and the wires at which the stepper stands, with its formula."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.walkthrough import Phase, WalkStep
from studio.canvas import CanvasView, ink
from studio.canvas.node_item import NodeItem
from studio.canvas.wire_item import WireItem
from studio.look.plain_text import plain_tip
from studio.look.theme import theme

RING_WIDTH = 5.0
RING_GAP = 7.0
WIRE_WIDTH = 7.0
SIGN_HEIGHT = 24.0
SIGN_PADDING = 8.0
WIDEST_SIGN = 420.0
CORNER = 10.0

ARROWS = {Phase.FORWARD: "→", Phase.LOSS: "✓", Phase.BACKWARD: "←", Phase.UPDATE: "↻"}
"""In front of the formula: which way the numbers go, not told by color alone."""


class Spotlight(QObject):
    """Shows one WalkStep on the canvas at a time, or none."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.items: list[QGraphicsItem] = []
        self._step: WalkStep | None = None
        canvas.document.changed.connect(self._renew)

    def show(self, step: WalkStep | None) -> None:
        """Light up a line of the walk; None switches the light off."""
        self._step = step
        self._renew()

    def _renew(self, *_: object) -> None:
        """After an edit, items of the canvas may be gone, and others in their place."""
        step, scene = self._step, self._canvas.canvas
        for item in self.items:
            scene.removeItem(item)
        self.items = []
        if step is None:
            return
        node = scene.nodes.get(scene.blocks.block_of(step.node))
        if step.node not in self._canvas.document.project.design.nodes or node is None:
            return
        self.items.append(Ring(node, f"{ARROWS[step.phase]} {step.formula}"))
        for wire, item in scene.wires.items():
            if wire.target == step.node and wire.source in step.sources:
                self.items.append(Beam(item))
        for item in self.items:
            scene.addItem(item)


class Ring(QGraphicsItem):
    """A strong ring around a node, and a sign above it.

    It stands in the scene by itself: a child of the node would be destroyed along with it.
    """

    def __init__(self, node: NodeItem, words: str) -> None:
        super().__init__()
        self.node = node
        self.setPos(node.scenePos())
        self.setZValue(5)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.words = words
        self._ring = node.body.adjusted(-RING_GAP, -RING_GAP, RING_GAP, RING_GAP)
        self._text = ink.elided(words, WIDEST_SIGN, ink.NAME_PX)
        width = ink.metrics(ink.NAME_PX).horizontalAdvance(self._text) + 2 * SIGN_PADDING
        corner = QPointF(self._ring.center().x() - width / 2, self._ring.top() - SIGN_HEIGHT - 8)
        self._sign = QRectF(corner.x(), corner.y(), width, SIGN_HEIGHT)
        self.setToolTip(plain_tip(words))

    def boundingRect(self) -> QRectF:
        return self._ring.united(self._sign).adjusted(-4, -4, 4, 4)

    def shape(self) -> QPainterPath:
        """Only the sign can be pointed at: the node below keeps its clicks."""
        path = QPainterPath()
        path.addRect(self._sign)
        return path

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        c = theme.colors
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(ink.pen(c.accent, RING_WIDTH))
        painter.drawRoundedRect(self._ring, CORNER, CORNER)
        painter.setPen(ink.pen(c.accent, 1))
        painter.setBrush(ink.color(c.accent))
        painter.drawRoundedRect(self._sign, 4, 4)
        painter.setPen(ink.color(c.on_accent))
        painter.setFont(ink.font(ink.NAME_PX))
        painter.drawText(self._sign, Qt.AlignmentFlag.AlignCenter, self._text)


class Beam(QGraphicsItem):
    """A wire at work: a broad line along its course."""

    def __init__(self, wire: WireItem) -> None:
        super().__init__()
        self.wire = wire.wire
        self._path = QPainterPath(wire.path)
        self.setZValue(-1)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        return self._path.boundingRect().adjusted(-WIRE_WIDTH, -WIRE_WIDTH, WIRE_WIDTH, WIRE_WIDTH)

    def shape(self) -> QPainterPath:
        return QPainterPath()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(ink.pen(theme.colors.accent, WIRE_WIDTH))
        painter.drawPath(self._path)
