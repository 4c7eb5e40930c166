"""EpsilonPlot: the error of one-sided and two-sided differences against the step epsilon."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.gradient_check import EpsilonCurve
from studio.look.theme import GRID_PX
from studio.plots.curve import PlotCurve, Style
from studio.plots.legend import Legend
from studio.plots.plot import Plot
from studio.plots.powers import ten_to
from studio.plots.ranges import decades
from studio.plots.series import logarithm

HEIGHT_PX = 24 * GRID_PX
DECADES_PER_TICK = 3


class EpsilonPlot(QWidget):
    """Both axes are logarithmic; the two slopes, 1 and 2, are what the lectures derive."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = Plot(self.tr("step ε"), self.tr("relative error"), self)
        self.plot.axis("bottom").setLogMode(x=True)
        self.plot.set_logarithmic(True)
        self.curves = [
            self.plot.add(PlotCurve(self.tr("one-sided"), Style(1, Qt.PenStyle.DashLine, "s"))),
            self.plot.add(PlotCurve(self.tr("two-sided"), Style(0, Qt.PenStyle.SolidLine, "o"))),
        ]
        self.plot.setMinimumHeight(HEIGHT_PX)
        self.legend = Legend(parent=self)
        self.legend.show_curves(self.curves)
        self.legend.toggled.connect(lambda index, shown: self.curves[index].setVisible(shown))
        self._ranges = (-14.0, -1.0), (-12.0, 0.0)
        self.plot.view_changed.connect(self._follow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 2)
        layout.addWidget(self.legend)
        layout.addWidget(self.plot, 1)

    def show_curve(self, curve: EpsilonCurve) -> None:
        """Show errors at other steps."""
        steps = logarithm(curve.epsilons)
        errors = [logarithm(curve.one_sided), logarithm(curve.two_sided)]
        for item, values in zip(self.curves, errors, strict=True):
            item.show_points(steps, values)
        shown = np.concatenate(errors)
        shown = shown[np.isfinite(shown)]
        low, high = (shown.min(), shown.max()) if len(shown) else (-12.0, 0.0)
        ends = math.floor(steps.min()) - 0.2, math.ceil(steps.max()) + 0.2
        self._ranges = ends, decades(None, float(low), float(high))
        self._follow()

    def _follow(self) -> None:
        """Show all, with every few powers of ten at both axes."""
        self.plot.follow(*self._ranges)
        for side, (low, high) in zip(("bottom", "left"), self._ranges, strict=True):
            exponents = range(math.ceil(low), math.floor(high) + 1)
            ticks = [(float(e), ten_to(e)) for e in exponents if e % DECADES_PER_TICK == 0]
            self.plot.show_ticks(side, ticks)
