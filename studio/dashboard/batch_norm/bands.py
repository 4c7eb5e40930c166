"""Bands: for every unit a bar from mean − standard deviation to mean + standard deviation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QLineF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from engine.probes.normalization import Moments
from engine.words import short_number
from studio.look.inks import faded
from studio.look.theme import GRID_PX, tabular_font, theme
from studio.plots.ranges import Range, from_zero
from studio.widgets.painted_area import PaintedArea

Array = np.ndarray

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
        self._bars: list[list[QRectF]] = []
        self._means: list[list[QLineF]] = []
        self._zeros: list[QLineF] = []
        self.setFont(tabular_font())

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(24 * GRID_PX, int(3 * LOWEST_LINES * line) + GRID_PX)

    def show_bands(self, bands: Sequence[Band], fresh: bool) -> None:
        """Show other numbers. fresh: of another layer, so the axes start over."""
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

    def bar_of(self, band: int, unit: int) -> QRectF:
        """The bar of a unit, from μ − σ to μ + σ, in coordinates of the content."""
        return self._bars[band][unit]

    def content_size(self, room: QSize) -> QSize:
        least = int(len(self.bands) * LOWEST_LINES * self.fontMetrics().height())
        self._place_bars()
        return QSize(int(self._gutter() + self._units() * self._step()), least)

    def paint_content(self, painter: QPainter, visible: QRect) -> None:
        gutter, step = self._gutter(), self._step()
        first = max(0, int((visible.left() - gutter) / step) - 1)
        last = int((visible.right() - gutter) / step) + 2
        for index, band in enumerate(self.bands):
            color = theme.colors.of_series(band.series)
            painter.setPen(QPen(QColor(theme.colors.border), 1))
            painter.drawLine(self._zeros[index])
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(faded(color, 0.45))
            painter.drawRects(self._bars[index][first:last])
            painter.setPen(QPen(color, 2))
            painter.drawLines(self._means[index][first:last])
            self._paint_axis(painter, index, band, visible)

    def _place_bars(self) -> None:
        """Lay out what will be painted."""
        step, units = self._step(), self._units()
        width = max(2.0, step * 0.6)
        self._bars, self._means, self._zeros = [], [], []
        for index, band in enumerate(self.bands):
            area, moments = self.area_of(index), band.moments
            lefts = area.left() + (np.arange(units) + 0.5) * step - width / 2
            ends = [moments.mean + sign * moments.spread for sign in (1, -1)]
            places = [self._y(index, area, values) for values in (*ends, moments.mean)]
            rows = np.column_stack([lefts, *places]).tolist()
            self._bars.append(
                [QRectF(x, top, width, max(2.0, low - top)) for x, top, low, _ in rows]
            )
            self._means.append([QLineF(x, mean, x + width, mean) for x, _, _, mean in rows])
            zero = float(self._y(index, area, np.zeros(1))[0])
            self._zeros.append(QLineF(area.left(), zero, area.right(), zero))

    def _paint_axis(self, painter: QPainter, index: int, band: Band, visible: QRect) -> None:
        """Title and ends of the axis, in a gutter that does not scroll."""
        area, line, gutter = self.area_of(index), self.fontMetrics().height(), self._gutter()
        ground = QRectF(visible.left(), area.top() - 2, gutter - 2, area.height() + 4)
        painter.fillRect(ground, QColor(theme.colors.surface))
        span = self.spans[index] or (0.0, 1.0)
        words = ground.adjusted(GRID_PX // 2, 0, -GRID_PX // 2, 0)
        painter.setPen(QColor(theme.colors.text))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, band.title)
        painter.setPen(QColor(theme.colors.muted))
        right = Qt.AlignmentFlag.AlignRight
        painter.drawText(words, right | Qt.AlignmentFlag.AlignTop, short_number(span[1]))
        if area.height() >= 2 * line:
            painter.drawText(words, right | Qt.AlignmentFlag.AlignBottom, short_number(span[0]))

    def _y(self, band: int, area: QRectF, values: Array) -> Array:
        low, high = self.spans[band] or (0.0, 1.0)
        shares = np.nan_to_num((values - low) / max(high - low, 1e-300))
        return area.bottom() - area.height() * np.clip(shares, -1.0, 2.0)

    def area_of(self, band: int) -> QRectF:
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
