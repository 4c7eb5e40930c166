"""The norm of every layer's gradient on a logarithmic axis."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from engine.history import History
from studio.dashboard.curve import Curve, style_of
from studio.dashboard.curves_panel import CurvesPanel
from studio.dashboard.legend import scrolled
from studio.dashboard.ranges import decades
from studio.dashboard.series import Series, logarithm, zigzag
from studio.session import Session
from studio.theme import GRID_PX


class GradientNormsPanel(CurvesPanel):
    """‖gradient‖ of each layer over iterations; where it is 0 or not finite, there is a gap."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Gradient norms"),
            self.tr(
                "The length of every layer's gradient. Layers far below the others learn almost "
                "nothing (vanishing gradients); lines that shoot up explode. A gap means exactly 0."
            ),
            self.tr("Press Play to see how strongly every layer learns."),
            (self.tr("iteration"), self.tr("‖gradient‖")),
            parent,
        )
        self.series: Series | None = None
        self.plot.set_logarithmic(True)

    def legend_direction(self) -> QBoxLayout.Direction:
        return QBoxLayout.Direction.TopToBottom

    def arrange(self) -> None:
        layout = QHBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX)
        layout.addWidget(self.plot, 1)
        layout.addWidget(scrolled(self.legend))

    def begin(self, history: History, session: Session) -> None:
        nodes = history.nodes
        self.series = Series(history.gradient_norm, width=len(nodes), positive=True)
        self.show_curves([Curve(n, style_of(i, len(nodes))) for i, n in enumerate(nodes)])

    def take_in(self, history: History) -> bool:
        return self.series is None or self.series.update()

    def draw(self, history: History) -> None:
        if self.series is None:
            return
        span = self.series.pyramid.extremes()
        low, high = (math.log10(value) for value in span or (0.1, 1.0))
        self.plot.follow(self.x_range(), decades(self.plot.held, low, high))
        x, envelope = self.series.window(self.plot)
        lows, highs = logarithm(envelope.low), logarithm(envelope.high)
        for column, curve in enumerate(self.curves):
            if curve.isVisible():
                points = zigzag(x, lows[:, column], highs[:, column], envelope.step)
                curve.show_points(*points)
