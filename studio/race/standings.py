"""Standings: the table of a race, a row for each variant, in the order of the variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QTableWidgetItem, QWidget

from engine.experiments.races import RaceLane
from engine.project.recording import COSTS, SCORES
from studio.look.plain_text import plain_tip
from studio.look.theme import GRID_PX, tabular_font, theme
from studio.plots.run_figures import cost_words, score_words, style_of, task_of
from studio.widgets.plain_table import PlainTable

VARIANT = 0
WIDEST = "000.0000"


class Standings(PlainTable):
    """Figures that change stay in their places."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.outcomes: list[dict[str, Any]] = []
        titles = [
            self.tr("Variant"),
            self.tr("Epochs"),
            self.tr("Train loss"),
            self.tr("Dev loss"),
            self.tr("Train score"),
            self.tr("Dev score"),
            self.tr("Outcome"),
        ]
        self.setColumnCount(len(titles))
        self.setHorizontalHeaderLabels(titles)
        self.setAccessibleName(self.tr("Race standings"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        theme.changed.connect(self._dress)

    @property
    def chosen(self) -> int:
        """The row of the selected variant, or -1."""
        rows = self.selectionModel().selectedRows()
        return rows[0].row() if rows else -1

    def show_lanes(self, lanes: Sequence[RaceLane]) -> None:
        """Show where the variants stand; only texts that changed are touched."""
        if self.rowCount() != len(lanes):
            self._make_rows(len(lanes))
        self.outcomes = [_outcome_of(lane, self._outcome(lane)) for lane in lanes]
        for row, lane in enumerate(lanes):
            for column, text in enumerate(_texts(lane, self._outcome(lane))):
                item = self.item(row, column)
                if item is not None and item.text() != text:
                    item.setText(text)
                    item.setToolTip(plain_tip(text))
        if lanes and self.chosen < 0:
            self.selectRow(0)
        self._fit_columns()

    def _outcome(self, lane: RaceLane) -> str:
        if lane.failure:
            return lane.failure
        if lane.trainer.stopped_early:
            return self.tr("stopped early")
        return self.tr("finished") if lane.trainer.finished else ""

    def _make_rows(self, count: int) -> None:
        self.setRowCount(count)
        for row in range(count):
            for column in range(self.columnCount()):
                item = QTableWidgetItem("")
                if column:
                    item.setFont(tabular_font())
                self.setItem(row, column, item)
        self._dress()

    def _dress(self) -> None:
        for row in range(self.rowCount()):
            pixmap = QPixmap(2 * GRID_PX, 2 * GRID_PX)
            pixmap.fill(QColor(style_of(row).ink()))
            item = self.item(row, VARIANT)
            if item is not None:
                item.setIcon(pixmap)

    def _fit_columns(self) -> None:
        """As wide as title and widest figure; wider where a text needs it, never narrower."""
        header, metrics = self.horizontalHeader(), self.fontMetrics()
        for column in range(self.columnCount() - 1):
            needed = max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
            needed = max(needed, metrics.horizontalAdvance(WIDEST) + 2 * GRID_PX)
            if needed > self.columnWidth(column) or self.columnWidth(column) == 100:
                self.setColumnWidth(column, needed)


def _texts(lane: RaceLane, outcome: str) -> list[str]:
    latest, task = lane.trainer.history.latest, task_of(lane.entry.project)
    costs = [cost_words(latest.get(name)) for name in COSTS]
    scores = [score_words(latest.get(name), task) for name in SCORES]
    return [lane.entry.title, f"{lane.trainer.epoch:,}", *costs, *scores, outcome]


def _outcome_of(lane: RaceLane, outcome: str) -> dict[str, Any]:
    """What the row of a variant says, as plain data."""
    trainer = lane.trainer
    where = {"iteration": trainer.iteration, "epoch": trainer.epoch, "outcome": outcome}
    return {**trainer.history.latest, **where}
