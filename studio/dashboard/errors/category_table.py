"""CategoryTable: the share of errors in each category, and what fixing it could give at best."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.doctor.error_table import ErrorTable, ErrorTableRow
from engine.words import percent
from studio.look.plain_text import PlainLabel, plain_tip
from studio.look.theme import GRID_PX, tabular_font
from studio.widgets.control_row import ControlRow
from studio.widgets.option import name_option
from studio.widgets.plain_table import PlainTable

NAME, EXAMPLES, SHARE, CEILING = range(4)


class CategoryTable(QWidget):
    """renamed(old, new), removed(name): of the person's own categories."""

    renamed = Signal(str, str)
    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: ErrorTable | None = None
        self.words = PlainLabel(parent=self)
        self.words.setWordWrap(True)
        self.buttons = ControlRow(self)
        self.rename = self.buttons.add_button(
            self.tr("Rename"), self.tr("Rename the selected category (F2).")
        )
        self.remove = self.buttons.add_button(
            self.tr("Delete"), self.tr("Delete the selected category and its tags (Del).")
        )
        name_option("rename_category", self.rename)
        name_option("delete_category", self.remove)
        self.table = self._make_table()
        self.rename.clicked.connect(self._edit)
        self.remove.clicked.connect(self._remove)
        self.table.itemChanged.connect(self._typed)
        self.table.itemSelectionChanged.connect(self._enable)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 2)
        for widget in (self.words, self.table, self.buttons):
            layout.addWidget(widget, int(widget is self.table))
        self._enable()

    def show_table(self, table: ErrorTable) -> None:
        """Show other counts."""
        self.shown = table
        chosen = self._chosen()
        text = self.tr(
            "{:,} of {:,} misclassified dev examples reviewed. The dev error is {}; "
            "the ceiling is the error that would remain if a category were fixed."
        )
        self.words.setText(text.format(table.examined, table.wrong, percent(table.error)))
        self.table.blockSignals(True)
        self.table.setRowCount(len(table.rows))
        for at, row in enumerate(table.rows):
            self._fill(at, row)
        self.table.blockSignals(False)
        names = [row.name for row in table.rows]
        if chosen is not None and chosen.name in names:
            self.table.setCurrentCell(names.index(chosen.name), NAME)
        self._enable()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self._remove()
        elif event.key() == Qt.Key.Key_F2:
            self._edit()
        else:
            super().keyPressEvent(event)

    def _fill(self, at: int, row: ErrorTableRow) -> None:
        low, high = row.interval
        share = f"{percent(row.share)} ({100 * low:.0f} to {percent(high, 0)})"
        for column, text in enumerate([row.name, f"{row.examples:,}", share, percent(row.ceiling)]):
            item = QTableWidgetItem(text)
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            if column == NAME and row.own:
                flags |= Qt.ItemFlag.ItemIsEditable
            item.setFlags(flags)
            if column != NAME:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(at, column, item)

    def _chosen(self) -> ErrorTableRow | None:
        row = self.table.currentRow()
        known = self.shown
        return known.rows[row] if known is not None and 0 <= row < len(known.rows) else None

    def _edit(self) -> None:
        chosen = self._chosen()
        if chosen is not None and chosen.own:
            name = self.table.item(self.table.currentRow(), NAME)
            assert name is not None
            self.table.editItem(name)

    def _remove(self) -> None:
        chosen = self._chosen()
        if chosen is not None and chosen.own:
            self.removed.emit(chosen.name)

    def _typed(self, item: QTableWidgetItem) -> None:
        """Afterwards: the items are rebuilt, and this one is still in use."""
        row, text = item.row(), item.text().strip()
        QTimer.singleShot(0, self, lambda: self._take_name(row, text))

    def _take_name(self, row: int, new: str) -> None:
        assert self.shown is not None
        old = self.shown.rows[row].name
        if new and new != old:
            self.renamed.emit(old, new)
        self.show_table(self.shown)  # what was refused shows its name again

    def _enable(self) -> None:
        chosen = self._chosen()
        for button in (self.rename, self.remove):
            button.setEnabled(chosen is not None and chosen.own)

    def _make_table(self) -> PlainTable:
        table = PlainTable(self)
        titles = [
            self.tr("category"),
            self.tr("examples"),
            self.tr("share of errors"),
            self.tr("ceiling"),
        ]
        table.setColumnCount(len(titles))
        table.setHorizontalHeaderLabels(titles)
        ceiling = self.tr("The lowest dev error possible if this category were fixed.")
        head = table.horizontalHeaderItem(CEILING)
        assert head is not None
        head.setToolTip(plain_tip(ceiling))
        table.setFont(tabular_font())
        table.setAccessibleName(self.tr("Error categories"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        header = table.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        return table
