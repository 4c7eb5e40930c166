"""How activations, weights and gradients are spread in each layer; how the start decides it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import numpy as np
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from engine.experiments.initialization_lab import Start, compare, title_of, used_by_all
from engine.initializers import Initializer
from engine.probes.moment import Moment
from engine.probes.private_pass import next_step
from engine.probes.ridges import Ridges
from engine.probes.snapshot import Snapshot
from engine.probes.spreads import DW, A, Histogram, Spreads, W, Z, spreads
from engine.project import Project
from studio.dashboard.histograms.cells import HistogramCells, RidgeCells
from studio.dashboard.histograms.lab_view import LabView
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX
from studio.model.document import Document
from studio.panels.panel import Surroundings
from studio.panels.snapshot_panel import SnapshotPanel
from studio.running.painted_facts import facts_of_project
from studio.running.snapshots import Workbench
from studio.widgets.control_row import ControlRow
from studio.widgets.option import name_option

NOW, OVER_TIME, LAB = "now", "over time", "lab"


class HistogramsQuestion(NamedTuple):
    """run: the key of the run that is meant. project: to start in several ways, in the lab only."""

    run: str
    project: Project | None = None


class MeasuredSpreads(NamedTuple):
    """The spreads of a pass over the next batch."""

    iteration: int
    spreads: Spreads


class HistogramsPanel(SnapshotPanel):
    """Histograms of each layer for the next batch, now or over time, and the initialization lab."""

    id, tab, column, order = "histograms", "Histograms", 2, 4

    @classmethod
    def make(cls, surroundings: Surroundings) -> Self:
        return cls(surroundings.document, surroundings.workbench)

    def __init__(
        self, document: Document, workbench: Workbench, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            self.tr("Histograms"),
            self.tr(
                "The distribution of each layer's numbers for the next batch, with "
                "mean ± standard deviation above and exact zeros as a hatched bar. "
                "The initialization lab starts the open design with several "
                "initializers and the same seed."
            ),
            self.tr("Shows the numbers of each layer as soon as the design can run."),
            workbench,
            parent,
        )
        self._document = document
        self._run_key = ""
        self._compared: Project | None = None
        self.ridges = Ridges()
        self.measured: MeasuredSpreads | None = None
        self._make_controls()
        name_option("view", self.view)
        name_option("kind", self.kind)
        name_option("same_axis", self.same_axis)
        self._make_views()
        document.changed.connect(self._follow_document)

    # What SnapshotPanel asks for.

    def compute(
        self, snapshot: Snapshot, question: HistogramsQuestion
    ) -> MeasuredSpreads | list[Start]:
        project = question.project
        if project is None:
            network, step = next_step(snapshot)
            return MeasuredSpreads(snapshot.iteration, spreads(network, step))
        return compare(project, self._document.sets.of(project).data)

    def question(self) -> HistogramsQuestion:
        if self.view.currentData() != LAB:
            return HistogramsQuestion(self._run_key)
        return HistogramsQuestion(self._run_key, self._document.project)

    def follow(self, moment: Moment) -> None:
        if moment.run is not self._run_key:
            self._run_key = moment.run
            self.ridges, self.measured = Ridges(), None
        if self.view.currentData() == LAB and self.lab_is_up_to_date:
            self.behind = False
            return
        super().follow(moment)

    def show_result(self, result: Any, question: HistogramsQuestion) -> bool:
        if question.project is not None:
            self._compared = question.project
            self.lab.show_starts(result, used_by_all(question.project))
            return True
        if question.run != self._run_key:
            return False
        fresh = self.measured is None
        self.measured = result
        self.ridges.add(result.iteration, result.spreads)
        self._show_measured(fresh)
        return True

    def stale_sentence(self) -> str:
        """The lab is about the open design, not about the run."""
        if self.view.currentData() != LAB:
            return super().stale_sentence()
        if self.lab_is_up_to_date:
            return ""
        return self.tr("The project has changed since these networks were started.")

    def shown(self) -> dict[str, Any]:
        shown = super().shown()
        if self.view.currentData() != LAB or self._compared is None:
            return shown
        told = shown["stale"], shown["message"], shown["empty"]
        return {**shown, **facts_of_project(self._compared, self.painted_set(), *told)}

    def painted(self) -> dict[str, Any]:
        """By node: edges (bins + 1,) and counts (bins,); in the lab, that by initializer."""
        if self.view.currentData() == LAB:
            starts = {title_of(s.initializer): s.spreads for s in self.lab.starts}
            entries = {t: _edges_and_counts(found[A]) for t, found in starts.items()}
        else:
            entries = _edges_and_counts(self.now.histograms)
        return {"kind": self.kind.currentData(), **self.by_name("histograms", entries)}

    def painted_set(self) -> str:
        return "train"

    @property
    def lab_is_up_to_date(self) -> bool:
        """Whether the lab shows the open design as it is. A node that only moves changes nothing
        of it."""
        return self._compared is not None and _starts_alike(self._compared, self._document.project)

    def use(self, initializer: Initializer) -> None:
        """Start all layers with this initializer: one edit that can be undone."""
        text = self.tr("Initialize with {}").format(title_of(initializer))
        refused = self._document.try_edit(
            lambda project: project.with_setting_everywhere("initializer", initializer), text
        )
        self.say(refused, bad=True)

    # What the user does.

    def _change_view(self) -> None:
        view = self.view.currentData()
        for widget in (self.kind, self.same_axis, self.words):
            widget.setVisible(view != LAB)
        self._views.setCurrentWidget(
            {NOW: self.now, OVER_TIME: self.over_time, LAB: self.lab}[view]
        )
        self._show_measured(fresh=True)
        self.ask_again()

    def _change_axis(self, shared: bool) -> None:
        for cells in (self.now, self.over_time):
            cells.share_axis(shared)

    def _follow_document(self, before: Project, after: Project) -> None:
        if self.view.currentData() == LAB and not _starts_alike(before, after):
            self.ask_again()

    # What is shown.

    def _show_measured(self, fresh: bool = False) -> None:
        """Histograms of the chosen kind; only those of the visible view."""
        if self.measured is None:
            return
        kind, iteration = self.kind.currentData(), self.measured.iteration
        self.words.setText(self.tr("iteration {:,}").format(iteration))
        if self.view.currentData() != LAB:
            self.now.show_histograms(self.measured.spreads[kind], fresh)
        if self.view.currentData() == OVER_TIME:
            kept = [(i, spread[kind]) for i, spread in self.ridges.kept]
            if self.ridges.kept[-1][0] != iteration:
                kept.append((iteration, self.measured.spreads[kind]))
            self.over_time.show_ridges(kept, fresh)

    # Building.

    def _make_controls(self) -> None:
        row = ControlRow(self)
        self.view = row.add_combo(
            self.tr("View"),
            [
                (self.tr("Now"), NOW),
                (self.tr("Over time"), OVER_TIME),
                (self.tr("Initialization lab"), LAB),
            ],
        )
        self.kind = row.add_combo(
            self.tr("Numbers"),
            [
                (self.tr("Activations A"), A),
                (self.tr("Pre-activations Z"), Z),
                (self.tr("Weights W"), W),
                (self.tr("Gradients dW"), DW),
            ],
        )
        self.same_axis = row.add_check(
            self.tr("Common axis"), self.tr("One axis for all layers, or one for each layer.")
        )
        self.words = PlainLabel(parent=self)
        self.words.setProperty("role", "muted")
        row.add(self.words)
        self.header.addWidget(row, 1)
        self.view.activated.connect(self._change_view)
        self.kind.activated.connect(lambda: self._show_measured(fresh=True))
        self.same_axis.toggled.connect(self._change_axis)

    def _make_views(self) -> None:
        self.now = HistogramCells(self.tr("Histogram of every layer"), self)
        self.over_time = RidgeCells(self.tr("Histograms of every layer over time"), self)
        self.lab = LabView(self)
        self.lab.wanted.connect(self.use)
        self._views = QStackedWidget(self.content)
        for view in (self.now, self.over_time, self.lab):
            self._views.addWidget(view)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 2)
        layout.addWidget(self._views)


def _starts_alike(a: Project, b: Project) -> bool:
    return a.design is b.design and a.training is b.training and a.data is b.data


def _edges_and_counts(found: Mapping[str, Histogram]) -> dict[str, Any]:
    edges = {node: np.linspace(h.low, h.high, len(h.counts) + 1) for node, h in found.items()}
    return {node: (edges[node], h.counts) for node, h in found.items()}
