"""SweepStudy: errors and weights against lambda, and early stopping's curve beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHeaderView, QTableWidgetItem, QVBoxLayout

from engine.doctor import best_of, l2_sweep, lambdas, percent, stopping_curve
from engine.doctor.sweep import COUPLING, SweepPoint
from engine.project import Project
from studio import edits
from studio.dashboard.curve import Curve, Style
from studio.dashboard.doctor.curve_study import legend_of
from studio.dashboard.doctor.error_plot import PERCENT, ErrorPlot, ErrorPoint, LowPlot
from studio.dashboard.doctor.study import Study, words
from studio.dashboard.inks import figure
from studio.dashboard.plain_table import PlainTable
from studio.dashboard.ranges import from_zero
from studio.document import Document
from studio.jobs import Job, Jobs
from studio.session import Session
from studio.theme import GRID_PX, tabular_font, theme

BESIDE_FROM = 90
"""A view at least so many characters wide has both plots side by side."""
TABLE_LINES = 8


class SweepStudy(Study):
    """A run for each lambda; the best one can be taken over as one edit."""

    def __init__(self, document: Document, session: Session, jobs: Jobs) -> None:
        super().__init__(document, session, jobs, "")
        self.start.setText(self.tr("Train with each λ"))
        self.progress.setAccessibleName(self.tr("Progress of the L2 sweep"))
        self.use = self.controls.add_button(
            self.tr("Use the best λ"), self.tr("One edit that Undo takes back.")
        )
        self.use.clicked.connect(self.use_best)
        self.use.setEnabled(False)
        self.points: list[SweepPoint] = []
        self._values: list[float] = []
        self.plot = ErrorPlot(self.tr("λ of L2"))
        self.early = StoppingPlot()
        self.table = self._make_table()
        self.l2_words, self.early_words = words(self, "muted"), words(self, "muted")
        self._place()
        self._say(
            self.tr("The open design is trained with no L2 and with stronger and stronger L2.")
        )

    def runs(self, project: Project, job: Job) -> Iterator[SweepPoint]:
        return l2_sweep(project, self._values, job.is_cancelled, job.report)

    def begin_points(self, project: Project) -> None:
        self.points = []
        m = project.data.sizes()[0]
        self._values = lambdas(min(project.training.batch_size or m, m))
        self.use.setEnabled(False)
        self.plot.begin([(self._at(value), f"{value:g}") for value in self._values], 0.0)
        self.table.setRowCount(0)
        self.early.show_run(self._session)

    def take(self, point: SweepPoint) -> None:
        self.points.append(point)
        self.plot.show_points(
            [ErrorPoint(self._at(p.l2), f"{p.l2:g}", p.train, p.dev) for p in self.points]
        )
        self._tabulate()
        self.use.setEnabled(best_of(self.points) is not None)

    def conclude(self) -> str:
        best = best_of(self.points)
        if best is None or best.dev is None or best.train is None:
            return self.tr("All runs diverged.")
        text = self.tr("The lowest dev error, {}, is that of λ = {:g}; its training error is {}.")
        return text.format(percent(best.dev.value), best.l2, percent(best.train.value))

    def use_best(self) -> None:
        """Train with the best lambda from now on, in all layers: as the sweep did."""
        best = best_of(self.points)
        if best is not None:
            self._say(
                self._document.try_edit(
                    lambda p: edits.set_for_all_layers(p, "l2", best.l2),
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
                item.setToolTip(point.problem)
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
        self.column.addWidget(self.table, 1)


class StoppingPlot(LowPlot):
    """The errors of the window's own run over its epochs; a line where the dev error is lowest."""

    def __init__(self) -> None:
        super().__init__("", "")
        self.set_label("bottom", self.tr("epoch of your run"))
        self.set_label("left", self.tr("error (%)"))
        self.train = self.add(Curve(self.tr("training"), Style(0, symbol="o")))
        self.dev = self.add(Curve(self.tr("dev"), Style(1, Qt.PenStyle.DashLine, "t")))
        self.line = pg.InfiniteLine(angle=90, movable=False)
        self.line.setVisible(False)
        self.getPlotItem().getViewBox().addItem(self.line, ignoreBounds=True)
        self._dress_line()
        theme.changed.connect(self._dress_line)

    def show_run(self, session: Session) -> None:
        """Draw what early stopping would choose from."""
        curve = stopping_curve(session.history) if session.history is not None else None
        self.line.setVisible(curve is not None)
        if curve is None:
            nothing = np.zeros(0)
            self.train.show_points(nothing, nothing)
            self.dev.show_points(nothing, nothing)
            self.follow((0.0, 1.0), (0.0, PERCENT))
            return
        self.train.show_points(curve.epoch, PERCENT * curve.train_error)
        self.dev.show_points(curve.epoch, PERCENT * curve.dev_error)
        self.line.setValue(float(curve.epoch[curve.best]))
        highest = PERCENT * float(max(curve.train_error.max(), curve.dev_error.max()))
        end = max(1.0, float(curve.epoch[-1]))
        self.follow((0.0, 1.02 * end), from_zero(self.held, 0.0, max(1.0, highest)))

    def _dress_line(self) -> None:
        self.line.setPen(pg.mkPen(QColor(theme.colors.text), style=Qt.PenStyle.DotLine))


def _cells(point: SweepPoint, layers: list[str]) -> list[str]:
    if point.train is None or point.dev is None:
        return [f"{point.l2:g}", "✗", "✗", *("" for _ in ["", *layers])]
    norms = [point.weight_norm, *(point.weight_norms.get(name, 0.0) for name in layers)]
    errors = [percent(point.train.value), percent(point.dev.value)]
    return [f"{point.l2:g}", *errors, *(figure(norm) for norm in norms)]
