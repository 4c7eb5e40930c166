"""The cost J at every iteration, and the mean loss of train and dev set at every evaluation."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from engine.averages import exponentially_weighted_average
from engine.probes.moment import Moment
from engine.training.history import History
from studio.panels.curves_panel import CurvesPanel, Words
from studio.plots.curve import NEUTRAL, Array, PlotCurve, Style
from studio.plots.export import spread
from studio.plots.ranges import Range, decades, from_zero
from studio.plots.series import Series, logarithm, without_gaps, zigzag
from studio.plots.smoothing import WARM_UP

BATCH = Style(NEUTRAL)
SMOOTH = Style(2)
TRAIN = Style(0, Qt.PenStyle.SolidLine, "o")
DEV = Style(1, Qt.PenStyle.DashLine, "s")
EVALUATED = ("train_cost", "dev_cost")


class CostPanel(CurvesPanel):
    """Over iterations: J of each mini-batch, and the loss of train and dev set."""

    id, tab, column, order = "cost", "Cost J", 0, 1

    can_be_logarithmic = True
    can_be_smoothed = True
    shows_marks = True

    def __init__(self, parent: QWidget | None = None) -> None:
        words = Words(
            self.tr("Cost J"),
            self.tr(
                "The cost J that training minimizes, for every mini-batch and with L2 "
                "and L1 penalties. At every evaluation, also the mean loss on the "
                "training set and on the dev set, without penalties, so that the two "
                "can be compared. A dev loss far above the train loss means "
                "overfitting."
            ),
            self.tr("Press Play to see the cost J fall."),
            self.tr("iteration"),
            self.tr("cost J"),
        )
        super().__init__(words, parent)
        self.series: list[Series] = []

    def begin(self, history: History, moment: Moment) -> None:
        at = history.evaluations["iteration"]
        evaluated = [Series(history.evaluations[name], at) for name in EVALUATED]
        self.series = [Series(history.cost, means=True), *evaluated]
        faint = BATCH._replace(faint=self.options.beta > 0)
        curves = [
            PlotCurve(self.tr("batch J"), faint),
            PlotCurve(self.tr("train loss"), TRAIN),
            PlotCurve(self.tr("dev loss"), DEV),
        ]
        smooth = PlotCurve(self.tr("batch J"), SMOOTH)
        smooth.setVisible(self.options.beta > 0)
        self.show_curves(curves, {0: smooth})

    def keys(self) -> list[str]:
        return ["batch", "train", "dev"]

    def read_from(self, history: History) -> None:
        self.series[0].y = history.cost
        for series, name in zip(self.series[1:], EVALUATED, strict=True):
            series.x, series.y = history.evaluations["iteration"], history.evaluations[name]

    def take_in(self, history: History) -> bool:
        complete = [series.update() for series in self.series]
        return all(complete)

    def draw(self, history: History) -> None:
        self.plot.follow(self.x_range(), self._y_range())
        for index, (curve, series) in enumerate(zip(self.curves, self.series, strict=True)):
            if self.is_shown(index):
                x, envelope = series.window(self.plot)
                points = zigzag(x, envelope.low, envelope.high, envelope.step)
                if index:
                    points = without_gaps(*points)
                curve.show_points(*self._scaled(*points))
        if self.options.beta and self.is_shown(0):
            self._draw_smooth(self.options.beta)

    def lines_at(self, x: float) -> list[str]:
        history = self.history
        assert history is not None
        row = int(x) - 1
        rate = float(history.learning_rate.values[row])
        lines = [
            self.tr("iteration {:,}").format(int(x)),
            self.tr("batch J {:.6g}").format(history.cost.values[row]),
        ]
        titles = self.tr("train loss"), self.tr("dev loss")
        for name, column in zip(titles, EVALUATED, strict=True):
            done, values = history.evaluated(column, "iteration")
            last = int(np.searchsorted(done, x, side="right")) - 1
            if last >= 0:
                words = self.tr("{} {:.6g} (at {:,})")
                lines.append(words.format(name, values[last], int(done[last])))
        return [*lines, self.tr("learning rate {:.4g}").format(rate)]

    def table(self, history: History) -> tuple[list[str], Sequence[Array]]:
        count = len(history)
        evaluations = len(history.evaluations[EVALUATED[-1]])
        done = history.evaluations["iteration"].values[:evaluations].astype(int)
        done = done[done <= count]
        costs = [history.evaluations[name].values[: len(done)] for name in EVALUATED]
        columns = [
            np.arange(1, count + 1),
            history.cost.values[:count],
            *(spread(count, done - 1, values) for values in costs),
            history.learning_rate.values[:count],
        ]
        return ["iteration", "mini-batch cost", "train loss", "dev loss", "learning rate"], columns

    def _draw_smooth(self, beta: float) -> None:
        before = math.ceil(WARM_UP / (1 - beta))
        x, envelope = self.series[0].window(self.plot, before)
        if envelope.mean is not None:
            average = exponentially_weighted_average(envelope.mean, beta, envelope.step)
            self.smooth[0].show_points(*self._scaled(x, average))

    def _scaled(self, x: Array, y: Array) -> tuple[Array, Array]:
        return x, logarithm(y) if self.plot.logarithmic else y

    def _y_range(self) -> Range:
        spans = [span for series in self.series if (span := series.pyramid.extremes())]
        if not spans:
            return self.plot.held or (0.0, 1.0)
        low, high = min(span[0] for span in spans), max(span[1] for span in spans)
        if not self.plot.logarithmic:
            return from_zero(self.plot.held, low, high)
        high = math.log10(high) if high > 0 else 0.0
        return decades(self.plot.held, math.log10(low) if low > 0 else high - 1, high)
