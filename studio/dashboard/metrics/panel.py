"""MetricsPanel: the confusion matrix and its examples, the threshold, and the runs in order."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Self

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QPushButton,
    QSlider,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.metrics import THRESHOLD
from engine.probes.moment import Moment
from engine.probes.predictions import Judged, MetricsWish
from engine.probes.snapshot import Snapshot
from engine.project import Project
from engine.training.history import History
from studio.dashboard.metrics.cell_examples import CellExamples
from studio.dashboard.metrics.matrix_view import MatrixView
from studio.dashboard.metrics.ranking_view import RankingView
from studio.dashboard.metrics.score_table import ScoreTable
from studio.dashboard.metrics.threshold_view import ThresholdView
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX
from studio.model.document import Document
from studio.panels.panel import Surroundings
from studio.panels.resting_panel import RestingPanel
from studio.running.snapshots import Workbench
from studio.widgets.control_row import ControlRow, stacked
from studio.widgets.option import name_option

MATRIX, CURVES, RUNS = "matrix", "curves", "runs"
STEPS = 1_000
"""Thresholds of the slider between 0 and 1."""
SLIDER_LETTERS = 14
BESIDE_FROM = 80
"""A panel at least this many characters wide has the table beside the matrix."""


class MetricsPanel(RestingPanel):
    """What is counted follows the run; the threshold is followed at once."""

    id, tab, column, order = "metrics", "Metrics", 0, 5
    judges_an_output = True

    @classmethod
    def make(cls, surroundings: Surroundings) -> Self:
        return cls(surroundings.document, surroundings.workbench)

    def __init__(
        self,
        document: Document,
        workbench: Workbench,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            self.tr("Metrics"),
            self.tr(
                "How often each true class (row) was predicted as each class "
                "(column). Click a cell to see its examples. Precision: the fraction "
                "of predictions of a class that are right. Recall: the fraction of a "
                "class that was found. F1 is high only if both are."
            ),
            self.tr(
                "Press Play to count how the network's predictions compare with the true classes."
            ),
            workbench,
            parent,
        )
        self._document = document
        self.judged: Judged | None = None
        self._cell = (0, 0)
        self._labels: tuple[str, ...] = ()
        self._make_controls()
        self._make_views()
        document.changed.connect(self._follow)

    # What RestingPanel asks for.

    def wish(self) -> MetricsWish:
        return MetricsWish(self.part.currentData(), max(0, self.label.currentIndex()))

    def wish_key(self) -> Hashable:
        return self.wish()

    def look_up(self, snapshot: Snapshot, history: History, wish: MetricsWish) -> Judged:
        return Judged.of(snapshot, wish)

    def show_found(self, found: Judged, wish: MetricsWish) -> None:
        self.judged = found
        self._list_labels(found)
        if found.has_threshold:
            self.curves.show_curves(found.drawn)
        self._count()
        in_cell = self._views.currentWidget() is self.examples
        if in_cell and max(self._cell) < len(found.classes):
            self._show_cell()
        else:
            self._show_view()

    def follow(self, moment: Moment) -> None:
        if self.view.currentData() == RUNS:
            self.behind = False
            self.show_empty(False)
            self._rank()
            return
        super().follow(moment)

    def painted(self) -> dict[str, Any]:
        """values: (classes + 1, 4): precision, recall, F1, examples; the last row has means."""
        judged = self.judged
        if judged is None or not judged.classes:
            return {"names": (), "values": np.zeros((0, 4)), "matrix": None, "threshold": None}
        return {
            "names": self.scores.names,
            "values": self.scores.values,
            "matrix": self.matrix.matrix,
            "threshold": self.threshold if judged.has_threshold else None,
        }

    def painted_set(self) -> str:
        return "train" if self.judged is not None and self.judged.is_train else "dev"

    def show_empty(self, empty: bool) -> None:
        super().show_empty(empty)
        self._fit_controls()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._rank()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= BESIDE_FROM * self.fontMetrics().averageCharWidth()
        direction = QBoxLayout.Direction
        self._columns.setDirection(direction.LeftToRight if wide else direction.TopToBottom)

    # What the user does.

    @property
    def threshold(self) -> float:
        """From which probability on an example is positive."""
        return self.slider.value() / STEPS

    def open_cell(self, true: int, called: int) -> None:
        """Show the examples of a cell."""
        if self.judged is not None and self.judged.classes:
            self._cell = true, called
            self._show_cell()
            self._views.setCurrentWidget(self.examples)
            self._fit_controls()
            self.examples.setFocus()

    def close_cell(self) -> None:
        """Back to the matrix."""
        self._show_view()
        self.matrix.setFocus()

    def _move_threshold(self) -> None:
        self.value.setText(self.tr("p ≥ {:.3f}").format(self.threshold))
        if self.judged is not None:
            self._count()

    def _take_best(self) -> None:
        if self.judged is not None and self.judged.has_threshold:
            best = min(1.0, self.judged.curves.best_f1)
            self.slider.setValue(int(best * STEPS))  # down: the best one itself stays positive

    def _change_view(self) -> None:
        self._show_view()
        self._rank()
        self.ask_again()

    # What is shown.

    def _count(self) -> None:
        judged = self.judged
        assert judged is not None
        if not judged.classes:
            return
        matrix = judged.matrix(self.threshold)
        self.matrix.show_matrix(matrix, judged.classes)
        self.scores.show_matrix(matrix, judged.classes)
        if judged.has_threshold:
            self.curves.show_threshold(judged.curves, self.threshold)

    def _show_cell(self) -> None:
        judged, (true, called) = self.judged, self._cell
        assert judged is not None
        found = judged.examples(true, called, self.threshold)
        self.examples.show_examples(judged, found, called)
        self.words.setText(self.matrix.words(true, called))

    def _show_view(self) -> None:
        kind, judged = self.view.currentData(), self.judged
        shown: QWidget = {MATRIX: self._pair, CURVES: self.curves, RUNS: self.ranking}[kind]
        if kind != RUNS and judged is not None and not judged.classes:
            self._say_nothing(self.tr("Regression has no classes to confuse."))
        elif kind == CURVES and judged is not None and not judged.has_threshold:
            self._say_nothing(self.tr("A threshold exists only for two classes."))
        else:
            self._views.setCurrentWidget(shown)
        self._fit_controls()

    def _say_nothing(self, sentence: str) -> None:
        self._nothing.setText(sentence)
        self._views.setCurrentWidget(self._nothing)

    def _fit_controls(self) -> None:
        """Only what the view needs."""
        kind, judged, page = self.view.currentData(), self.judged, self._views.currentWidget()
        counted = kind != RUNS and not self.is_empty and judged is not None
        in_cell = page is self.examples and counted
        self.controls.setVisible(not in_cell)
        self.bar.setVisible(in_cell)
        decided = counted and judged is not None and judged.has_threshold
        for widget in (self.slider, self.value, self.best):
            widget.setVisible(decided)
        self.label.setVisible(decided and judged is not None and judged.targets.separate)
        self.part.setVisible(kind != RUNS)

    def _rank(self) -> None:
        if self.view.currentData() == RUNS:
            self.ranking.show_runs(self._document.project.runs, self._document.fit.task)

    def _follow(self, before: Project, after: Project) -> None:
        if before.runs is not after.runs and self.isVisible():
            self._rank()

    def _list_labels(self, judged: Judged) -> None:
        names = judged.part.classes if judged.targets.separate else ()
        if names != self._labels:
            self._labels = names
            self.label.clear()
            for name in names:
                self.label.addItem(name)
            self.label.setCurrentIndex(0 if names else -1)

    # Building.

    def _make_controls(self) -> None:
        self.controls = row = ControlRow(self)
        views = [
            (self.tr("Confusion matrix"), MATRIX),
            (self.tr("Threshold"), CURVES),
            (self.tr("Best run"), RUNS),
        ]
        self.view = row.add_combo(self.tr("View"), views)
        parts = [(self.tr("Dev"), "dev"), (self.tr("Train"), "train")]
        self.part = row.add_combo(self.tr("Set of examples"), parts)
        self.label = row.add_combo(self.tr("Label"), [])
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, STEPS)
        self.slider.setPageStep(STEPS // 20)
        self.slider.setAccessibleName(self.tr("Threshold"))
        self.slider.setToolTip(
            self.tr("Examples with at least this probability are predicted as the second class.")
        )
        self.slider.setMinimumWidth(SLIDER_LETTERS * self.fontMetrics().averageCharWidth())
        self.value = PlainLabel(parent=self)
        row.add(self.slider)
        row.add(self.value)
        self.best = row.add_button(
            self.tr("Best F1"), self.tr("The threshold with the highest F1.")
        )
        self._make_bar()
        for name, control in {
            "view": self.view,
            "set": self.part,
            "label": self.label,
            "threshold": self.slider,
            "best_f1": self.best,
        }.items():
            name_option(name, control)
        self.header.addWidget(stacked(self.controls, self.bar), 1)
        self.view.activated.connect(self._change_view)
        self.part.activated.connect(self.ask_again)
        self.label.activated.connect(self.ask_again)
        self.best.clicked.connect(self._take_best)

    def _make_bar(self) -> None:
        """What stands in the header while the examples of a cell are shown."""
        self.bar = ControlRow(self)
        self.back = QPushButton(self.tr("Matrix"), self)
        self.back.setToolTip(self.tr("Back to the matrix (Esc)."))
        self.back.clicked.connect(self.close_cell)
        self.words = PlainLabel(parent=self)
        self.bar.add(self.back)
        self.bar.add(self.words)

    def _make_views(self) -> None:
        self.matrix, self.scores = MatrixView(), ScoreTable()
        self.matrix.chosen.connect(self.open_cell)
        self.curves, self.ranking = ThresholdView(), RankingView()
        self.examples = CellExamples()
        self.examples.closed.connect(self.close_cell)
        self._nothing = PlainLabel()
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._nothing.setProperty("role", "muted")
        self._pair = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._pair)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(GRID_PX)
        self._columns.addWidget(self.matrix, 1)
        self._columns.addWidget(self.scores, 1)
        self._views = QStackedWidget(self.content)
        for view in (self._pair, self.curves, self.ranking, self.examples, self._nothing):
            self._views.addWidget(view)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._views)
        self.slider.valueChanged.connect(self._move_threshold)
        self.slider.setValue(int(THRESHOLD * STEPS))
        self._fit_controls()
