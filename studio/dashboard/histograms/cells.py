"""Cells: a small plot for each layer, beside each other: histograms now, or ridgelines."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QWidget

from engine.probes.spreads import Histogram
from engine.words import short_number
from studio.dashboard.histograms.drawing import (
    mean_and_spread,
    paint_histogram,
    ridge,
    span_of,
    zeros_in_words,
)
from studio.look.inks import faded
from studio.look.theme import GRID_PX, tabular_font, theme
from studio.plots.ranges import Range
from studio.widgets.painted_area import PaintedArea

NARROWEST = "−0.0e-0 ± 0.000"
LOWEST_LINES = 8
RIDGE_STEP_PX = 6
PEAK_SHARE = 0.3
"""Of the room for ridges, the height of one."""


class HistogramCells(PaintedArea):
    """A histogram for each layer, with mean and standard deviation in numbers.

    shared: whether all have the same axis. aspect: width by height of a cell, if it can choose.
    """

    aspect = 1.3

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.histograms: dict[str, Histogram] = {}
        self.shared = False
        self.spans: dict[str, Range] = {}
        self.setFont(tabular_font())

    def show_histograms(self, histograms: Mapping[str, Histogram], fresh: bool = False) -> None:
        """Show other numbers. fresh: of another kind or run, so the axes start over."""
        if fresh or histograms.keys() != self.histograms.keys():
            self.spans = {}
        self.histograms = dict(histograms)
        self._adapt_spans()
        self.setAccessibleDescription("; ".join(self.texts()))
        self.fit()

    def share_axis(self, shared: bool) -> None:
        """The same axis for all layers, or one for each."""
        self.shared = shared
        self.spans = {}
        self._adapt_spans()
        self.fit()

    def texts(self) -> list[str]:
        """The numbers in words: "h1: 0.34 ± 0.51, 52 % = 0"."""
        return [
            ", ".join(filter(None, (f"{node}: {mean_and_spread(h)}", zeros_in_words(h))))
            for node, h in self.histograms.items()
        ]

    def cell(self, index: int) -> QRect:
        """Where the plot of a layer lies, with its words."""
        columns, width, height = self._layout(self.viewport().size())
        place = QRect(index % columns * width, index // columns * height, width, height)
        return place.adjusted(GRID_PX // 2, 0, -GRID_PX // 2, -GRID_PX // 2)

    def content_size(self, room: QSize) -> QSize:
        columns, width, height = self._layout(room)
        return QSize(columns * width, -(-len(self.histograms) // columns) * height)

    def paint_content(self, painter: QPainter, visible: QRect) -> None:
        for index, (node, histogram) in enumerate(self.histograms.items()):
            cell = self.cell(index)
            if cell.intersects(visible):
                self._paint_words(painter, cell, node, histogram)
                self._paint_axis(painter, cell, self.spans[node])
                self.paint_plot(painter, node, self._area(cell))

    def paint_plot(self, painter: QPainter, node: str, area: QRectF) -> None:
        """Paint what stands above the axis."""
        histogram = self.histograms[node]
        words = zeros_in_words(histogram)
        line = self.fontMetrics().height() if words else 0
        paint_histogram(painter, histogram, self.spans[node], area.adjusted(0, line, 0, 0))
        painter.setPen(QColor(theme.colors.muted))
        painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter, words)

    def spread_over(self, node: str) -> Sequence[Histogram]:
        """The histograms that a layer's axis must hold."""
        return [self.histograms[node]]

    def _adapt_spans(self) -> None:
        if self.shared:
            everything = [h for node in self.histograms for h in self.spread_over(node)]
            common = span_of(next(iter(self.spans.values()), None), *everything)
            self.spans = dict.fromkeys(self.histograms, common)
            return
        for node in self.histograms:
            self.spans[node] = span_of(self.spans.get(node), *self.spread_over(node))

    def _paint_words(self, painter: QPainter, cell: QRect, node: str, h: Histogram) -> None:
        metrics, colors = self.fontMetrics(), theme.colors
        line = metrics.height()
        bold = QFont(self.font())
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QColor(colors.text))
        title = metrics.elidedText(node, Qt.TextElideMode.ElideMiddle, cell.width() - GRID_PX)
        middle = Qt.AlignmentFlag.AlignHCenter
        painter.drawText(QRect(cell.x(), cell.y(), cell.width(), line), middle, title)
        painter.setFont(self.font())
        numbers = QRect(cell.x(), cell.y() + line, cell.width(), line)
        painter.drawText(numbers, middle, mean_and_spread(h))

    def _paint_axis(self, painter: QPainter, cell: QRect, span: Range) -> None:
        line = self.fontMetrics().height()
        words = QRect(cell.x(), cell.bottom() - line, cell.width(), line)
        painter.setPen(QColor(theme.colors.muted))
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft, short_number(span[0]))
        painter.drawText(words, Qt.AlignmentFlag.AlignRight, short_number(span[1]))

    def _area(self, cell: QRect) -> QRectF:
        line = self.fontMetrics().height()
        return QRectF(cell).adjusted(0, 2 * line + GRID_PX // 4, 0, -line - GRID_PX // 2)

    def _layout(self, room: QSize) -> tuple[int, int, int]:
        """Columns, and width and height of a cell: in one row that scrolls if there is little
        room, else in as many rows as give the cells the best shape."""
        count = max(1, len(self.histograms))
        least = self.fontMetrics().horizontalAdvance(NARROWEST)
        lowest = LOWEST_LINES * self.fontMetrics().height()
        shapes = [
            (c, room.width() // c, room.height() // -(-count // c)) for c in range(1, count + 1)
        ]
        fitting = [shape for shape in shapes if shape[1] >= least and shape[2] >= lowest]
        if not fitting:
            return count, max(least, room.width() // count), room.height()
        return min(fitting, key=self._ugliness)

    def _ugliness(self, shape: tuple[int, int, int]) -> float:
        """How far cells are from the aspect, and how much of the last row stays empty."""
        columns, width, height = shape
        empty = -len(self.histograms) % columns / max(1, len(self.histograms))
        return abs(math.log(width / height / self.aspect)) + 2 * empty


class RidgeCells(HistogramCells):
    """For each layer, its histograms over time: the oldest at the top, the newest in front."""

    aspect = 0.8

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.ridges: list[tuple[int, Mapping[str, Histogram]]] = []

    def show_ridges(
        self, ridges: Sequence[tuple[int, Mapping[str, Histogram]]], fresh: bool = False
    ) -> None:
        """ridges: (iteration, node -> histogram), the present ones last."""
        self.ridges = list(ridges)
        self.show_histograms(self.ridges[-1][1] if self.ridges else {}, fresh)

    def spread_over(self, node: str) -> Sequence[Histogram]:
        return [histograms[node] for _, histograms in self.ridges if node in histograms]

    def shown(self, height: float) -> list[tuple[int, Mapping[str, Histogram]]]:
        """Of many ridges in little room, evenly spaced ones; always the newest."""
        room = max(1, int(height * (1 - PEAK_SHARE) / RIDGE_STEP_PX))
        stride = -(-len(self.ridges) // room)
        return self.ridges[::-1][::stride][::-1]

    def paint_plot(self, painter: QPainter, node: str, area: QRectF) -> None:
        ridges = [(i, h[node]) for i, h in self.shown(area.height()) if node in h]
        peak = PEAK_SHARE * area.height()
        step = (area.height() - peak) / max(1, len(ridges) - 1)
        color, span = theme.colors.of_series(0), self.spans[node]
        painter.setBrush(QColor(theme.colors.surface))
        for index, (_, histogram) in enumerate(ridges):
            top = area.top() + index * step
            place = QRectF(area.left(), top, area.width(), peak)
            share = 0.35 + 0.65 * index / max(1, len(ridges) - 1)
            painter.setPen(QPen(faded(color, share), 1))
            painter.drawPolygon(ridge(histogram, span, place))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(theme.colors.text))
        if ridges:
            self._paint_iteration(painter, area.topLeft(), ridges[0][0])
            line = self.fontMetrics().height()
            self._paint_iteration(painter, area.bottomLeft() - QPointF(0, line), ridges[-1][0])

    def _paint_iteration(self, painter: QPainter, at: QPointF, iteration: int) -> None:
        """On a ground of its own, or the ridges would run through it."""
        text, metrics = f"{iteration:,}", self.fontMetrics()
        place = QRectF(at, QSizeF(metrics.horizontalAdvance(text) + 2, metrics.height()))
        painter.fillRect(place, QColor(theme.colors.surface))
        painter.drawText(place, 0, text)
