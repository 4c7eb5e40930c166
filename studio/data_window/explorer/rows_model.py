"""RowsModel: a data set as a table with a row for each example; only what is seen is made."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from engine.data import Dataset
from engine.probes.sampling import class_words
from engine.words import number
from studio.look.plain_text import plain_tip
from studio.look.theme import tabular_font

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class RowsModel(QAbstractTableModel):
    """Read-only. The target is the first column, then the features follow."""

    def __init__(self) -> None:
        super().__init__()
        self.examples: Dataset | None = None
        self._font = tabular_font()

    def show_examples(self, examples: Dataset | None) -> None:
        """Show these."""
        self.beginResetModel()
        self.examples = examples
        self.endResetModel()

    def painted(self) -> dict[str, Any]:
        """What the rows say. values: (n_x, m). targets: in words."""
        data = self.examples
        if data is None:
            return {"columns": [], "values": np.zeros((0, 0)), "targets": []}
        columns = [self.headerData(at, Qt.Orientation.Horizontal) for at in range(1 + data.n_x)]
        words = [class_words(data, row) for row in range(data.m)]
        return {"columns": columns, "values": data.X, "targets": words}

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.examples is None else self.examples.m

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.examples is None else 1 + self.examples.n_x

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        assert self.examples is not None
        if role == Role.DisplayRole:
            if index.column() == 0:
                return class_words(self.examples, index.row())
            return number(self.examples.X[index.column() - 1, index.row()], 6)
        if role == Role.TextAlignmentRole:
            return _RIGHT if index.column() else _LEFT
        return self._font if role == Role.FontRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if self.examples is None or role not in (Role.DisplayRole, Role.ToolTipRole):
            return None
        if orientation is Qt.Orientation.Vertical:
            return f"{section + 1:,}" if role == Role.DisplayRole else None
        name = self.tr("target") if section == 0 else self.examples.feature_names[section - 1]
        return name if role == Role.DisplayRole else plain_tip(name)
