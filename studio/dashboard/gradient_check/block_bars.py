"""BlockBars: a bar for each parameter block's relative error, with the three thresholds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QLineF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from engine.gradient_check import BUG_ABOVE, GREAT_BELOW, LOOK_CLOSER_BELOW, BlockReport, Verdict
from studio.look.theme import GRID_PX, theme
from studio.plots.powers import ten_to

LEAST, MOST = 1e-10, 1.0
"""Ends of the logarithmic axis; smaller errors end at its left."""
THRESHOLDS = (GREAT_BELOW, LOOK_CLOSER_BELOW, BUG_ABOVE)
SHORTEST_BAR_PX = 3
ROWS_AT_LEAST = 4
LONGEST_NAME = 20
SIGNS = {
    Verdict.GREAT: "✓",
    Verdict.LOOK_CLOSER: "?",
    Verdict.SUSPICIOUS: "!",
    Verdict.BUG: "✗",
    Verdict.UNDECIDED: "–",
}


class _Columns(NamedTuple):
    """Where names end, and bars begin and end, in pixels."""

    name: int
    left: int
    right: int


class BlockBars(QAbstractScrollArea):
    """Horizontal bars on a logarithmic axis. current_changed(index): another row is current."""

    current_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.blocks: tuple[BlockReport, ...] = ()
        self.current = -1
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Relative error of every parameter block"))
        theme.changed.connect(self.viewport().update)

    def show_blocks(self, blocks: Sequence[BlockReport]) -> None:
        """Show other blocks, the worst one as current."""
        self.blocks = tuple(blocks)
        worst = max(range(len(blocks)), key=lambda i: _size(blocks[i]), default=-1)
        self.updateGeometry()
        self._fit_scroll_bar()
        self.set_current(worst)
        self.viewport().update()

    def set_current(self, index: int) -> None:
        """Make a row current, and scroll to it."""
        self.current = index
        if index >= 0:
            row, bar = self._row_height(), self.verticalScrollBar()
            low = (index + 1) * row - self._room()
            bar.setValue(max(low, min(bar.value(), index * row)))
            self.setAccessibleDescription(self.text_of(index))
            self.current_changed.emit(index)
        self.viewport().update()

    def text_of(self, index: int) -> str:
        """A row in words: "h1.W: 3.2e-09, great"."""
        block = self.blocks[index]
        return f"{block.name}: {block.relative_error:.1e}, {block.verdict}"

    def bar_of(self, index: int) -> QRectF:
        """Where the bar of a row is painted, in pixels of the viewport."""
        columns, row = self._columns(), self._row_height()
        y = self._scale_height() + index * row - self.verticalScrollBar().value()
        end = self._x(columns, self.blocks[index].relative_error)
        return QRectF(columns.left, y + row * 0.25, end - columns.left, row * 0.5)

    def sizeHint(self) -> QSize:
        rows = min(8, max(4, len(self.blocks)))
        return QSize(40 * GRID_PX, self._scale_height() + rows * self._row_height())

    def minimumSizeHint(self) -> QSize:
        rows = min(ROWS_AT_LEAST, max(1, len(self.blocks)))
        return QSize(24 * GRID_PX, self._scale_height() + rows * self._row_height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None or not self.blocks:
            super().keyPressEvent(event)
            return
        self.set_current(min(max(self.current + step, 0), len(self.blocks) - 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        y = int(event.position().y()) - self._scale_height() + self.verticalScrollBar().value()
        row = y // self._row_height()
        if event.position().y() > self._scale_height() and row < len(self.blocks):
            self.set_current(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_scroll_bar()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.colors.surface)
        columns = self._columns()
        painter.save()
        top = self._scale_height()
        painter.setClipRect(0, top, self.viewport().width(), self.viewport().height() - top)
        row, offset = self._row_height(), self.verticalScrollBar().value()
        for index, block in enumerate(self.blocks):
            y = top + index * row - offset
            if top - row < y < self.viewport().height():
                self._paint_row(painter, columns, index, block, y)
        painter.restore()
        self._paint_scale(painter, columns)

    def _paint_row(
        self, painter: QPainter, columns: _Columns, index: int, block: BlockReport, y: int
    ) -> None:
        colors, row = theme.colors, self._row_height()
        whole = QRect(0, y, self.viewport().width(), row)
        if index == self.current:
            painter.fillRect(whole, colors.window)
            if self.hasFocus():
                painter.setPen(QPen(QColor(colors.accent), 1))
                painter.drawRect(whole.adjusted(0, 0, -1, -1))
        painter.fillRect(self.bar_of(index), color_of(block.verdict))
        painter.setPen(colors.text)
        middle = Qt.AlignmentFlag.AlignVCenter
        name = _elided(self.fontMetrics(), block.name, columns.name - GRID_PX // 2)
        painter.drawText(QRect(GRID_PX // 2, y, columns.name, row), middle, name)
        value = f"{SIGNS[block.verdict]} {block.relative_error:.0e}"
        room = QRect(columns.right + GRID_PX, y, whole.width() - columns.right - GRID_PX, row)
        painter.drawText(room, middle, value)

    def _paint_scale(self, painter: QPainter, columns: _Columns) -> None:
        colors, line, bottom = theme.colors, self.fontMetrics().height(), self.viewport().height()
        top = self._scale_height()
        for threshold in THRESHOLDS:
            x = self._x(columns, threshold)
            painter.setPen(QPen(QColor(colors.text), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(x, line, x, bottom))
            painter.setPen(colors.text)
            box = QRectF(x - 4 * line, 0, 8 * line, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, power_of_ten(threshold))
        painter.setPen(colors.muted)
        ends = [columns.left, *(self._x(columns, t) for t in THRESHOLDS), columns.right]
        for left, right, verdict in zip(ends[:-1], ends[1:], list(Verdict)[:4], strict=True):
            box = QRectF(left, line, right - left, top - line)
            text = f"{SIGNS[verdict]} {verdict}"
            if self.fontMetrics().horizontalAdvance(text) > right - left:
                text = SIGNS[verdict]
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _columns(self) -> _Columns:
        metrics = self.fontMetrics()
        longest = max((metrics.horizontalAdvance(b.name) for b in self.blocks), default=0)
        limit = min(LONGEST_NAME * metrics.averageCharWidth(), self.viewport().width() // 3)
        name = min(longest, limit) + GRID_PX
        values = metrics.horizontalAdvance("✓ 0e-00") + 2 * GRID_PX
        return _Columns(name, name + GRID_PX, self.viewport().width() - values)

    def _x(self, columns: _Columns, error: float) -> float:
        share = share_of_axis(error) * (columns.right - columns.left)
        return columns.left + max(SHORTEST_BAR_PX, share)

    def _row_height(self) -> int:
        return self.fontMetrics().height() + GRID_PX // 2

    def _scale_height(self) -> int:
        return 2 * self.fontMetrics().height() + GRID_PX // 2

    def _room(self) -> int:
        return self.viewport().height() - self._scale_height()

    def _fit_scroll_bar(self) -> None:
        bar, row = self.verticalScrollBar(), self._row_height()
        bar.setRange(0, max(0, len(self.blocks) * row - self._room()))
        bar.setPageStep(max(row, self._room()))
        bar.setSingleStep(row)


def share_of_axis(error: float) -> float:
    """Where an error lies on the axis, from 0 to 1."""
    if not error > LEAST:
        return 0.0 if error <= LEAST else 1.0  # NaN is a bug
    return min(1.0, math.log(error / LEAST) / math.log(MOST / LEAST))


def color_of(verdict: Verdict) -> str:
    """The color of a verdict; its sign and its place tell the same."""
    colors = theme.colors
    if verdict is Verdict.UNDECIDED:
        return colors.muted
    if verdict is Verdict.GREAT:
        return colors.good
    return colors.warning if verdict is Verdict.LOOK_CLOSER else colors.problem


def power_of_ten(value: float) -> str:
    """10⁻⁷ for 1e-7."""
    return ten_to(round(math.log10(value)))


def _size(block: BlockReport) -> float:
    return math.inf if math.isnan(block.relative_error) else block.relative_error


def _elided(metrics: QFontMetrics, text: str, width: int) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width)
