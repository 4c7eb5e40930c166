"""RankingView: the project's runs in order, by one optimizing metric under limits."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidgetItem, QVBoxLayout, QWidget

from engine.doctor import MEASURES, measures_of_run, rank_runs
from engine.doctor.ranking import RankedNetwork
from engine.project.runs import Run
from engine.words import percent, short_number
from studio.dashboard.metrics.goal_editor import GoalEditor
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX, tabular_font
from studio.widgets.plain_table import PlainTable

UNKNOWN = "–"


class RankingView(QWidget):
    """The best run first; those that break a limit come last and say which."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[Run, ...] = ()
        self.goal = GoalEditor(self)
        self.goal.changed.connect(self._rank)
        self.words = PlainLabel(parent=self)
        self.words.setWordWrap(True)
        self.words.setProperty("role", "muted")
        self.table = PlainTable(self)
        self.table.setAccessibleName(self.tr("Runs, best first"))
        self.table.setFont(tabular_font())
        mode = QHeaderView.ResizeMode.ResizeToContents
        self.table.horizontalHeader().setSectionResizeMode(mode)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 2)
        layout.addWidget(self.goal)
        layout.addWidget(self.words)
        layout.addWidget(self.table, 1)

    def show_runs(self, runs: Iterable[Run], task: str) -> None:
        """Rank the runs that have this task."""
        self.goal.set_task(task)
        found = tuple(run for run in runs if run.data.source.fit().task == task)
        if found != self._runs or not self.words.text():
            self._runs = found
            self._rank()

    def _rank(self) -> None:
        goal = self.goal.goal
        places = rank_runs(self._runs, goal)
        shown = list(dict.fromkeys([goal.optimizing, *(limit.metric for limit in goal.limits)]))
        titles = [self.tr("rank"), self.tr("run"), *(MEASURES[name].title for name in shown)]
        self.table.setColumnCount(len(titles) + 1)
        self.table.setHorizontalHeaderLabels([*titles, self.tr("limits")])
        self.table.setRowCount(len(places))
        for row, (run, place) in enumerate(places):
            self._fill(row, run, place, shown)
        self.words.setText(self._summary(places))

    def _fill(self, row: int, run: Run, place: RankedNetwork, shown: list[str]) -> None:
        values = measures_of_run(run)
        broken = ", ".join(limit.describe() for limit in place.broken)
        kept = self.tr("kept") if self.goal.goal.limits else UNKNOWN
        limits = self.tr("✗ not met: {}").format(broken) if broken else kept
        numbers = [value_text(name, values.get(name, math.nan)) for name in shown]
        for column, text in enumerate([f"{place.rank}.", run.title, *numbers, limits]):
            item = QTableWidgetItem(text)
            if 2 <= column < 2 + len(numbers):
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, column, item)

    def _summary(self, places: list[tuple[Run, RankedNetwork]]) -> str:
        if not places:
            return self.tr("Runs are ranked here after the first one pauses or ends.")
        kept = [run.title for run, place in places if not place.broken and place.rank == 1]
        if not kept:
            return self.tr("No run meets every limit.")
        return self.tr("The best on the dev set: {}.").format(", ".join(kept))


def value_text(name: str, value: float) -> str:
    """A measure as people read it."""
    if math.isnan(value):
        return UNKNOWN
    measure = MEASURES[name]
    if measure.unit:
        return f"{value:,.0f}" if value == int(value) else f"{short_number(value)} {measure.unit}"
    return percent(value) if measure.is_share else short_number(value)
