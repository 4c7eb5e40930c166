"""Bands: for every unit a bar from mean − standard deviation to mean + standard deviation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QLineF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from studio.dashboard.batch_norm.statistics import Moments
from studio.dashboard.inks import faded, figure
from studio.dashboard.painted_area import PaintedArea
from studio.dashboard.ranges import Range, from_zero
from studio.theme import GRID_PX, tabular_font, theme

NARROWEST_PX = 4
WIDEST_PX = 32
LOWEST_LINES = 1.7
NUMBER = "−0.0e-0"


class Band(NamedTuple):
    """title: such as "Z". series: index of its color."""

    title: str
    moments: Moments
    series: int


class Bands(PaintedArea):
    """One band over the other, with the same units below each other; each has its own axis."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.bands: tuple[Band, ...] = ()
        self.spans: list[Range | None] = []
        self.setFont(tabular_font())

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(24 * GRID_PX, int(3 * LOWEST_LINES * line) + GRID_PX)

    def show_bands(self, bands: Sequence[Band], fresh: bool) -> None:
        """Show other numbers. fresh: of another layer, so the axes begin anew."""
        if fresh or len(self.spans) != len(bands):
            self.spans = [None] * len(bands)
        self.bands = tuple(bands)
        for index, band in enumerate(bands):
            low, high = band.moments.mean - band.moments.spread, band.moments.mean
            low, high = np.nan_to_num(low), np.nan_to_num(high + band.moments.spread)
            self.spans[index] = from_zero(
                self.spans[index], min(0.0, float(low.min())), max(0.0, float(high.max()))
            )
        self.fit()

    def bar_of(self, band: int, unit: int) -> QLineF:
        """Where the bar of a unit begins and ends, in coordinates of the content."""
        moments, area = self.bands[band].moments, self._area(band)
        step = self._step()
        x = area.left() + (unit + 0.5) * step
        ends = (float(moments.mean[unit] + s * moments.spread[unit]) for s in (-1, 1))
        low, high = (self._y(band, value) for value in ends)
        return QLineF(x, low, x, high)

    def content_size(self, room: QSize) -> QSize:
        least = int(len(self.bands) * LOWEST_LINES * self.fontMetrics().height())
        return QSize(int(self._gutter() + self._units() * self._step()), max(least, 0))

    def paint_content(self, painter: QPainter, visible: QRect) -> None:
        first = max(0, int((visible.left() - self._gutter()) / self._step()) - 1)
        last = min(self._units(), int((visible.right() - self._gutter()) / self._step()) + 2)
        for index, band in enumerate(self.bands):
            self._paint_bars(painter, index, band, first, last)
            self._paint_axis(painter, index, band, visible)

    def _paint_bars(self, painter: QPainter, index: int, band: Band, first: int, last: int) -> None:
        color, area, step = theme.colors.of_series(band.series), self._area(index), self._step()
        zero = self._y(index, 0.0)
        painter.setPen(QPen(QColor(theme.colors.border), 1))
        painter.drawLine(QLineF(area.left(), zero, area.left() + self._units() * step, zero))
        width = max(2.0, step * 0.6)
        ticks = []
        for unit in range(first, last):
            bar = self.bar_of(index, unit)
            height = max(2.0, bar.y1() - bar.y2())
            painter.fillRect(
                QRectF(bar.x1() - width / 2, bar.y2(), width, height), faded(color, 0.45)
            )
            mean = self._y(index, float(band.moments.mean[unit]))
            ticks.append(QLineF(bar.x1() - width / 2, mean, bar.x1() + width / 2, mean))
        painter.setPen(QPen(color, 2))
        painter.drawLines(ticks)

    def _paint_axis(self, painter: QPainter, index: int, band: Band, visible: QRect) -> None:
        """Title and ends of the axis, in a gutter that does not scroll."""
        area, line, gutter = self._area(index), self.fontMetrics().height(), self._gutter()
        ground = QRectF(visible.left(), area.top() - 2, gutter - 2, area.height() + 4)
        painter.fillRect(ground, QColor(theme.colors.surface))
        span = self.spans[index] or (0.0, 1.0)
        words = ground.adjusted(GRID_PX // 2, 0, -GRID_PX // 2, 0)
        painter.setPen(QColor(theme.colors.text))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, band.title)
        painter.setPen(QColor(theme.colors.muted))
        right = Qt.AlignmentFlag.AlignRight
        painter.drawText(words, right | Qt.AlignmentFlag.AlignTop, figure(span[1]))
        if area.height() >= 2 * line:
            painter.drawText(words, right | Qt.AlignmentFlag.AlignBottom, figure(span[0]))

    def _y(self, band: int, value: float) -> float:
        area, (low, high) = self._area(band), self.spans[band] or (0.0, 1.0)
        share = (value - low) / max(high - low, 1e-300) if np.isfinite(value) else 0.0
        return area.bottom() - area.height() * min(max(share, -1.0), 2.0)

    def _area(self, band: int) -> QRectF:
        """Room of a band, without its gutter."""
        count, least = max(1, len(self.bands)), LOWEST_LINES * self.fontMetrics().height()
        height = max(least, self.viewport().height() / count)
        gap = GRID_PX // 4
        width = self._units() * self._step()
        return QRectF(self._gutter(), band * height + gap, width, height - 2 * gap)

    def _step(self) -> float:
        room = (self.viewport().width() - self._gutter()) / max(1, self._units())
        return min(max(float(NARROWEST_PX), room), float(WIDEST_PX))

    def _units(self) -> int:
        return len(self.bands[0].moments.mean) if self.bands else 0

    def _gutter(self) -> int:
        metrics = self.fontMetrics()
        title = max((metrics.horizontalAdvance(band.title) for band in self.bands), default=0)
        return title + metrics.horizontalAdvance(NUMBER) + 2 * GRID_PX
