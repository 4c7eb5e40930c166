"""UnitPictures: what each unit of a layer computes over the plane, hung up at its node."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.probes.unit_pictures import MOST_UNITS, LayerPictures
from studio.canvas import ink
from studio.canvas.dimensions import NODE_WIDTH
from studio.canvas.node_item import NodeItem
from studio.look.theme import GRID_PX, theme

SIDE = 5.0 * GRID_PX
PITCH = SIDE + GRID_PX / 2
BELOW = 4.0 * GRID_PX
"""Below the node's body; in between hangs the tab with the live measure."""
BESIDE = 12.0 * GRID_PX
"""Right of the node's body, where the data flow down."""
MOST_ROWS = 4
ROWS_BESIDE = 2
WORDS_HEIGHT = 16.0


class UnitPictures(QGraphicsItem):
    """A child of a node's item, so that it goes where the node goes.

    moved: called when it has another place in the scene.
    """

    def __init__(self, node: NodeItem, moved: Callable[[], None]) -> None:
        super().__init__(node)
        self.host = node  # Qt would take the pictures along when the node's item goes
        self.node = node.face.name
        self.layer: LayerPictures | None = None
        self.hovered: int | None = None
        self._moved = moved
        self._image = QImage()
        self._spots: list[QRectF] = []
        self._more = ""
        self._laid: tuple[object, ...] = ()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemSendsScenePositionChanges)

    def show_layer(self, layer: LayerPictures, size: tuple[float, float], down: bool) -> None:
        """Show other pictures. size: of the node's body. down: whether the data flow down."""
        units = len(layer.pixels)
        more = f"+{layer.more}" if layer.more else ""
        laid = units, more, size, down
        if self._laid != laid:
            self.prepareGeometryChange()
            self._laid = laid
            self._more = more
            self._spots = spots_of(units, size, down)
        self.layer = layer
        rows, columns = layer.pixels.shape[1:]
        self._pixels = np.ascontiguousarray(layer.pixels)  # the image looks into this array
        self._image = QImage(
            self._pixels.data, columns, units * rows, 4 * columns, QImage.Format.Format_RGB32
        )
        self.update()

    def set_hovered(self, unit: int | None) -> None:
        """Emphasize the unit under the mouse."""
        if unit != self.hovered:
            self.hovered = unit
            self.update()

    def unit_at(self, at: QPointF) -> int | None:
        """The unit whose picture is at a place of the scene."""
        local = self.mapFromScene(at)
        return next((i for i, spot in enumerate(self._spots) if spot.contains(local)), None)

    def image_of(self, unit: int) -> QImage:
        """A unit's picture, a pixel for each cell."""
        side = self._image.height() // max(1, len(self._spots))
        return self._image.copy(0, unit * side, self._image.width(), side)

    def ends(self, incoming: bool, down: bool) -> np.ndarray:
        """Where wires of weights begin or end: (units, 2) in the scene."""
        middles = [spot.center() for spot in self._spots]
        shift = SIDE / 2 if not incoming else -SIDE / 2
        step = QPointF(0, shift) if down else QPointF(shift, 0)
        places = [self.mapToScene(middle + step) for middle in middles]
        return np.array([(at.x(), at.y()) for at in places])

    def box(self) -> QRectF:
        """All pictures, in the scene."""
        return self.mapRectToScene(self.boundingRect())

    def boundingRect(self) -> QRectF:
        box = QRectF()
        for spot in self._spots:
            box = box.united(spot)
        return box.adjusted(-3, -3, 3, WORDS_HEIGHT if self._spots and self._more else 3)

    def itemChange(self, change: QGraphicsItem.GraphicsItemChange, value: Any) -> Any:
        if change == QGraphicsItem.GraphicsItemChange.ItemScenePositionHasChanged:
            self._moved()
        return super().itemChange(change, value)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        colors = theme.colors
        painter.setBrush(Qt.BrushStyle.NoBrush)
        side = self._image.height() / max(1, len(self._spots))
        for unit, spot in enumerate(self._spots):
            source = QRectF(0, unit * side, self._image.width(), side)
            painter.drawImage(spot, self._image, source)
            near = unit == self.hovered
            painter.setPen(ink.pen(colors.accent if near else colors.border, 3.0 if near else 1.0))
            painter.drawRect(spot)
        if self._more:
            box = self.boundingRect()
            painter.setPen(ink.color(colors.muted))
            painter.setFont(ink.font(ink.SMALL_PX))
            words = QRectF(box.left(), box.bottom() - WORDS_HEIGHT, box.width(), WORDS_HEIGHT)
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._more)


def spots_of(units: int, size: tuple[float, float], down: bool) -> list[QRectF]:
    """Where the pictures hang, seen from the node: in columns below it, the first four units in
    the first column; where the data flow down, in two rows beside it."""
    width, height = size
    rows = min(units, ROWS_BESIDE if down else MOST_ROWS)
    columns = ceil(units / rows)
    if down:
        left, top = width + BESIDE, (height - rows * PITCH + PITCH - SIDE) / 2
    else:
        left, top = (NODE_WIDTH - columns * PITCH + PITCH - SIDE) / 2, height + BELOW
    return [
        QRectF(left + (unit // rows) * PITCH, top + (unit % rows) * PITCH, SIDE, SIDE)
        for unit in range(units)
    ]


def room_of(units: int, down: bool) -> tuple[float, float]:
    """How far the pictures of this many units reach beyond their node, to the right and below."""
    box = spots_of(min(units, MOST_UNITS), (NODE_WIDTH, 0.0), down)[-1] if units else QRectF()
    return (box.right() - NODE_WIDTH, 0.0) if down else (0.0, box.bottom() + WORDS_HEIGHT)
