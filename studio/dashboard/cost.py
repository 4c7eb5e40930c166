"""The cost J at every iteration, and of the training and dev sets at every evaluation."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from engine.history import History
from studio.dashboard.curve import Array, Curve, Style
from studio.dashboard.curves_panel import CurvesPanel
from studio.dashboard.ranges import Range, decades, from_zero
from studio.dashboard.series import Series, logarithm, zigzag
from studio.session import Session

BATCH = Style(5)
TRAIN = Style(0, Qt.PenStyle.SolidLine, "o")
DEV = Style(1, Qt.PenStyle.DashLine, "s")


class CostPanel(CurvesPanel):
    """Cost J over iterations: of each mini-batch, and per evaluation of train and dev set."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Cost J"),
            self.tr(
                "The cost J that training minimizes: of every mini-batch, and after each epoch "
                "of the whole training set and of the dev set. A dev cost far above the train "
                "cost means overfitting."
            ),
            self.tr("Press Play to see the cost J fall."),
            (self.tr("iteration"), self.tr("cost J")),
            parent,
        )
        self.series: list[Series] = []

    def begin(self, history: History, session: Session) -> None:
        at = history.evaluations["iteration"]
        self.series = [
            Series(history.cost, means=True),
            Series(history.evaluations["train_cost"], at),
            Series(history.evaluations["dev_cost"], at),
        ]
        names = (self.tr("mini-batch"), self.tr("train"), self.tr("dev"))
        styles = (BATCH, TRAIN, DEV)
        self.show_curves([Curve(n, s) for n, s in zip(names, styles, strict=True)])

    def take_in(self, history: History) -> bool:
        complete = [series.update() for series in self.series]
        return all(complete)

    def draw(self, history: History) -> None:
        self.plot.follow(self.x_range(), self._y_range())
        for curve, series in zip(self.curves, self.series, strict=True):
            x, envelope = series.window(self.plot)
            curve.show_points(*self._scaled(*zigzag(x, envelope.low, envelope.high, envelope.step)))

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
