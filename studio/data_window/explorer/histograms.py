"""Histograms: how one feature is spread in each class, one below the other over the same axis."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.data import Dataset
from engine.probes.sampling import groups_of, most_varied, some
from engine.words import number
from studio.data_window.explorer.scatter import MOST_FEATURES
from studio.forms.column import muted
from studio.look.inks import class_color
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX, tabular_font, theme
from studio.widgets.controls import FieldComboBox
from studio.widgets.option import name_option
from studio.widgets.painted_area import PaintedArea

Array = np.ndarray
BINS = 40
MOST_EXAMPLES = 100_000
ROW_LINES = 3.5


class FeatureHistogram(NamedTuple):
    """counts: (rows, bins). edges: (bins + 1,). names: of the rows. colors: class, or -1."""

    counts: Array
    edges: Array
    names: list[str]
    classes: int


def spread_of(values: Array, groups: Array, names: list[str]) -> FeatureHistogram:
    """The histogram of each group over common bins. values, groups: (n,)."""
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    if high <= low:
        low, high = low - 0.5, high + 0.5
    edges = np.linspace(low, high, BINS + 1)
    counts = np.stack([np.histogram(values[groups == g], edges)[0] for g in range(len(names))])
    return FeatureHistogram(counts, edges, names, len(names))


class HistogramArea(PaintedArea):
    """A row for each class: its name, its number of examples, its bars."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.spread: FeatureHistogram | None = None

    def show_spread(self, spread: FeatureHistogram) -> None:
        """Show this."""
        self.spread = spread
        self.setAccessibleDescription(
            ", ".join(f"{n}: {c.sum():,}" for n, c in zip(spread.names, spread.counts, strict=True))
        )
        self.fit()

    def content_size(self, room: QSize) -> QSize:
        rows = len(self.spread.names) if self.spread else 0
        line = self.fontMetrics().lineSpacing()
        high = max(round(rows * ROW_LINES * line + 1.5 * line), 0)
        return QSize(room.width(), max(high, room.height()) if rows else high)

    def paint_content(self, painter: QPainter, visible: QRect) -> None:
        if self.spread is None:
            return
        rows, line = len(self.spread.names), self.fontMetrics().lineSpacing()
        whole = self.content_size(self.viewport().size())
        high = (whole.height() - 1.5 * line) / rows
        painter.setFont(tabular_font())
        for row in range(rows):
            box = QRectF(GRID_PX, row * high, whole.width() - 2 * GRID_PX, high)
            self._paint_row(painter, box, row, line)
        axis = QRectF(GRID_PX, rows * high, whole.width() - 2 * GRID_PX, line)
        painter.setPen(QColor(theme.colors.text))
        edges = self.spread.edges
        painter.drawText(axis, Qt.AlignmentFlag.AlignLeft, number(edges[0]))
        painter.drawText(axis, Qt.AlignmentFlag.AlignRight, number(edges[-1]))
        painter.drawText(axis, Qt.AlignmentFlag.AlignHCenter, number((edges[0] + edges[-1]) / 2))

    def _paint_row(self, painter: QPainter, box: QRectF, row: int, line: int) -> None:
        assert self.spread is not None
        counts = self.spread.counts[row]
        words = f"{self.spread.names[row]}: {int(counts.sum()):,}"
        painter.setPen(QColor(theme.colors.text))
        head = QRectF(box.left(), box.top(), box.width(), line)
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft, words)
        room = box.adjusted(0, line, 0, -GRID_PX / 2)
        width = room.width() / BINS
        color = class_color(row, self.spread.classes)
        for index, count in enumerate(counts):
            high = room.height() * count / max(1, int(counts.max()))
            x = room.left() + index * width
            painter.fillRect(QRectF(x + 0.5, room.bottom() - high, width - 1, high), color)
        painter.setPen(QColor(theme.colors.border))
        painter.drawLine(room.bottomLeft(), room.bottomRight())


class Histograms(QWidget):
    """The bars with the choice of the feature."""

    def __init__(self) -> None:
        super().__init__()
        self._data: Dataset | None = None
        self.feature, self.note = FieldComboBox(), muted()
        self.area = HistogramArea(self.tr("Histogram of each class"))
        label = PlainLabel(self.tr("Feature"))
        label.setBuddy(self.feature)
        self.feature.setAccessibleName(self.tr("Feature"))
        name_option("feature", self.feature)
        policy = self.feature.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.feature.setSizeAdjustPolicy(policy)
        self.feature.setMinimumContentsLength(16)
        self.feature.currentIndexChanged.connect(self._draw)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.feature)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.addLayout(row)
        column.addWidget(self.area, 1)
        column.addWidget(self.note)

    def show_examples(self, data: Dataset) -> None:
        """Show these; the chosen feature stays where the new examples have it too."""
        names = list(data.feature_names[:MOST_FEATURES])
        known = [self.feature.itemText(index) for index in range(self.feature.count())]
        self._data = None
        if names != known:
            self.feature.clear()
            self.feature.addItems(names)
            self.feature.setCurrentIndex(most_varied(data, MOST_FEATURES)[0])
        self._data = data
        self._draw()

    def painted(self) -> dict[str, Any]:
        """histograms: edges and counts of each class."""
        spread = self.area.spread
        rows = zip(spread.names, spread.counts, strict=True) if spread is not None else ()
        found = {name: (spread.edges, counts) for name, counts in rows} if spread else {}
        return {"feature": self.feature.currentText(), "histograms": found}

    def _draw(self) -> None:
        data, row = self._data, self.feature.currentIndex()
        if data is None or row < 0:
            return
        chosen = some(data, MOST_EXAMPLES)
        classes = list(data.classes) if data.targets.exclusive else []
        names = classes or [self.tr("All examples")]
        values = np.asarray(data.X[row][chosen], dtype=np.float64)
        self.area.show_spread(spread_of(values, groups_of(data, chosen), names))
        words = self.tr("Based on {n:,} of {m:,} examples. ")
        counted = words.format(n=chosen.size, m=data.m) if chosen.size < data.m else ""
        self.note.setText(counted + self.tr("Each row is scaled to the highest bar of its class."))
