"""UnitEdges: the weights between the units of two layers, as lines between their pictures."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from studio.canvas import ink
from studio.live_canvas.unit_pictures import UnitPictures
from studio.look.inks import MINUS, PLUS
from studio.look.theme import theme

Array = np.ndarray

WIDEST = 5.0
LEVELS = 5
"""Widths are told apart in this many steps, so that few pens draw all lines."""
FAINTEST = 0.08
"""Weights that are smaller, as a share of the largest, are not drawn."""
MOST_LINES = 80
"""Between two layers: of more weights only the largest are drawn, until the mouse asks for a unit.
"""
CALM, STRONG, FADED = 0.55, 1.0, 0.12
"""Opacity: of all lines, of those of the unit under the mouse, and then of those of other layers.
"""


class UnitEdges(QGraphicsItem):
    """Width is |w|, as a share of the largest; plus is solid and blue, minus dashed and orange.

    While the mouse rests on a unit, only its own weights are drawn, and those of other layers
    step back.
    """

    def __init__(self, source: UnitPictures, target: UnitPictures) -> None:
        super().__init__()
        self.setZValue(1.2)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        # The pictures around change more often than the lines, which take long to draw.
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.source, self.target = source, target
        self.weights: Array = np.zeros((0, 0))
        self._paths: list[tuple[bool, float, QPainterPath]] = []
        self._box = QRectF()
        self._down = False

    def show_weights(self, weights: Array, down: bool, pointing: bool) -> None:
        """Show other weights: (units of target, units of source)."""
        self.weights, self._down = weights, down
        self.follow(pointing)

    def follow(self, pointing: bool = False) -> None:
        """Draw the lines again, where the pictures are now. pointing: whether the mouse rests on a
        unit, of these layers or of others."""
        self.prepareGeometryChange()
        self._box = self.source.box().united(self.target.box())
        begins = self.source.ends(incoming=False, down=self._down)
        ends = self.target.ends(incoming=True, down=self._down)
        near = (self.source.hovered, self.target.hovered)
        alone = near == (None, None)
        self.setOpacity((FADED if pointing else CALM) if alone else STRONG)
        self._paths = []
        for plus in (True, False):
            levels = levels_of(self.weights, plus, MOST_LINES if alone else None)
            for level in range(1, LEVELS + 1):
                into, out = np.nonzero(levels == level)
                keep = _touching(into, out, *near)
                lines = np.stack([begins[out[keep]], ends[into[keep]]], axis=1)  # (n, 2, 2)
                if len(lines):
                    x, y = lines.reshape(-1, 2).T
                    path = pg.arrayToQPath(x, y, connect="pairs")
                    self._paths.append((plus, WIDEST * level / LEVELS, path))
        self.update()

    def boundingRect(self) -> QRectF:
        return self._box

    def shape(self) -> QPainterPath:
        return QPainterPath()  # nobody hits it

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        series = theme.colors.series
        for plus, width, path in self._paths:
            style = Qt.PenStyle.SolidLine if plus else Qt.PenStyle.DashLine
            pen = ink.pen(series[PLUS if plus else MINUS], width, style)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawPath(path)


def levels_of(weights: Array, plus: bool, most: int | None = None) -> Array:
    """How wide each line is, from 1 to LEVELS; 0 where none of this sign is drawn, because it is
    small, or not among the `most` largest."""
    size = np.abs(np.nan_to_num(weights))
    share = size / (size.max() if size.size and size.max() > 0 else 1.0)
    least = FAINTEST
    if most is not None and share.size > most:
        least = max(least, np.partition(share, -most, axis=None)[-most])
    drawn = (share >= least) & ((weights > 0) == plus)
    return np.where(drawn, np.ceil(share * LEVELS), 0).astype(int)


def _touching(into: Array, out: Array, source: int | None, target: int | None) -> Array:
    """Which lines belong to the units under the mouse; all, if there is none."""
    keep = np.ones(len(into), bool)
    if source is not None:
        keep &= out == source
    if target is not None:
        keep &= into == target
    return keep
