"""Profile: the newest value of every layer beside the strip; its slope is vanishing or exploding.

Below it lies the color scale, which is its axis: one picture for both.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from studio.dashboard.flow.color_scale import ColorScale, color_table
from studio.dashboard.flow.heat_map import hatch, outline
from studio.look.theme import GRID_PX, theme
from studio.plots.powers import ten_to

Array = np.ndarray

BAR_SHARE = 0.6
"""Of a layer's row."""
POINT_PX = 3.0
POINTS_FROM_PX = 7.0
"""Lower rows have no room for points; the line is enough."""
COLOR_BAR_PX = GRID_PX
LEAST_LABEL_GAP_PX = GRID_PX / 2
ROOM = 1.5
"""A label at an end is moved inward by half its width: so much room keeps it off its neighbor."""


class Profile(pg.GraphicsWidget):
    """A bar for every layer in the color of its value, and a line through their ends."""

    def __init__(self) -> None:
        super().__init__()
        self.values: Array = np.zeros(0)
        self.places: Array = np.zeros(0)
        self.scale = ColorScale(-1.0, 0.0)
        self.current: int | None = None

    def show_values(self, values: Array, scale: ColorScale) -> None:
        """values: (layers,), the newest of each."""
        self.values, self.scale = values.copy(), scale
        self.places = scale.place(self.values)
        self.update()

    def show_current(self, layer: int | None) -> None:
        """Outline the row of one layer."""
        if layer != self.current:
            self.current = layer
            self.update()

    def layer_at(self, y: float) -> int | None:
        """The layer at a height of this item."""
        if not len(self.values) or not 0 <= y < self.size().height():
            return None
        return int((1 - y / self.size().height()) * len(self.values))

    def points(self) -> list[QPointF]:
        """The end of each bar, in this item's pixels; at the left where there is no value."""
        width, row = self.size().width(), self._row()
        heights = [self.size().height() - (layer + 0.5) * row for layer in range(len(self.values))]
        ends = np.nan_to_num(self.places) * width
        return [QPointF(x, y) for x, y in zip(ends.tolist(), heights, strict=True)]

    def paint(self, painter: QPainter, option: Any, widget: Any) -> None:
        colors, size, row = theme.colors, self.size(), self._row()
        painter.setPen(QPen(QColor(colors.grid), 1))
        for decade in _decades(self.scale, 1):
            x = _x(self.scale, decade, size.width())
            painter.drawLine(QLineF(x, 0, x, size.height()))
        points = self.points()
        for layer, point in enumerate(points):
            self._paint_bar(painter, layer, point, row)
        painter.setPen(QPen(QColor(colors.text), 1))
        for stretch in self._stretches(points):
            painter.drawPolyline(QPolygonF(stretch))
            if row >= POINTS_FROM_PX:
                painter.setBrush(QColor(colors.text))
                for point in stretch:
                    painter.drawEllipse(point, POINT_PX, POINT_PX)
        if self.current is not None and self.current < len(points):
            top = size.height() - (self.current + 1) * row
            outline(painter, QRectF(0, top, size.width(), row))
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(0, 0, size.width() - 1, size.height() - 1))

    def _paint_bar(self, painter: QPainter, layer: int, point: QPointF, row: float) -> None:
        height = max(1.0, BAR_SHARE * row)
        bar = QRectF(0, point.y() - height / 2, point.x(), height)
        color = self.scale.color(float(self.values[layer]))
        if color is None:
            bar.setWidth(self.size().width())
            hatch(painter, bar)
        else:
            painter.fillRect(bar, color)

    def _stretches(self, points: list[QPointF]) -> list[list[QPointF]]:
        """Points of neighboring layers that have a value."""
        stretches: list[list[QPointF]] = [[]]
        for point, place in zip(points, self.places.tolist(), strict=True):
            if math.isnan(place):
                stretches.append([])
            else:
                stretches[-1].append(point)
        return [stretch for stretch in stretches if stretch]

    def _row(self) -> float:
        return float(self.size().height()) / max(1, len(self.values))


class ColorBar(pg.GraphicsWidget):
    """The colors with their decades, and what they stand for."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = ColorScale(-1.0, 0.0)
        self.title = ""
        colors = np.arange(len(color_table()) - 1, dtype=np.uint8)
        self._pixels = colors  # the image looks at it
        self._colors = QImage(colors.data, len(colors), 1, len(colors), _INDEXED)
        self._colors.setColorTable(color_table())

    def show_scale(self, scale: ColorScale, title: str) -> None:
        """Take another scale."""
        if (scale, title) != (self.scale, self.title):
            self.scale, self.title = scale, title
            self.update()

    def labels(self, metrics: QFontMetricsF) -> list[tuple[float, str]]:
        """Place and text of each decade for which there is room."""
        width = float(self.size().width())
        for stride in range(1, 1_000):
            found = [
                (_x(self.scale, decade, width), ten_to(decade))
                for decade in _decades(self.scale, stride)
            ]
            widest = max((metrics.horizontalAdvance(text) for _, text in found), default=0.0)
            gap = stride * width / max(1e-9, self.scale.high - self.scale.low)
            if gap >= ROOM * widest + LEAST_LABEL_GAP_PX:
                return found
        return []

    def paint(self, painter: QPainter, option: Any, widget: Any) -> None:
        width, line = self.size().width(), painter.fontMetrics().height()
        painter.drawImage(QRectF(0, 0, width, COLOR_BAR_PX), self._colors)
        painter.setPen(QColor(theme.colors.text))
        metrics = QFontMetricsF(painter.font())
        for x, text in self.labels(metrics):
            room = metrics.horizontalAdvance(text)
            left = min(max(x - room / 2, 0.0), width - room)
            painter.drawText(QPointF(left, COLOR_BAR_PX + metrics.ascent()), text)
        painter.setPen(QColor(theme.colors.muted))
        below = QRectF(0, COLOR_BAR_PX + line, width, line)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.title)


_INDEXED = QImage.Format.Format_Indexed8


def _decades(scale: ColorScale, stride: int) -> list[int]:
    """Every stride-th power of ten on a scale."""
    low, high = math.ceil(scale.low), math.floor(scale.high)
    return [decade for decade in range(low, high + 1) if decade % stride == 0]


def _x(scale: ColorScale, decade: int, width: float) -> float:
    return width * (decade - scale.low) / (scale.high - scale.low)
