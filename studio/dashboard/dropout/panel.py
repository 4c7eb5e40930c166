"""The units that dropout turns off in the next batch, and how the others are scaled."""

from __future__ import annotations

import time
from typing import Any, NamedTuple, Self

from PySide6.QtWidgets import QSpinBox, QVBoxLayout, QWidget

from engine.probes.masks import MOST_EXAMPLES, Masks, draw_masks
from engine.probes.moment import Moment
from engine.probes.snapshot import Snapshot
from studio.dashboard.dropout.unit_cells import WHOLE_BATCH, UnitCells
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX
from studio.panels.panel import Surroundings
from studio.panels.snapshot_panel import SnapshotPanel
from studio.running.snapshots import Workbench
from studio.widgets.control_row import ControlRow, stacked
from studio.widgets.option import name_option

CALM_S = 1.0
"""While training, masks change no more often than this: faster ones can only flicker."""


class DropoutQuestion(NamedTuple):
    """training: draw masks, or evaluate. redraw: 0 for the masks of the next step."""

    training: bool
    redraw: int
    run: str


class DropoutPanel(SnapshotPanel):
    """Units as cells: kept ones with their scaled activation, dropped ones faded and crossed."""

    id, tab, column, order = "dropout", "Dropout", 2, 6

    @classmethod
    def make(cls, surroundings: Surroundings) -> Self:
        return cls(surroundings.workbench)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Dropout"),
            self.tr(
                "Units that dropout turns off in the next batch are crossed out; the "
                "others are scaled by 1/keep_prob, so that the expected sum stays the "
                "same. In evaluation mode, nothing is dropped."
            ),
            self.tr(
                "Shows the units that dropout turns off. Give a layer a keep probability below 1."
            ),
            workbench,
            parent,
        )
        self.masks: Masks | None = None
        self._run_key = ""
        self._iteration = 0
        self._redraw = 0
        self._shown_at = -CALM_S
        self._make_controls()
        name_option("mode", self.mode)
        name_option("example", self.example)
        name_option("draw_again", self.again)
        self._make_views()

    def compute(self, snapshot: Snapshot, question: DropoutQuestion) -> Masks:
        return draw_masks(snapshot, training=question.training, redraw=question.redraw)

    def question(self) -> DropoutQuestion:
        return DropoutQuestion(self.mode.currentData(), self._redraw, self._run_key)

    def follow(self, moment: Moment) -> None:
        iteration = moment.iteration
        if (moment.run, iteration) != (self._run_key, self._iteration):
            self._redraw = 0
        self._run_key, self._iteration = moment.run, iteration
        if moment.running and time.monotonic() - self._shown_at < CALM_S:
            self.behind = True
            return
        super().follow(moment)

    def show_empty(self, empty: bool) -> None:
        super().show_empty(empty)
        self.controls.setVisible(not empty)

    def show_result(self, result: Masks, question: DropoutQuestion) -> bool:
        if question != self.question():
            return False
        self._shown_at = time.monotonic()
        if not result.masks:
            self.show_empty(True)
            return True
        self.masks = result
        self.example.setMaximum(min(result.examples, MOST_EXAMPLES))
        self.again.setEnabled(question.training)
        self.words.setText(self._words(result.iteration, question))
        self._show_example()
        return True

    def painted(self) -> dict[str, Any]:
        assert self.masks is not None
        entries = {
            mask.node: {
                "kept": mask.kept,
                "before": mask.before,
                "after": mask.after,
                "keep_prob": mask.keep_prob,
            }
            for mask in self.masks.masks
        }
        return self.by_name("dropout", entries)

    def painted_set(self) -> str:
        return "train"

    def draw_again(self) -> None:
        """Show other masks for the same batch; training is not touched."""
        self._redraw += 1
        self.ask_again()

    def _show_example(self) -> None:
        if self.masks is not None:
            number = self.example.value()
            self.cells.show_masks(self.masks.masks, number - 1 if number else WHOLE_BATCH)

    def _explain(self) -> None:
        self.formula.setText(self.cells.sentence(self.cells.current) if self.cells.masks else "")

    def _words(self, iteration: int, question: DropoutQuestion) -> str:
        if not question.training:
            return self.tr("no mask")
        if question.redraw:
            return self.tr("preview, not from training")
        return self.tr("step {:,}").format(iteration + 1)

    def _make_controls(self) -> None:
        self.controls = row = ControlRow(self)
        self.mode = row.add_combo(
            self.tr("Mode"), [(self.tr("Training"), True), (self.tr("Evaluation"), False)]
        )
        self.example = QSpinBox(self)
        self.example.setRange(0, 1)
        self.example.setValue(1)
        self.example.setPrefix(self.tr("example "))
        self.example.setSpecialValueText(self.tr("whole batch"))
        self.example.setAccessibleName(self.tr("Example of the batch"))
        self.example.setToolTip(self.tr("Every example of a batch has its own mask."))
        row.add(self.example)
        self.again = row.add_button(
            self.tr("New Mask"),
            self.tr("Draw new masks for the same batch. Training is not affected."),
        )
        self.words = PlainLabel(parent=self)
        self.words.setProperty("role", "muted")
        row.add(self.words)
        self.header.addWidget(stacked(row), 1)
        self.mode.activated.connect(self.ask_again)
        self.example.valueChanged.connect(self._show_example)
        self.again.clicked.connect(self.draw_again)
        row.hide()

    def _make_views(self) -> None:
        self.cells = UnitCells(self.tr("Units of layers with dropout"), self)
        self.formula = PlainLabel(parent=self)
        self.formula.setWordWrap(True)
        self.cells.current_changed.connect(self._explain)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 2)
        layout.addWidget(self.cells, 1)
        layout.addWidget(self.formula)
