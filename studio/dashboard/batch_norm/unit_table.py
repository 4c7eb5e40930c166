"""UnitTable: the numbers of every unit, a row each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from engine.words import short_number
from studio.look.theme import GRID_PX, tabular_font, theme

Array = np.ndarray
Index = QModelIndex | QPersistentModelIndex
NUMBER = "−0.00e-00"
ROOT = QModelIndex()
_ALIGNMENT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class UnitModel(QAbstractTableModel):
    """titles: of the columns. values: (units, columns)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.titles: tuple[str, ...] = ()
        self.values: Array = np.zeros((0, 0))

    def show_values(self, titles: Sequence[str], values: Array) -> None:
        """Show other numbers; selection and scroll bars stay where the shape does."""
        same = (tuple(titles), values.shape) == (self.titles, self.values.shape)
        if not same:
            self.beginResetModel()
        self.titles, self.values = tuple(titles), values
        if not same:
            self.endResetModel()
        elif values.size:
            last = self.index(len(values) - 1, len(titles) - 1)
            self.dataChanged.emit(self.index(0, 0), last, [Qt.ItemDataRole.DisplayRole])

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else self.values.shape[0]

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else self.values.shape[1]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return short_number(float(self.values[index.row(), index.column()]))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENT
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        horizontal = orientation == Qt.Orientation.Horizontal
        return self.titles[section] if horizontal else str(section + 1)


class NumberDelegate(QStyledItemDelegate):
    """Paints nothing but the number: the style would ask the model ten times for each cell."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colors = theme.colors
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(option.rect, QColor(colors.accent))
        painter.setPen(QColor(colors.on_accent if chosen else colors.text))
        room = option.rect.adjusted(0, 0, -GRID_PX // 2, 0)
        painter.drawText(room, _ALIGNMENT, index.data())


class UnitTable(QTableView):
    """Columns have a fixed width, so that changing numbers do not move them."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.numbers = UnitModel(self)
        self.setModel(self.numbers)
        self.setItemDelegate(NumberDelegate(self))
        self.setAccessibleName(name)
        self.setFont(tabular_font())
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        line = self.fontMetrics().height()
        self.verticalHeader().setDefaultSectionSize(line + GRID_PX // 2)
        self.setMinimumHeight(3 * (line + GRID_PX // 2))

    def show_values(self, titles: Sequence[str], values: Array) -> None:
        """Show other numbers."""
        new = tuple(titles) != self.numbers.titles
        self.numbers.show_values(titles, values)
        if new:
            metrics = self.fontMetrics()
            for column, title in enumerate(titles):
                width = max(metrics.horizontalAdvance(text) for text in (title, NUMBER))
                self.setColumnWidth(column, width + 2 * GRID_PX)
