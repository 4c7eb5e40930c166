"""TableModel: the rows of the Analyze table in the order asked for, the totals always last."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from engine.design import Analysis, LayerRow
from studio.analyze_window.columns import AnalysisColumn, AnalysisRow, columns, warnings
from studio.look.theme import tabular_font, theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
SORT_MARKS = {Qt.SortOrder.AscendingOrder: " ▲", Qt.SortOrder.DescendingOrder: " ▼"}
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class TableModel(QAbstractTableModel):
    """Read-only. lines: as they are shown; the last one is the totals."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: list[AnalysisColumn] = columns(None)
        self.lines: list[AnalysisRow] = []
        self._sorted_by = (0, Qt.SortOrder.AscendingOrder)
        self.take_fonts()

    def show_analysis(self, analysis: Analysis, batch: int | None) -> None:
        """Show these rows. Where the layers are the same, selection and scroll place stay."""
        lines = [AnalysisRow(number, row) for number, row in enumerate(analysis.rows, 1)]
        self.columns = columns(batch)
        lines = [*self._sorted(lines), AnalysisRow(None, self._totals(analysis))]
        if [line.row.name for line in lines] != [line.row.name for line in self.lines]:
            self.beginResetModel()
            self.lines = lines
            self.endResetModel()
            return
        self.lines = lines
        last = len(self.columns) - 1
        self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, last))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)

    def take_fonts(self) -> None:
        """Follow the interface font."""
        self._font, self._bold = tabular_font(), tabular_font()
        self._bold.setWeight(QFont.Weight.DemiBold)

    @property
    def widest_font(self) -> QFont:
        """That of the totals."""
        return self._bold

    def line_of(self, name: str) -> int | None:
        """The line of a layer, or None."""
        found = (n for n, line in enumerate(self.lines) if line.number and line.row.name == name)
        return next(found, None)

    # What Qt asks for.

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        line, column = self.lines[index.row()], self.columns[index.column()]
        if role == Role.DisplayRole:
            return column.text(line)
        if role == Role.TextAlignmentRole:
            return _RIGHT if column.numeric else _LEFT
        if role == Role.FontRole:
            return self._font if line.number else self._bold
        if role == Role.ForegroundRole and index.column() == len(self.columns) - 1:
            return QColor(theme.colors.warning)
        if role == Role.AccessibleTextRole:
            return f"{column.name}: {column.text(line)}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Role.DisplayRole:
            by, order = self._sorted_by
            return column.title + (SORT_MARKS[order] if by == section else "")
        if role == Role.ToolTipRole:
            how = self.tr("Click to sort by this column, or press S in it.")
            return f"{column.help} {how}"
        if role == Role.TextAlignmentRole:
            return _RIGHT if column.numeric else _LEFT
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; equal rows stay in the network's order, and the totals last."""
        self._sorted_by = (max(column, 0), order)
        if not self.lines:
            return
        self.layoutAboutToBeChanged.emit()
        before, kept = self.lines, self.persistentIndexList()
        self.lines = [*self._sorted(self.lines[:-1]), self.lines[-1]]
        place = {line.number: number for number, line in enumerate(self.lines)}
        moved = [self.index(place[before[index.row()].number], index.column()) for index in kept]
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def _sorted(self, lines: list[AnalysisRow]) -> list[AnalysisRow]:
        column, order = self._sorted_by
        lines = sorted(lines, key=lambda line: line.number or 0)
        falling = order is Qt.SortOrder.DescendingOrder
        return sorted(lines, key=self.columns[column].sort_key, reverse=falling)

    def _totals(self, analysis: Analysis) -> LayerRow:
        rows = analysis.rows
        return LayerRow(
            self.tr("Total"),
            f"{len(rows):,}",
            "",
            (),
            sum(row.parameters for row in rows),
            sum(row.multiply_adds for row in rows),
            sum(row.backward_multiply_adds for row in rows),
            sum(row.activation_bytes for row in rows),
            analysis.advice,
        )


def advice_in_full(line: AnalysisRow) -> str:
    """Everything that is advised about a line, with the reasons; empty where there is nothing."""
    return "\n".join(f"{advice.text} {advice.why}" for advice in line.row.advice)


def count_of_warnings(lines: list[AnalysisRow]) -> int:
    """How many lines have warnings."""
    return sum(bool(warnings(line)) for line in lines)
