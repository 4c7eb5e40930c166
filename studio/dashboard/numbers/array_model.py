"""ArrayModel: an array of a network as a table of numbers; nothing is copied or formatted ahead."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from engine.walkthrough import Quantity
from engine.words import number
from studio.look.theme import tabular_font, theme

Index = QModelIndex | QPersistentModelIndex
STRONGEST_TINT = 0.35
"""Opacity behind the number that is largest in size."""


class ArrayModel(QAbstractTableModel):
    """Rows are units, columns are examples (or, for W, the units below).

    quantity: what is shown. example: only this one, from 0; None for all.
    Backgrounds tell sign (by hue) and size (by strength); the number says both as well.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.quantity: Quantity | None = None
        self.example: int | None = None
        self._table = np.zeros((0, 0))
        self._largest = 1.0
        self._font = tabular_font()

    def show_quantity(self, quantity: Quantity | None, example: int | None = None) -> None:
        """Show another array, or the same one with newer numbers; the layout is kept if it fits."""
        table = _table_of(quantity, example)
        same = (
            self.quantity is not None
            and quantity is not None
            and (quantity.key, example) == (self.quantity.key, self.example)
            and table.shape == self._table.shape
        )
        if not same:
            self.beginResetModel()
        self.quantity, self.example, self._table = quantity, example, table
        finite = np.abs(table[np.isfinite(table)])
        self._largest = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
        if not same:
            self.endResetModel()
        elif table.size:
            last = self.index(table.shape[0] - 1, table.shape[1] - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def place(self, index: Index) -> tuple[int, ...]:
        """The index into the quantity's array that a cell stands for."""
        assert self.quantity is not None
        shape = self.quantity.array.shape
        column = index.column() if self.example is None else self.example
        unit = np.unravel_index(index.row(), shape[:-1])
        return (*(int(i) for i in unit), column)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        return 0 if parent.isValid() else self._table.shape[0]

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._table.shape[1]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        value = float(self._table[index.row(), index.column()])
        if role == Qt.ItemDataRole.DisplayRole:
            return number(value)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._tint(value)
        if role == Qt.ItemDataRole.FontRole:
            return self._font
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole or self.quantity is None:
            return None
        shape = self.quantity.array.shape
        if orientation is Qt.Orientation.Vertical:
            unit = np.unravel_index(section, shape[:-1])
            return ",".join(str(int(i) + 1) for i in unit)
        column = section if self.example is None else self.example
        return f"({column + 1})" if self.quantity.has_examples else f"{column + 1}"

    def _tint(self, value: float) -> QColor | None:
        if not np.isfinite(value) or value == 0:
            return None
        color = theme.colors.of_series(1 if value < 0 else 0)
        color.setAlphaF(STRONGEST_TINT * min(1.0, abs(value) / self._largest))
        return color


def _table_of(quantity: Quantity | None, example: int | None) -> np.ndarray:
    if quantity is None:
        return np.zeros((0, 0))
    array = quantity.array
    table = array.reshape(-1, array.shape[-1])  # (units, examples)
    return table if example is None else table[:, example : example + 1]
