"""ScatterView: any two features against each other, each class with its color and mark."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from engine.data import Dataset
from engine.probes.sampling import groups_of, most_varied, some
from engine.words import number
from studio.data_window.explorer.class_marks import ClassKey, mark_of
from studio.forms.column import muted
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX, tabular_font, theme
from studio.widgets.controls import FieldComboBox
from studio.widgets.option import name_option

Array = np.ndarray
MOST_POINTS = 3_000
MARK_LINES = 0.27
"""Radius of a mark, in heights of a line."""
MOST_FEATURES = 2_000
"""In the lists to choose from."""


class ScatterPlot(QWidget):
    """Points in a frame, with the ends of both axes. Painted once into a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.places: Array = np.zeros((2, 0))
        self.labels: Array = np.zeros(0, dtype=np.int64)
        self._classes = 2
        self._names = ("", "")
        self._picture: QPixmap | None = None
        self.setAccessibleName(self.tr("Scatter of two features"))
        theme.changed.connect(self._repaint)

    def show_points(
        self, places: Array, labels: Array, classes: int, names: tuple[str, str]
    ) -> None:
        """places: (2, n). labels: (n,). names: of both axes."""
        self.places, self.labels, self._classes, self._names = places, labels, classes, names
        self.setAccessibleDescription(self.tr("%s against %s") % (names[1], names[0]))
        self._repaint()

    def frame(self) -> QRectF:
        """Where the points lie, in pixels."""
        line = self.fontMetrics().lineSpacing()
        left = self._left_room()
        return QRectF(left, line, self.width() - left - GRID_PX, self.height() - 2.5 * line)

    def at(self, index: int) -> QPointF:
        """Where a point lies, in pixels."""
        x, y = self._pixels()[:, index]
        return QPointF(x, y)

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().lineSpacing()
        return QSize(12 * line, 8 * line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._repaint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self._repaint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is None:
            self._picture = self._paint()
        QPainter(self).drawPixmap(0, 0, self._picture)

    def _repaint(self) -> None:
        self._picture = None
        self.update()

    def _ends(self) -> Array:
        """(2, 2): least and largest value of each axis, apart from each other."""
        if not self.places.size:
            return np.array([[0.0, 1.0], [0.0, 1.0]])
        low, high = self.places.min(axis=1), self.places.max(axis=1)
        flat = high <= low
        return np.stack([low - 0.5 * flat, high + 0.5 * flat], axis=1)

    def _pixels(self) -> Array:
        ends, frame = self._ends(), self.frame()
        inner = frame.adjusted(GRID_PX, GRID_PX, -GRID_PX, -GRID_PX)
        share = (self.places - ends[:, :1]) / (ends[:, 1:] - ends[:, :1])
        x = inner.left() + share[0] * inner.width()
        y = inner.bottom() - share[1] * inner.height()
        return np.stack([x, y])

    def _left_room(self) -> float:
        metrics = self.fontMetrics()
        texts = [number(end) for end in self._ends()[1]]
        return max(metrics.horizontalAdvance(text) for text in texts) + GRID_PX

    def _paint(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        frame = self.frame()
        painter.fillRect(frame, QColor(theme.colors.surface))
        painter.setPen(QColor(theme.colors.border))
        painter.drawRect(frame)
        radius = MARK_LINES * self.fontMetrics().height()
        marks = [mark_of(i, self._classes, radius, ratio) for i in range(max(self._classes, 1))]
        half = marks[0].width() / ratio / 2
        corner = QPointF(half, half)
        for x, y, label in zip(*self._pixels(), self.labels, strict=True):
            painter.drawPixmap(QPointF(x, y) - corner, marks[int(label)])
        self._paint_axes(painter, frame)
        painter.end()
        return picture

    def _paint_axes(self, painter: QPainter, frame: QRectF) -> None:
        painter.setPen(QColor(theme.colors.text))
        painter.setFont(tabular_font())
        (x0, x1), (y0, y1) = self._ends()
        line = self.fontMetrics().lineSpacing()
        below = QRectF(frame.left(), frame.bottom() + 2, frame.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, number(x0))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, number(x1))
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, self._names[0])
        beside = QRectF(0, frame.top(), frame.left() - GRID_PX / 2, frame.height())
        right = Qt.AlignmentFlag.AlignRight
        painter.drawText(beside, right | Qt.AlignmentFlag.AlignTop, number(y1))
        painter.drawText(beside, right | Qt.AlignmentFlag.AlignBottom, number(y0))
        above = QRectF(0, 0, frame.right(), line)
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft, self._names[1])


class ScatterView(QWidget):
    """The plot with the choice of both features, and the key."""

    def __init__(self) -> None:
        super().__init__()
        self._data: Dataset | None = None
        self.plot, self.key, self.note = ScatterPlot(), ClassKey(), muted()
        self.across, self.up = FieldComboBox(), FieldComboBox()
        name_option("axes", self.across, self.up)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID_PX)
        for column, (text, box) in enumerate(
            ((self.tr("Across"), self.across), (self.tr("Up"), self.up))
        ):
            label = PlainLabel(text)
            label.setBuddy(box)
            box.setAccessibleName(text)
            box.setSizeAdjustPolicy(box.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
            box.currentIndexChanged.connect(self._draw)
            grid.addWidget(label, 0, 2 * column)
            grid.addWidget(box, 0, 2 * column + 1)
            grid.setColumnStretch(2 * column + 1, 1)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column_.addLayout(grid)
        column_.addWidget(self.plot, 1)
        column_.addWidget(self.key)
        column_.addWidget(self.note)

    def show_examples(self, data: Dataset) -> None:
        """Show these; chosen features stay where the new examples have them too."""
        names = [*data.feature_names[:MOST_FEATURES]]
        names += [self.tr("target")] * (not data.targets.has_classes)
        same = self._data is not None and self._names() == names
        self._data = None
        if not same:
            first, second = most_varied(data, MOST_FEATURES)
            second = len(names) - 1 if data.n_x == 1 else second
            for box, start in ((self.across, first), (self.up, second)):
                box.clear()
                box.addItems(names)
                box.setCurrentIndex(start)
        self._data = data
        self.key.show_classes(data.classes if data.targets.exclusive else ())
        self._draw()

    def painted(self) -> dict[str, Any]:
        """points: (2, n), in the order of the axes. labels: (n,)."""
        axes = [self.across.currentText(), self.up.currentText()]
        return {"points": self.plot.places, "labels": self.plot.labels, "axes": axes}

    def _names(self) -> list[str]:
        return [self.across.itemText(index) for index in range(self.across.count())]

    def _draw(self) -> None:
        data = self._data
        if data is None or self.across.currentIndex() < 0 or self.up.currentIndex() < 0:
            return
        chosen = some(data, MOST_POINTS)
        places = np.stack([self._values(data, box, chosen) for box in (self.across, self.up)])
        names = (self.across.currentText(), self.up.currentText())
        self.plot.show_points(places, groups_of(data, chosen), max(1, len(data.classes)), names)
        words = self.tr("Showing {n:,} of {m:,} examples.")
        all_of_them = self.tr("Showing all {m:,} examples.")
        text = all_of_them if chosen.size == data.m else words
        self.note.setText(text.format(n=chosen.size, m=data.m))

    def _values(self, data: Dataset, box: FieldComboBox, chosen: Array) -> Array:
        row = box.currentIndex()
        whole = data.X[row] if row < min(data.n_x, MOST_FEATURES) else data.Y[0]
        return np.asarray(whole[chosen], dtype=np.float64)
