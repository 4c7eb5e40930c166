"""PreviewModel: the first rows of a table as they were read, and what each column is for."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from engine.data.tables import Preview
from studio.look.plain_text import plain_tip
from studio.look.theme import theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class PreviewModel(QAbstractTableModel):
    """Read-only. Names, roles and types stand in the header; what is ignored is quiet."""

    def __init__(self) -> None:
        super().__init__()
        self.preview: Preview | None = None
        self._bad: set[tuple[int, str]] = set()

    def show_preview(self, preview: Preview | None) -> None:
        """Show these rows; where only the columns' roles changed, nothing is laid out again."""
        before, self.preview = self.preview, preview
        self._bad = {(p.line, p.column) for p in preview.problems} if preview else set()
        if before is None or preview is None or before.rows is not preview.rows:
            self.beginResetModel()
            self.endResetModel()
            return
        last = len(preview.columns) - 1
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
        self.dataChanged.emit(self.index(0, 0), self.index(len(preview.rows) - 1, last))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.preview is None else len(self.preview.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.preview is None else len(self.preview.columns)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        assert self.preview is not None
        cells = self.preview.rows[index.row()]
        column = self.preview.columns[index.column()]
        if role == Role.DisplayRole:
            return cells[index.column()] if index.column() < len(cells) else ""
        if role == Role.ForegroundRole:
            return self._ink(index.row(), column.name, column.role)
        if role == Role.FontRole and column.role == "target":
            return _bold()
        if role == Role.TextAlignmentRole:
            right = column.type == "number" and column.role != "ignore"
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Role.ToolTipRole:
            problem = self._problem_at(index.row(), column.name)
            return plain_tip(problem) if problem is not None else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if self.preview is None:
            return None
        if orientation is Qt.Orientation.Vertical:
            return str(self.preview.lines[section]) if role == Role.DisplayRole else None
        column = self.preview.columns[section]
        if role == Role.DisplayRole:
            kind = column.role if column.role == "ignore" else f"{column.role}, {column.type}"
            return f"{column.name}\n{kind}"
        if role == Role.FontRole and column.role == "target":
            return _bold()
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def _ink(self, row: int, name: str, role: str) -> QColor | None:
        assert self.preview is not None
        line = self.preview.lines[row]
        if (line, name) in self._bad or (line, "") in self._bad:
            return QColor(theme.colors.problem)
        return QColor(theme.colors.muted) if role == "ignore" else None

    def _problem_at(self, row: int, name: str) -> str | None:
        assert self.preview is not None
        line = self.preview.lines[row]
        found = (p for p in self.preview.problems if p.line == line and p.column in ("", name))
        return next((str(problem) for problem in found), None)


def _bold() -> QFont:
    font = QFont()
    font.setWeight(QFont.Weight.DemiBold)
    return font
