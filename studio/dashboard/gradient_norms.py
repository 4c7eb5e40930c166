"""The norm of every layer's gradient on a logarithmic axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from engine.averages import exponentially_weighted_average
from engine.probes.moment import Moment
from engine.training.history import History
from studio.look.theme import GRID_PX
from studio.panels.curves_panel import CurvesPanel, Words
from studio.plots.curve import Array, PlotCurve, style_of
from studio.plots.legend import LegendArea
from studio.plots.ranges import decades
from studio.plots.series import Series, logarithm, zigzag
from studio.plots.smoothing import WARM_UP, WINDOWS

SMOOTHING_AT_FIRST = WINDOWS.index(20)
"""Norms of mini-batches jump by factors; without smoothing, the layers hide each other."""
MOST_LINES = 12
MOST_IN_HEADER = 6
BESIDE_FROM = 60
"""A panel at least this many characters wide has its legend beside the plot."""


class GradientNormsPanel(CurvesPanel):
    """‖gradient‖ of each layer over iterations; where it is 0 or not finite, there is a gap."""

    id, tab, column, order = "gradient_norms", "Norms", 2, 2

    can_be_smoothed = True
    shows_marks = True

    def __init__(self, parent: QWidget | None = None) -> None:
        words = Words(
            self.tr("Gradient norms"),
            self.tr(
                "The norm of each layer's gradient. Layers far below the others learn "
                "almost nothing (vanishing gradients); lines that shoot up are "
                "exploding. A gap means exactly 0."
            ),
            self.tr("Press Play to see how strongly each layer learns."),
            self.tr("iteration"),
            self.tr("gradient norm"),
        )
        super().__init__(words, parent)
        self.series: Series | None = None
        self.plot.set_logarithmic(True)
        self.options.slider.setValue(SMOOTHING_AT_FIRST)

    def arrange(self) -> None:
        self._space = QHBoxLayout()
        self._space.addStretch(1)
        self.header.addLayout(self._space, 1)
        self._area = LegendArea(self.content)
        self._layout = QBoxLayout(QBoxLayout.Direction.RightToLeft, self.content)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID_PX // 2)
        self._layout.addWidget(self._area)
        self._layout.addWidget(self.plot, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_legend()

    def follow(self, moment: Moment) -> None:
        super().follow(moment)
        if self.history is None and self.curves:
            self.show_curves([])  # the legend names no layers of a project that is closed

    def begin(self, history: History, moment: Moment) -> None:
        nodes, smooth = history.nodes, self.options.beta > 0
        self.series = Series(history.gradient_norm, width=len(nodes), positive=True)
        styles = [style_of(i, len(nodes)) for i in range(len(nodes))]
        curves = [
            PlotCurve(n, s._replace(faint=smooth)) for n, s in zip(nodes, styles, strict=True)
        ]
        companions = {i: PlotCurve(n, styles[i]) for i, n in enumerate(nodes)}
        for companion in companions.values():
            companion.setVisible(smooth)
        self.show_curves(curves, companions)
        self._place_legend()

    def _place_legend(self) -> None:
        """In the header if it is short; else beside the plot, or above it in a narrow panel."""
        short = len(self.curves) <= MOST_IN_HEADER
        self._area.setVisible(not short)
        if short:
            self.legend.set_most_columns(MOST_IN_HEADER)
            self._space.insertWidget(0, self.legend)
            return
        self._area.take(self.legend)
        if self.width() >= BESIDE_FROM * self.fontMetrics().averageCharWidth():
            self._layout.setDirection(QBoxLayout.Direction.RightToLeft)
            self._area.stand_beside()
        else:
            self._layout.setDirection(QBoxLayout.Direction.TopToBottom)
            self._area.stand_above()

    def painted(self) -> dict[str, Any]:
        """values: (iterations, nodes); NaN for layers whose curve is turned off."""
        curves = super().painted()
        points = [curves["curves"].get(node) for node in self.keys()]
        x = next((p[0] for p in points if p is not None), np.zeros(0))
        values = [np.full(len(x), np.nan) if p is None else p[1] for p in points]
        return {
            **curves,
            "nodes": self.keys(),
            "iterations": x,
            "values": np.array(values).T.reshape(len(x), -1),
        }

    def painted_set(self) -> str:
        return "train"

    def read_from(self, history: History) -> None:
        if self.series is not None:
            self.series.y = history.gradient_norm

    def take_in(self, history: History) -> bool:
        return self.series is None or self.series.update()

    def draw(self, history: History) -> None:
        if self.series is None:
            return
        span = self.series.pyramid.extremes()
        low, high = (math.log10(value) for value in span or (0.1, 1.0))
        self.plot.follow(self.x_range(), decades(self.plot.held, low, high))
        beta = self.options.beta
        before = math.ceil(WARM_UP / (1 - beta)) if beta else 0
        x, envelope = self.series.window(self.plot, before)
        lows, highs = logarithm(envelope.low), logarithm(envelope.high)
        shown = [index for index in range(len(self.curves)) if self.is_shown(index)]
        for index in shown:
            points = zigzag(x, lows[:, index], highs[:, index], envelope.step)
            self.curves[index].show_points(*points)
        if beta:
            averages = exponentially_weighted_average(
                (lows + highs) / 2, beta, envelope.step
            )  # (n, layers)
            for index in shown:
                self.smooth[index].show_points(x, averages[:, index])

    def lines_at(self, x: float) -> list[str]:
        assert self.history is not None
        norms = self.history.gradient_norm.values[int(x) - 1]
        shown = [i for i in range(len(self.curves)) if self.is_shown(i)][:MOST_LINES]
        lines = [f"{self.history.nodes[i]} {norms[i]:.4g}" for i in shown]
        return [self.tr("iteration {:,}").format(int(x)), *lines]

    def table(self, history: History) -> tuple[list[str], Sequence[Array]]:
        norms = history.gradient_norm.values
        iterations = np.arange(1, len(norms) + 1)
        return ["iteration", *history.nodes], [iterations, *norms.T]
