"""ClassCounts: how many examples of each class each set has, and which share of the set that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.data import Dataset
from engine.words import percent
from studio.forms.column import muted
from studio.look.theme import GRID_PX, tabular_font


class ClassCounts(QWidget):
    """A row for each class, a column for each set that may be looked at."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, list[int]] = {}
        self.table, self.note = QTableWidget(), muted()
        self.table.setAccessibleName(self.tr("Examples per class in each set"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.addWidget(self.table, 1)
        column.addWidget(self.note)

    def show_sets(self, sets: Mapping[str, Dataset], counts: Mapping[str, list[int]]) -> None:
        """sets: title -> examples. counts: title -> what `class_counts` found."""
        self._counts = {title: counts[title] for title in sets}
        first = next(iter(sets.values()))
        names = list(first.classes)
        self.table.clear()
        self.table.setColumnCount(1 + len(sets))
        self.table.setHorizontalHeaderLabels([self.tr("Class"), *sets])
        self.table.setRowCount(len(names) + 1)
        for row, name in enumerate(names):
            self._fill(row, name, [counts[title][row] for title in sets], list(sets.values()))
        totals = [data.m for data in sets.values()]
        self._fill(len(names), self.tr("All"), totals, list(sets.values()))
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        overlap = first.targets.separate
        self.note.setText(self.tr("An example can belong to several classes.") if overlap else "")
        self.note.setVisible(overlap)

    def painted(self) -> dict[str, Any]:
        """counts: the examples of each class, by the title of the set."""
        return {"counts": {title: list(counts) for title, counts in self._counts.items()}}

    def _fill(self, row: int, name: str, counts: list[int], sets: list[Dataset]) -> None:
        self.table.setItem(row, 0, QTableWidgetItem(name))
        for column, (count, data) in enumerate(zip(counts, sets, strict=True), start=1):
            item = QTableWidgetItem(f"{count:,}  ({percent(count / data.m)})")
            item.setFont(tabular_font())
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, column, item)


def class_counts(data: Dataset) -> list[int]:
    """Examples of each class; empty for a regression."""
    if data.targets.separate:
        return [int(n) for n in np.nansum(data.of_target().Y, axis=1)]
    if not data.classes:
        return []
    known = data.labels[data.labels >= 0]
    return [int(n) for n in np.bincount(known, minlength=len(data.classes))]
