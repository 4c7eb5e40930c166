"""StoppingPlot: what early stopping would choose from, in the window's own run."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from engine.experiments import stopping_curve
from engine.training.history import History
from studio.dashboard.doctor.error_plot import PERCENT, LowPlot
from studio.look.theme import theme
from studio.plots.curve import PlotCurve, Style
from studio.plots.ranges import from_zero


class StoppingPlot(LowPlot):
    """The errors of the window's own run over its epochs; a line where the dev error is lowest."""

    def __init__(self) -> None:
        super().__init__("", "")
        self.set_label("bottom", self.tr("epoch of your run"))
        self.set_label("left", self.tr("error (%)"))
        self.train = self.add(PlotCurve(self.tr("training"), Style(0, symbol="o")))
        self.dev = self.add(PlotCurve(self.tr("dev"), Style(1, Qt.PenStyle.DashLine, "t")))
        self.line = pg.InfiniteLine(angle=90, movable=False)
        self.line.setVisible(False)
        self.getPlotItem().getViewBox().addItem(self.line, ignoreBounds=True)
        self._dress_line()
        theme.changed.connect(self._dress_line)

    def show_run(self, history: History | None) -> None:
        """Draw what early stopping would choose from."""
        curve = stopping_curve(history) if history is not None else None
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
