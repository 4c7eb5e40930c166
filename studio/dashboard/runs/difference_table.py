"""DifferenceTable: runs side by side, only what differs, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QTableWidgetItem, QWidget

from studio.dashboard.runs.comparison import ComparisonLine
from studio.look.plain_text import plain_tip
from studio.look.theme import tabular_font
from studio.widgets.plain_table import PlainTable


class DifferenceTable(PlainTable):
    """One column for each run; the settings first, then the figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Differences between the selected runs"))
        self.setAlternatingRowColors(True)

    def show_lines(self, titles: Sequence[str], lines: Sequence[ComparisonLine]) -> None:
        """Show these rows below these column titles."""
        self.clear()
        self.setRowCount(len(lines))
        self.setColumnCount(len(titles) + 1)
        self.setHorizontalHeaderLabels([self.tr("Setting"), *titles])
        for row, line in enumerate(lines):
            for column, text in enumerate((line.title, *line.cells)):
                item = QTableWidgetItem(text)
                item.setToolTip(plain_tip(text))
                if column:
                    item.setFont(tabular_font())
                self.setItem(row, column, item)
        self.resizeColumnsToContents()
