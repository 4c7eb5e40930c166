"""ScoreTable: precision, recall and F1 of every class, and their means."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidgetItem, QWidget

from engine.metrics import per_class
from engine.words import percent
from studio.look.theme import tabular_font
from studio.widgets.plain_table import PlainTable

MACRO = "macro"
"""The name of the mean over the classes, for scripts."""


class ScoreTable(PlainTable):
    """One row for each class, and one for the mean over the classes ("macro")."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        titles = [
            self.tr("class"),
            self.tr("precision"),
            self.tr("recall"),
            self.tr("F1"),
            self.tr("examples"),
        ]
        self.names: tuple[str, ...] = ()
        self.values = np.zeros((0, len(titles) - 1))
        self.setColumnCount(len(titles))
        self.setHorizontalHeaderLabels(titles)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.setAccessibleName(self.tr("Precision, recall, and F1 of every class"))
        self.setFont(tabular_font())
        self.horizontalHeader().setStretchLastSection(False)

    def show_matrix(self, matrix: np.ndarray, classes: Sequence[str]) -> None:
        """matrix: (classes, classes) of counts, true classes are rows."""
        scores = per_class(matrix)
        rows: list[tuple[str, float, float, float, int]] = [
            (name, score.precision, score.recall, score.f1, score.examples)
            for name, score in zip(classes, scores, strict=True)
        ]
        precision, recall, f1 = np.mean([row[1:4] for row in rows], axis=0).tolist()
        rows.append((self.tr("mean (macro)"), precision, recall, f1, int(matrix.sum())))
        self.names = (*classes, MACRO)
        self.values = np.array([row[1:] for row in rows], float)
        self.setRowCount(len(rows))
        for at, (name, *shares, count) in enumerate(rows):
            texts = [name, *(percent(share) for share in shares), f"{count:,}"]
            for column, text in enumerate(texts):
                self.setItem(at, column, _item(text, column > 0))


def _item(text: str, is_number: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    if is_number:
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item
