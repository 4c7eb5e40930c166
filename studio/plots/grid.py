"""Grid: lines at the ticks of both axes. pyqtgraph's own grid took four fifths of a redraw."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from studio.look.theme import theme


class Grid(pg.GraphicsObject):
    """Drawn behind the curves; `update_lines` after the view has changed."""

    def __init__(self, bottom: pg.AxisItem, left: pg.AxisItem) -> None:
        super().__init__()
        self._bottom, self._left = bottom, left
        self._lines: list[QLineF] = []
        self._area = QRectF()
        self.setZValue(-10)

    def update_lines(self) -> None:
        """Take the ticks of the present view."""
        view = self.getViewBox()
        (x_low, x_high), (y_low, y_high) = view.viewRange()
        size = view.size()
        self.prepareGeometryChange()
        self._area = view.viewRect()
        self._lines = [
            QLineF(x, y_low, x, y_high) for x in _major(self._bottom, x_low, x_high, size.width())
        ]
        self._lines += [
            QLineF(x_low, y, x_high, y) for y in _major(self._left, y_low, y_high, size.height())
        ]

    def boundingRect(self) -> QRectF:
        return self._area

    def paint(self, painter: QPainter, option: Any, widget: Any) -> None:
        pen = QPen(QColor(theme.colors.grid), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLines(self._lines)


def _major(axis: pg.AxisItem, low: float, high: float, length: float) -> list[float]:
    """The values with the largest distance among an axis's ticks."""
    levels = axis.tickValues(low, high, max(1.0, length))
    return [float(value) for value in levels[0][1]] if levels else []
