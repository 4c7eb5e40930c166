"""AnalysisTable: columns as wide as their texts, rows of one height."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView

from studio.analyze_window.columns import AnalysisRow
from studio.analyze_window.model import SORT_MARKS, TableModel
from studio.analyze_window.text import as_tsv
from studio.look.table_look import make_plain
from studio.look.theme import GRID_PX, theme

PADDING_PX = GRID_PX
MARGIN_PX = 3
"""What Qt's styles put around a cell's text besides its padding."""
ROOM_PX = 2 * (PADDING_PX + MARGIN_PX) + 2


class AnalysisTable(QTableView):
    """`chosen(name)`: a layer was clicked, or Enter was pressed on it.

    `read(line)`: the line whose warnings are to be read, or None.
    """

    chosen = Signal(str)
    read = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.rows = TableModel()
        self._fitted: set[int] = set()
        self.setModel(self.rows)
        self.setAccessibleName(self.tr("Layers and their cost"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setAlternatingRowColors(True)
        make_plain(self)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.clicked.connect(self._choose)
        self.selectionModel().currentChanged.connect(self._tell_current)
        theme.changed.connect(self._dress)
        self._dress()
        self.fit_rows()

    def fit_columns(self) -> None:
        """Make every column as wide as its longest text; it never shrinks, so nothing jumps."""
        header, metrics = self.horizontalHeader(), QFontMetrics(self.rows.widest_font)
        for section, column in enumerate(self.rows.columns[:-1]):
            texts = sorted({column.text(line) for line in self.rows.lines}, key=len)[-8:]
            widest = max((metrics.horizontalAdvance(text) for text in texts), default=0)
            titles = f"{column.title}{SORT_MARKS[Qt.SortOrder.AscendingOrder]}".split("\n")
            title = max(header.fontMetrics().horizontalAdvance(text) for text in titles)
            width = max(widest, title) + ROOM_PX
            if width > self.columnWidth(section) or section not in self._fitted:
                self.setColumnWidth(section, width)
                self._fitted.add(section)
        warnings = [self.rows.columns[-1].text(line) for line in self.rows.lines]
        widest = max((metrics.horizontalAdvance(text) for text in warnings), default=0)
        self.setColumnWidth(len(self.rows.columns) - 1, widest + ROOM_PX)

    def fit_rows(self) -> None:
        """Give rows and header the height that the font needs."""
        height = self.fontMetrics().height() + GRID_PX
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        self.rows.take_fonts()
        self._fitted.clear()

    def selected_lines(self) -> list[AnalysisRow]:
        """The lines selected, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.rows.lines[row] for row in rows]

    def current_line(self) -> AnalysisRow | None:
        """The line with the keyboard focus."""
        row = self.currentIndex().row()
        return self.rows.lines[row] if 0 <= row < len(self.rows.lines) else None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "rows"):
            self.fit_rows()
            self.fit_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(as_tsv(self.rows.columns, self.selected_lines()))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentIndex())
        elif event.key() == Qt.Key.Key_S and not event.modifiers():
            self._sort_by_current()
        else:
            super().keyPressEvent(event)

    def _dress(self) -> None:
        c, sides = theme.colors, PADDING_PX + MARGIN_PX
        self.setStyleSheet(
            f"""
QTableView::item {{ padding: 0 {PADDING_PX}px; }}
QHeaderView {{ background: {c.surface}; }}
QHeaderView::section {{
    padding: {PADDING_PX // 2}px {sides}px; border: 0; border-bottom: 1px solid {c.border};
    background: {c.surface}; color: {c.muted};
}}
QHeaderView::up-arrow, QHeaderView::down-arrow {{ image: none; width: 0; height: 0; }}
"""
        )

    def _sort_by_current(self) -> None:
        header, section = self.horizontalHeader(), self.currentIndex().column()
        up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        again = header.sortIndicatorSection() == section and header.sortIndicatorOrder() is up
        self.sortByColumn(max(section, 0), down if again else up)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid() and self.rows.lines[index.row()].number:
            self.chosen.emit(self.rows.lines[index.row()].row.name)

    def _tell_current(self, current: QModelIndex) -> None:
        self.read.emit(self.rows.lines[current.row()] if current.isValid() else None)
