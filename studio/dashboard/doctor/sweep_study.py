"""SweepStudy: errors and weights against lambda, and early stopping's curve beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHeaderView, QTableWidgetItem, QVBoxLayout

from engine.experiments import best_of, l2_sweep, lambdas
from engine.experiments.sweeps import COUPLING, SweepPoint
from engine.probes.borders import Border, border_of, picture_of
from engine.project import Project
from engine.words import percent, short_number
from studio.dashboard.doctor.curve_study import legend_of
from studio.dashboard.doctor.error_plot import ErrorPlot, ErrorPoint
from studio.dashboard.doctor.stopping_plot import StoppingPlot
from studio.dashboard.doctor.study import Study, words
from studio.look.inks import inks_of_theme
from studio.look.plain_text import plain_tip
from studio.look.theme import GRID_PX, tabular_font, theme
from studio.model.document import Document
from studio.running.jobs import Job, Jobs
from studio.running.session import Session
from studio.widgets.option import name_option
from studio.widgets.plain_table import PlainTable
from studio.widgets.tiles import Tile, Tiles

BESIDE_FROM = 90
"""A view at least this many characters wide has both plots side by side."""
TABLE_LINES, PLANE_LINES = 8, 10
BEST = "★ "
"""Before the caption of the picture with the lowest dev error."""


class SweepStudy(Study):
    """A run for each lambda; the best one can be taken over as one edit."""

    name = "sweep"

    def __init__(self, document: Document, session: Session, jobs: Jobs) -> None:
        super().__init__(document, session, jobs, "")
        self.start.setText(self.tr("Train with each λ"))
        self.progress.setAccessibleName(self.tr("Progress of the L2 sweep"))
        self.use = self.controls.add_button(
            self.tr("Use the best λ"), self.tr("One edit that you can undo.")
        )
        self.use.clicked.connect(self.use_best)
        name_option("use_best", self.use)
        self.use.setEnabled(False)
        self.points: list[SweepPoint] = []
        self.borders: list[Border | None] = []
        self._values: list[float] = []
        self.plot = ErrorPlot(self.tr("λ of L2"))
        self.early = StoppingPlot()
        self.table = self._make_table()
        self.l2_words, self.early_words = words(self, "muted"), words(self, "muted")
        self._place()
        self._say(self.tr("Trains the open design without L2, then with stronger and stronger L2."))

    def runs(self, project: Project, job: Job) -> Iterator[tuple[SweepPoint, Border | None]]:
        data = self._document.sets.of(project).data
        for point in l2_sweep(project, self._values, job.is_cancelled, job.report, data):
            network = point.network
            yield point, None if network is None else border_of(network, data)

    def begin_points(self, project: Project) -> None:
        self.points, self.borders = [], []
        self.planes.hide()
        m = project.data.sizes()[0]
        self._values = lambdas(min(project.training.batch_size or m, m))
        self.use.setEnabled(False)
        self.plot.begin([(self._at(value), f"{value:g}") for value in self._values], 0.0)
        self.table.setRowCount(0)
        self.early.show_run(self._session.moment().history)

    def take(self, found: tuple[SweepPoint, Border | None]) -> None:
        self.points.append(found[0])
        self.borders.append(found[1])
        self.plot.show_points(
            [ErrorPoint(self._at(p.l2), f"{p.l2:g}", p.train, p.dev) for p in self.points]
        )
        self._tabulate()
        self._show_borders()
        self.use.setEnabled(best_of(self.points) is not None)

    def conclude(self) -> str:
        best = best_of(self.points)
        if best is None or best.dev is None or best.train is None:
            return self.tr("All runs diverged.")
        text = self.tr("λ = {1:g} has the lowest dev error, {0}; its training error is {2}.")
        return text.format(percent(best.dev.value), best.l2, percent(best.train.value))

    def use_best(self) -> None:
        """Train with the best lambda from now on, in all layers: as the sweep did."""
        best = best_of(self.points)
        if best is not None:
            self._say(
                self._document.try_edit(
                    lambda p: p.with_setting_everywhere("l2", best.l2),
                    self.tr("Use λ = {:g}").format(best.l2),
                )
            )
            self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= BESIDE_FROM * self.fontMetrics().averageCharWidth()
        direction = QBoxLayout.Direction
        self._plots.setDirection(direction.LeftToRight if wide else direction.TopToBottom)

    def _at(self, value: float) -> float:
        """On the logarithmic axis; 0 stands one step left of the smallest λ."""
        if value > 0:
            return math.log10(value)
        positive = [math.log10(v) for v in self._values if v > 0]
        step = positive[1] - positive[0] if len(positive) > 1 else 1.0
        return positive[0] - step

    def _show_borders(self) -> None:
        """What each network decides, side by side, where an example is a point of a plane."""
        shown = [i for i, border in enumerate(self.borders) if border is not None]
        self.planes.setVisible(bool(shown))
        if not shown:
            return
        inks = inks_of_theme()
        pictures = [picture_of(border, inks) for border in self.borders if border is not None]
        longest = max((self._caption(i) for i in shown), key=len)
        self.planes.show_pictures(
            np.stack(pictures), [], lambda at: self._tile(shown[at]), f"{BEST}{longest}"
        )

    def _caption(self, index: int) -> str:
        point = self.points[index]
        dev = percent(point.dev.value) if point.dev is not None else "✗"
        return self.tr("λ {:g}: {}").format(point.l2, dev)

    def _tile(self, index: int) -> Tile:
        point = self.points[index]
        best = best_of(self.points)
        spoken = self.tr("Decisions of the network with λ = {:g}; dev error {}.")
        dev = percent(point.dev.value) if point.dev is not None else "✗"
        words = spoken.format(point.l2, dev)
        mark = BEST if point is best else ""
        return Tile(f"{mark}{self._caption(index)}", words)

    def _tabulate(self) -> None:
        """The weight norms: of all weights together, and of each layer."""
        layers = list(dict.fromkeys(n for p in self.points for n in p.weight_norms))
        titles = ["λ", self.tr("training"), self.tr("dev"), "‖W‖", *(f"‖W‖ {n}" for n in layers)]
        self.table.setColumnCount(len(titles))
        self.table.setHorizontalHeaderLabels(titles)
        self.table.setRowCount(len(self.points))
        for row, point in enumerate(self.points):
            for column, text in enumerate(_cells(point, layers)):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                item.setToolTip(plain_tip(point.problem))
                self.table.setItem(row, column, item)

    def _make_table(self) -> PlainTable:
        table = PlainTable(self)
        table.setAccessibleName(self.tr("Errors and weight norms for each λ"))
        table.setFont(tabular_font())
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)
        table.setMinimumHeight(TABLE_LINES * table.fontMetrics().height())
        return table

    def _place(self) -> None:
        self.l2_words.setText(COUPLING["l2"])
        self.early_words.setText(COUPLING["early"])
        self.column.addWidget(legend_of(self.plot, self))
        self._plots = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._plots.setSpacing(GRID_PX)
        for plot, text in ((self.plot, self.l2_words), (self.early, self.early_words)):
            pair = QVBoxLayout()
            pair.addWidget(plot, 1)
            pair.addWidget(text)
            self._plots.addLayout(pair, 1)
        self.column.addLayout(self._plots, 2)
        self.planes = Tiles(self.tr("Decisions for each λ"), self)
        self.planes.setMinimumHeight(PLANE_LINES * self.fontMetrics().height())
        self.planes.hide()
        self.column.addWidget(self.planes, 1)
        theme.changed.connect(self._show_borders)
        self.column.addWidget(self.table, 1)


def _cells(point: SweepPoint, layers: list[str]) -> list[str]:
    if point.train is None or point.dev is None:
        return [f"{point.l2:g}", "✗", "✗", *("" for _ in ["", *layers])]
    norms = [point.weight_norm, *(point.weight_norms.get(name, 0.0) for name in layers)]
    errors = [percent(point.train.value), percent(point.dev.value)]
    return [f"{point.l2:g}", *errors, *(short_number(norm) for norm in norms)]
