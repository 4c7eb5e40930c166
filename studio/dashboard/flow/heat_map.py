"""HeatMap: layers by time as colored cells, hatched where there is nothing, with alarms marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF

from studio.dashboard.flow.color_scale import GAP, ColorScale, color_table
from studio.dashboard.flow.quantity import HeatCells
from studio.look.theme import theme

Array = np.ndarray

MARK_PX = 5.0
_OPAQUE, _CLEAR = QImage.Format.Format_RGB32, QImage.Format.Format_ARGB32_Premultiplied
ALIGNMENT = 4
"""A row of an image begins at a multiple of this many bytes."""


class HeatSpot(NamedTuple):
    """Where an alarm belongs: its iteration, and the number of its layer."""

    iteration: int
    layer: int


class HeatMap(pg.GraphicsObject):
    """One row for each layer, the first one at the bottom; x counts iterations.

    image: what is drawn, as numbers of colors; its first line is the last layer.
    """

    def __init__(self) -> None:
        super().__init__()
        self.image, self._drawn = QImage(), QImage()
        self.spots: tuple[HeatSpot, ...] = ()
        self.current: int | None = None
        self._pixels: Array = np.empty((0, 0), np.uint8)
        self._cells = QRectF()
        self._area = QRectF()
        self._has_gaps = False
        self.setZValue(-5)

    @property
    def cells(self) -> QRectF:
        """Where the cells lie: iterations across, layers upward."""
        return self._cells

    def show_cells(self, cells: HeatCells, scale: ColorScale, area: QRectF) -> None:
        """Show other cells. area: all that is in view."""
        index = scale.indices(cells.values)  # (n, layers)
        count, layers = index.shape
        self._pixels = np.zeros((layers, -(-count // ALIGNMENT) * ALIGNMENT), np.uint8)
        self._pixels[:, :count] = index.T[::-1]  # the last layer on top
        self._has_gaps = bool((index == GAP).any())
        bytes_per_line = self._pixels.shape[1]
        self.image = QImage(
            self._pixels.data, count, layers, bytes_per_line, QImage.Format.Format_Indexed8
        )
        self.image.setColorTable(color_table())
        self._drawn = self.image.convertToFormat(_CLEAR if self._has_gaps else _OPAQUE)
        self.prepareGeometryChange()
        self._cells = QRectF(cells.left, -0.5, cells.width, layers)
        self._area = area
        self.update()

    def show_spots(self, spots: Sequence[HeatSpot]) -> None:
        """Mark these alarms."""
        if tuple(spots) != self.spots:
            self.spots = tuple(spots)
            self.update()

    def show_current(self, layer: int | None) -> None:
        """Outline the row of one layer."""
        if layer != self.current:
            self.current = layer
            self.update()

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, option: Any, widget: Any) -> None:
        if self.image.isNull():
            return
        transform, area = painter.transform(), painter.transform().mapRect(self._area)
        cells = transform.mapRect(self._cells)
        painter.save()
        painter.resetTransform()  # an image that is scaled, but not turned over, is drawn fast
        if self._has_gaps:
            hatch(painter, cells.intersected(area))
        painter.drawImage(cells, self._drawn)
        if self.current is not None:
            row = QRectF(self._cells.left(), self.current - 0.5, self._cells.width(), 1.0)
            outline(painter, transform.mapRect(row).intersected(area))
        for at in {transform.map(QPointF(x, y)).toPoint() for x, y in self.spots}:
            if area.adjusted(-1, -1, 1, 1).contains(QPointF(at)):
                _draw_mark(painter, QPointF(at))
        painter.restore()


def hatch(painter: QPainter, area: QRectF) -> None:
    """What stands where there is no value: slanted lines on the ground of the plot."""
    painter.fillRect(area, QColor(theme.colors.surface))
    painter.fillRect(area, QBrush(QColor(theme.colors.muted), Qt.BrushStyle.BDiagPattern))


def outline(painter: QPainter, area: QRectF) -> None:
    """A frame that is seen on every color."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, inset in (("#000000", 0.5), ("#FFFFFF", 1.5)):
        painter.setPen(QPen(QColor(color), 1))
        painter.drawRect(area.adjusted(inset, inset, -inset, -inset))


def _draw_mark(painter: QPainter, at: QPointF) -> None:
    """A triangle in black and white, which is seen on every color."""
    corners = (QPointF(0, -MARK_PX), QPointF(MARK_PX, MARK_PX), QPointF(-MARK_PX, MARK_PX))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor("#000000"), 1.5))
    painter.setBrush(QColor("#FFFFFF"))
    painter.drawPolygon(QPolygonF([at + corner for corner in corners]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
