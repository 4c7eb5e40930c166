"""How a histogram is drawn: its outline, its zeros, its numbers in words."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from engine.probes.spreads import Histogram
from engine.words import percent, short_number
from studio.look.theme import theme
from studio.plots.ranges import Range, from_zero

Array = np.ndarray

NARROWEST_PX = 1.5
ZEROS_PX = 5


def outline(histogram: Histogram, span: Range, area: QRectF) -> QPolygonF:
    """The steps of a histogram that stands on the area's lower edge, the highest bin at its top."""
    edges, heights = _bins(histogram, span, area)
    x, y = np.repeat(edges, 2), np.full(2 * len(edges), area.bottom())
    y[1:-1] = np.repeat(area.bottom() - heights, 2)
    return _polygon(x, y)


def ridge(histogram: Histogram, span: Range, area: QRectF) -> QPolygonF:
    """The line over the middles of the bins, from the area's lower edge and back to it."""
    edges, heights = _bins(histogram, span, area)
    x = np.concatenate([edges[:1], (edges[:-1] + edges[1:]) / 2, edges[-1:]])
    y = np.full(len(x), area.bottom())
    y[1:-1] -= heights
    return _polygon(x, y)


def _bins(histogram: Histogram, span: Range, area: QRectF) -> tuple[Array, Array]:
    """Edges of the bins (n + 1,) and their heights (n,), in pixels."""
    low, high, counts = histogram.low, histogram.high, histogram.counts
    scale = area.width() / max(span[1] - span[0], 1e-300)
    center = area.left() + ((low + high) / 2 - span[0]) * scale
    if low == high:  # a single value, or nothing but zeros
        counts = counts[counts > 0]
    half = max((high - low) * scale / 2, NARROWEST_PX if len(counts) else 0.0)
    edges = np.linspace(center - half, center + half, len(counts) + 1)
    return edges, counts * (area.height() / max(1, counts.max(initial=0)))


def _polygon(x: Array, y: Array) -> QPolygonF:
    """Points in one piece: making them one by one takes ten times as long."""
    polygon = pg.functions.create_qpolygonf(len(x))
    points = pg.functions.ndarray_from_qpolygonf(polygon)
    points[:, 0], points[:, 1] = x, y
    return polygon


def place_of(value: float, span: Range, area: QRectF) -> float:
    """x of a value."""
    return area.left() + area.width() * (value - span[0]) / max(span[1] - span[0], 1e-300)


def paint_histogram(painter: QPainter, histogram: Histogram, span: Range, area: QRectF) -> None:
    """Bars in the series' color; the exact zeros as a hatched bar of their own; a line at 0."""
    colors = theme.colors
    zero = place_of(0.0, span, area)
    painter.setPen(QPen(QColor(colors.border), 1))
    painter.drawLine(QLineF(area.left(), area.bottom(), area.right(), area.bottom()))
    if area.left() <= zero <= area.right():
        painter.drawLine(QLineF(zero, area.top(), zero, area.bottom()))
    if histogram.zeros > 0:
        left = min(max(zero - ZEROS_PX / 2, area.left()), area.right() - ZEROS_PX)
        bar = QRectF(left, area.top(), ZEROS_PX, area.height())
        painter.fillRect(bar, QBrush(QColor(colors.text), Qt.BrushStyle.Dense4Pattern))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colors.of_series(0))
    painter.drawPolygon(outline(histogram, span, area))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def mean_and_spread(histogram: Histogram) -> str:
    """ "0.34 ± 0.51"."""
    if math.isnan(histogram.mean):
        return "not finite"
    return f"{short_number(histogram.mean)} ± {short_number(histogram.spread)}"


def zeros_in_words(histogram: Histogram) -> str:
    """ "52 % are 0", or nothing."""
    if not histogram.zeros:
        return ""
    is_plain = 0.01 <= histogram.zeros <= 0.99 or histogram.zeros == 1
    return f"{percent(histogram.zeros, 0 if is_plain else 1)} = 0"


def span_of(held: Range | None, *histograms: Histogram) -> Range:
    """A range for these histograms with 0 in it, in steps; see `studio.plots.ranges`."""
    low = min((h.low for h in histograms), default=0.0)
    high = max((h.high for h in histograms), default=0.0)
    if low == high == 0:
        return held or (-1.0, 1.0)
    return from_zero(held, min(0.0, low), max(0.0, high))
