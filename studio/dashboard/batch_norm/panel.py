"""What a normalization does to every unit, and with which statistics."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from engine.probes.moment import Moment
from engine.probes.normalization import Inspection, inspect
from engine.probes.snapshot import Snapshot
from studio.dashboard.batch_norm.bands import Band, Bands
from studio.dashboard.batch_norm.unit_table import UnitTable
from studio.look.plain_text import PlainLabel, plain_tip
from studio.panels.panel import Surroundings
from studio.panels.snapshot_panel import SnapshotPanel
from studio.running.snapshots import Workbench
from studio.widgets.control_row import ControlRow, stacked
from studio.widgets.option import name_option

USED = "● "
SYMBOLS = {"gamma": "γ", "beta": "β", "mean": "μ", "variance": "σ²"}
"""How the lectures write what layers name in words."""


class BatchNormQuestion(NamedTuple):
    """layer: which of the normalizations, from 0. training: as in training, or in evaluation."""

    layer: int
    training: bool
    run: str


class BatchNormPanel(SnapshotPanel):
    """Mean and variance of each unit before and after, parameters and running values."""

    id, tab, column, order = "batch_norm", "Batch norm", 2, 5

    @classmethod
    def make(cls, surroundings: Surroundings) -> Self:
        return cls(surroundings.workbench)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Batch norm"),
            self.tr(
                "For the next batch: one bar per unit from μ − σ to μ + σ, for Z, for "
                "the normalized Z, and for the output after γ and β, with the numbers "
                "below. In evaluation mode, the running values replace those of the "
                "batch."
            ),
            self.tr(
                "Shows what batch norm does to every unit. Turn it on for one layer, "
                "or for all layers in the Training panel."
            ),
            workbench,
            parent,
        )
        self.inspection: Inspection | None = None
        self._run_key = ""
        self._layer = 0
        self._make_controls()
        name_option("layer", self.layer)
        name_option("mode", self.mode)
        self._make_views()

    def compute(self, snapshot: Snapshot, question: BatchNormQuestion) -> Inspection | None:
        return inspect(snapshot, question.layer, question.training)

    def question(self) -> BatchNormQuestion:
        return BatchNormQuestion(self._layer, self.mode.currentData(), self._run_key)

    def follow(self, moment: Moment) -> None:
        self._run_key = moment.run
        super().follow(moment)

    def show_empty(self, empty: bool) -> None:
        super().show_empty(empty)
        self.controls.setVisible(not empty)

    def show_result(self, result: Inspection | None, question: BatchNormQuestion) -> bool:
        if question != self.question():
            return False
        if result is None:
            self.show_empty(True)
            return True
        before = self.inspection
        fresh = before is None or (before.names, before.chosen) != (result.names, result.chosen)
        self.inspection = result
        if [self.layer.itemText(i) for i in range(self.layer.count())] != list(result.names):
            self._list(result.names)
        self.layer.setCurrentIndex(result.chosen)
        self._tell(result)
        self.bands.show_bands(
            [
                Band(self.tr("Z"), result.before, 0),
                Band(self.tr("Z norm"), result.normalized, 2),
                Band(self.tr("output"), result.after, 1),
            ],
            fresh,
        )
        self.table.show_values(*self._columns(result))
        return True

    def painted(self) -> dict[str, Any]:
        found = self.inspection
        assert found is not None
        pairs = {"before": found.before, "normalized": found.normalized, "after": found.after}
        arrays: dict[str, np.ndarray] = {}
        for name, moments in pairs.items():
            arrays |= {f"{name}.mean": moments.mean, f"{name}.variance": moments.variance}
        entries = {found.names[found.chosen]: arrays | found.learned | found.running}
        return {"training": found.training, **self.by_name("batch_norm", entries)}

    def painted_set(self) -> str:
        return "train"

    def _columns(self, result: Inspection) -> tuple[list[str], np.ndarray]:
        """Titles and values; the statistics that normalize are marked."""
        batch, running = (USED, "") if result.training else ("", USED)
        columns = {
            f"{batch}μ Z": result.before.mean,
            f"{batch}σ² Z": result.before.variance,
            self.tr("μ Z norm"): result.normalized.mean,
            self.tr("σ² Z norm"): result.normalized.variance,
        }
        columns |= {SYMBOLS.get(name, name): value for name, value in result.learned.items()}
        columns |= {
            self.tr("μ output"): result.after.mean,
            self.tr("σ² output"): result.after.variance,
        }
        word = self.tr("running {}")
        columns |= {
            running + word.format(SYMBOLS.get(name, name)): value
            for name, value in result.running.items()
        }
        return list(columns), np.column_stack(list(columns.values()))

    def _tell(self, result: Inspection) -> None:
        """Say which statistics normalize."""
        if result.training:
            short = self.tr("● this batch of {}").format(result.examples)
            text = self.tr("Iteration {:,}: Z is normalized with μ and σ² of these {:,} examples.")
        else:
            short = self.tr("● running values")
            text = self.tr(
                "Iteration {:,}: these {:,} examples are normalized with the running μ and σ²."
            )
        text = text.format(result.iteration, result.examples)
        shown = len(result.before.mean)
        if shown < result.units:
            more = self.tr(" Showing the first {:,} of {:,} units.")
            text += more.format(shown, result.units)
        self.words.setText(short)
        self.words.setToolTip(plain_tip(text))
        self.bands.setAccessibleDescription(text)

    def _list(self, names: tuple[str, ...]) -> None:
        self.layer.clear()
        self.layer.addItems(list(names))

    def _choose(self) -> None:
        self._layer = max(0, self.layer.currentIndex())
        self.ask_again()

    def _make_controls(self) -> None:
        self.controls = row = ControlRow(self)
        self.layer = row.add_combo(self.tr("Layer"), [])
        self.mode = row.add_combo(
            self.tr("Mode"), [(self.tr("Training"), True), (self.tr("Evaluation"), False)]
        )
        self.words = PlainLabel(parent=self)
        self.words.setProperty("role", "muted")
        row.add(self.words)
        self.header.addWidget(stacked(row), 1)
        self.layer.activated.connect(self._choose)
        self.mode.activated.connect(self.ask_again)
        row.hide()

    def _make_views(self) -> None:
        self.bands = Bands(self.tr("Mean and standard deviation of every unit"), self)
        self.table = UnitTable(self.tr("Statistics of every unit"), self)
        both = QSplitter(Qt.Orientation.Vertical)
        both.addWidget(self.bands)
        both.addWidget(self.table)
        both.setChildrenCollapsible(False)
        both.setSizes([300, 200])
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(both, 1)
