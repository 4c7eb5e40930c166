"""MatrixView: the confusion matrix, each of whose cells leads to its examples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from studio.look.inks import faded
from studio.look.plain_text import plain_tip
from studio.look.theme import GRID_PX, tabular_font, theme
from studio.widgets.painted_area import PaintedArea

Array = np.ndarray
RIGHT_COLOR, WRONG_COLOR = 0, 1
"""Series colors of the diagonal and of the mistakes; where a cell stands says the same."""
DEEPEST = 0.45
"""The share of color in the fullest cell: text stays readable on it."""
NAME_LETTERS = 14
"""Longer names of classes are cut."""
CENTER = Qt.AlignmentFlag.AlignCenter


class MatrixView(PaintedArea):
    """True classes are rows, predicted ones columns.

    chosen(true, called): a cell was clicked, or Enter was pressed on it.
    """

    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Confusion matrix"))
        self.classes: tuple[str, ...] = ()
        self.matrix: Array = np.zeros((0, 0), int)
        self.current = (0, 0)
        self.viewport().setMouseTracking(True)

    def show_matrix(self, matrix: Array, classes: Sequence[str]) -> None:
        """matrix: (classes, classes) of counts."""
        self.matrix, self.classes = matrix, tuple(classes)
        last = len(self.classes) - 1
        self.current = min(self.current[0], last), min(self.current[1], last)
        self._measure()
        self.fit()
        self._tell()

    def words(self, true: int, called: int) -> str:
        """A cell in a sentence."""
        text = self.tr("{:,} of {:,} examples of “{}” were predicted as “{}”.")
        row = self.matrix[true]
        names = self.classes
        return text.format(int(row[called]), int(row.sum()), names[true], names[called])

    def rect_of(self, true: int, called: int) -> QRect:
        """Where a cell lies, in coordinates of the content."""
        size = self._cell_size()
        x = self._left + called * size.width()
        return QRect(QPoint(x, self._top + true * size.height()), size)

    # What PaintedArea asks for.

    def content_size(self, room: QSize) -> QSize:
        count, size = len(self.classes), self._smallest
        return QSize(self._left + count * size.width(), self._top + count * size.height())

    def paint_content(self, painter: QPainter, visible: QRect) -> None:
        if not self.classes:
            return
        painter.setFont(tabular_font())
        self._paint_names(painter)
        fullest = np.maximum(1, self.matrix.sum(axis=1))
        for true in range(len(self.classes)):
            for called in range(len(self.classes)):
                rect = self.rect_of(true, called)
                if rect.intersects(visible):
                    self._paint_cell(painter, rect, true, called, int(fullest[true]))

    def _paint_names(self, painter: QPainter) -> None:
        colors, line = theme.colors, self.fontMetrics().height()
        size = self._cell_size()
        across = QRect(self._left, 0, len(self.classes) * size.width(), line)
        painter.setPen(QColor(colors.muted))
        painter.drawText(across, CENTER, self.tr("predicted"))
        corner = QRect(0, line, self._left - GRID_PX, line)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(corner, Qt.AlignmentFlag.AlignRight | middle, self.tr("true"))
        painter.setPen(QColor(colors.text))
        for index, name in enumerate(self._names):
            cell = self.rect_of(index, index)
            right = Qt.AlignmentFlag.AlignRight | middle
            row = QRect(0, cell.top(), self._left - GRID_PX, cell.height())
            painter.drawText(row, right, name)
            column = QRect(cell.left(), line, cell.width(), line)
            painter.drawText(column, CENTER, name)

    def _paint_cell(
        self, painter: QPainter, rect: QRect, true: int, called: int, examples: int
    ) -> None:
        count, colors = int(self.matrix[true, called]), theme.colors
        inner = rect.adjusted(1, 1, -1, -1)
        color = colors.of_series(RIGHT_COLOR if true == called else WRONG_COLOR)
        painter.fillRect(inner, faded(color, DEEPEST * count / examples))
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.drawRect(inner.adjusted(0, 0, -1, -1))
        painter.setPen(QColor(colors.text if count else colors.muted))
        painter.drawText(inner, CENTER, f"{count:,}")
        if (true, called) == self.current and self.hasFocus():
            painter.setPen(QPen(QColor(colors.accent), 2))
            painter.drawRect(inner.adjusted(0, 0, -1, -1))

    # What the user does.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        key = Qt.Key(event.key())
        if key in steps and self.classes:
            self._move(*steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.classes:
            self.chosen.emit(*self.current)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event)
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go_to(cell)
            self.chosen.emit(*cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event)
        self.viewport().setToolTip(plain_tip("" if cell is None else self.words(*cell)))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._measure()
        super().changeEvent(event)

    def _move(self, down: int, right: int) -> None:
        row, column = self.current[0] + down, self.current[1] + right
        count = len(self.classes)
        if 0 <= row < count and 0 <= column < count:
            self._go_to((row, column))

    def _go_to(self, cell: tuple[int, int]) -> None:
        self.current = cell
        rect, room = self.rect_of(*cell), self.viewport().size()
        for bar, low, high, part in (
            (self.horizontalScrollBar(), rect.left(), rect.right() + 1, room.width()),
            (self.verticalScrollBar(), rect.top(), rect.bottom() + 1, room.height()),
        ):
            bar.setValue(max(high - part, min(bar.value(), low)))
        self._tell()
        self.viewport().update()

    def _cell_at(self, event: QMouseEvent) -> tuple[int, int] | None:
        x, y = self.offset
        place, size = event.position().toPoint(), self._cell_size()
        column = (place.x() + x - self._left) // size.width()
        row = (place.y() + y - self._top) // size.height()
        count = len(self.classes)
        return (row, column) if 0 <= row < count and 0 <= column < count else None

    def _tell(self) -> None:
        self.setAccessibleDescription(self.words(*self.current) if self.classes else "")

    # How it is laid out.

    def _measure(self) -> None:
        metrics, line = self.fontMetrics(), self.fontMetrics().height()
        most = NAME_LETTERS * metrics.averageCharWidth()
        elide = Qt.TextElideMode.ElideRight
        self._names = [metrics.elidedText(name, elide, most) for name in self.classes]
        numbers = [f"{int(self.matrix.max(initial=0)):,}"]
        widest = max((metrics.horizontalAdvance(t) for t in [*self._names, *numbers]), default=0)
        titles = [*self._names, self.tr("true")]
        self._left = max(metrics.horizontalAdvance(t) for t in titles) + 2 * GRID_PX
        self._top = 2 * line + GRID_PX // 2
        self._smallest = QSize(widest + 2 * GRID_PX, line + GRID_PX)

    _left, _top, _smallest = 0, 0, QSize(1, 1)

    def _cell_size(self) -> QSize:
        """The cells fill the room, within reason."""
        count, room = max(1, len(self.classes)), self.viewport().size()
        width = min((room.width() - self._left - 1) // count, 3 * self._smallest.width())
        height = min((room.height() - self._top - 1) // count, 3 * self._smallest.height())
        return QSize(max(width, self._smallest.width()), max(height, self._smallest.height()))
