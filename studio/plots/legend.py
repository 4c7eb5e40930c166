"""Legend: a switch for every curve, with a sample of its line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QScrollArea, QSizePolicy, QWidget

from studio.look.plain_text import plain_tip
from studio.look.theme import GRID_PX, tabular_font, theme
from studio.plots.curve import PlotCurve, Style, draw_markers

VALUE_SCALE = 1.3
SAMPLE_PX = 3 * GRID_PX + 4
MOST_COLUMNS = 8
MOST_ROWS = 2
"""Above a plot; further rows are scrolled to."""
UNLIMITED_PX = 16_777_215
LONGEST_NAME = 16
"""Characters; longer names are cut in the middle, and stand in full in the tooltip."""


class LegendEntry(QAbstractButton):
    """Switches one curve on and off. value: a large number behind the name, where one is set."""

    def __init__(self, name: str, style: Style, parent: QWidget) -> None:
        super().__init__(parent)
        self.style_shown = style
        self.value = ""
        self._widest_value = ""
        self.setText(name)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Show {}").format(name))
        self.setToolTip(plain_tip(self.tr("{}: click to show or hide.").format(name)))

    def restyle(self, style: Style) -> None:
        """Show another sample."""
        self.style_shown = style
        self.update()

    def reserve(self, widest: str) -> None:
        """Make room for values as wide as this one."""
        self._widest_value = widest
        self.updateGeometry()

    def set_value(self, value: str) -> None:
        """Show another value."""
        if value != self.value:
            self.value = value
            self.setAccessibleDescription(value)
            self.update()

    def sizeHint(self) -> QSize:
        metrics, large = self.fontMetrics(), QFontMetrics(tabular_font(VALUE_SCALE))
        width = SAMPLE_PX + GRID_PX + metrics.horizontalAdvance(self.text()[:LONGEST_NAME])
        if self._widest_value:
            width += large.horizontalAdvance(self._widest_value) + GRID_PX // 2
            metrics = large
        return QSize(width, metrics.height() + GRID_PX // 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(SAMPLE_PX + 3 * GRID_PX, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors, middle = theme.colors, self.height() // 2
        if self.isChecked():
            painter.setPen(self.style_shown.pen())
            painter.drawLine(QLineF(2, middle, SAMPLE_PX - 4, middle))
            if self.style_shown.symbol:
                at = np.array([[SAMPLE_PX / 2 - 1, middle]])
                draw_markers(painter, at, self.style_shown)
        font = self.font()
        font.setStrikeOut(not self.isChecked())
        painter.setFont(font)
        painter.setPen(colors.text if self.isChecked() else colors.muted)
        room = QRect(SAMPLE_PX, 0, self.width() - SAMPLE_PX - 2, self.height())
        if self._widest_value:
            room = self._paint_value(painter, room)
            painter.setFont(font)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.name_shown)
        if self.hasFocus():
            painter.setPen(colors.accent)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    @property
    def name_shown(self) -> str:
        """The name as far as there is room for it."""
        room = self.width() - SAMPLE_PX - 2
        if self._widest_value:
            room -= QFontMetrics(tabular_font(VALUE_SCALE)).horizontalAdvance(self._widest_value)
            room -= GRID_PX // 2
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room)

    def _paint_value(self, painter: QPainter, room: QRect) -> QRect:
        """Paint the value at the right; returns what is left for the name."""
        large = tabular_font(VALUE_SCALE)
        painter.setFont(large)
        width = QFontMetrics(large).horizontalAdvance(self._widest_value)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, right, self.value)
        return room.adjusted(0, 0, -width - GRID_PX // 2, 0)


class Legend(QWidget):
    """Entries for curves, as many side by side as there is room for.

    toggled(index, shown) tells what was switched. most_columns: 1 for a column.
    """

    toggled = Signal(int, bool)

    def __init__(self, most_columns: int = MOST_COLUMNS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: list[LegendEntry] = []
        self.most_columns = most_columns
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GRID_PX // 2)

    def show_curves(self, curves: Sequence[PlotCurve]) -> None:
        """Entries for other curves; all are turned on."""
        for entry in self.entries:
            self._grid.removeWidget(entry)
            entry.deleteLater()
        self.entries = [self._entry(i, curve) for i, curve in enumerate(curves)]
        self._columns = 0
        self._arrange()

    def reserve(self, widest: str) -> None:
        """Make room for values as wide as this one in all entries."""
        for entry in self.entries:
            entry.reserve(widest)
        self._arrange()

    def set_most_columns(self, columns: int) -> None:
        """Stand in a column (1), or side by side."""
        self.most_columns = columns
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        widest = max((entry.minimumSizeHint().width() for entry in self.entries), default=0)
        return QSize(widest, self.heightForWidth(self.width()))

    def sizeHint(self) -> QSize:
        widths = sorted((e.sizeHint().width() for e in self.entries), reverse=True)
        shown = widths[: self.most_columns]
        gaps = self._grid.spacing() * max(0, len(shown) - 1)
        return QSize(sum(shown) + gaps, self.heightForWidth(self.width()))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """Enough for all rows."""
        if not self.entries:
            return 0
        rows = -(-len(self.entries) // self._columns_in(width))
        height, gap = self.entries[0].sizeHint().height(), self._grid.spacing()
        return rows * (height + gap) - gap

    def _columns_in(self, width: int) -> int:
        """The most columns whose widest entries fit."""
        widths = [entry.sizeHint().width() + self._grid.spacing() for entry in self.entries]
        for columns in range(min(self.most_columns, len(widths)), 1, -1):
            if sum(max(widths[c::columns]) for c in range(columns)) <= width + self._grid.spacing():
                return columns
        return 1

    def _arrange(self) -> None:
        columns = self._columns_in(self.width())
        if columns == self._columns:
            return
        for index in range(self._grid.columnCount()):
            self._grid.setColumnStretch(index, 0)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        self._columns = columns
        for index, entry in enumerate(self.entries):
            self._grid.addWidget(entry, index // columns, index % columns)
        self._grid.setColumnStretch(columns, 1)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        self.setMinimumHeight(self.heightForWidth(self.width()))
        self.updateGeometry()

    def _entry(self, index: int, curve: PlotCurve) -> LegendEntry:
        entry = LegendEntry(curve.name_shown, curve.style, self)
        entry.toggled.connect(lambda shown: self.toggled.emit(index, shown))
        entry.show()
        return entry


class LegendArea(QScrollArea):
    """A legend of many entries: scrolls down, and is no larger than it needs to be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def take(self, legend: Legend) -> None:
        """Hold the legend."""
        if self.widget() is not legend:
            self.setWidget(legend)

    def stand_beside(self) -> None:
        """A column beside the plot."""
        legend = self._held()
        legend.set_most_columns(1)
        width = legend.sizeHint().width() + self.verticalScrollBar().sizeHint().width()
        self.setFixedWidth(width)
        self.setMaximumHeight(UNLIMITED_PX)

    def stand_above(self) -> None:
        """A few rows above the plot."""
        legend = self._held()
        legend.set_most_columns(MOST_COLUMNS)
        self.setMinimumWidth(0)
        self.setMaximumWidth(UNLIMITED_PX)
        rows = legend.heightForWidth(self.width())
        entry = self.fontMetrics().height() + GRID_PX
        self.setMaximumHeight(min(rows, MOST_ROWS * entry))

    def _held(self) -> Legend:
        legend = self.widget()
        assert isinstance(legend, Legend)
        return legend
