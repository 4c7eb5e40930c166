"""ErrorPlot: training and dev error with their intervals, at a few places along a logarithm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.doctor import ErrorRate
from studio.look.theme import GRID_PX, theme
from studio.plots.curve import PlotCurve, Style
from studio.plots.plot import Plot
from studio.plots.ranges import from_zero

PERCENT = 100.0
PLOT_LINES = 8
"""The least height of a plot, in lines of text."""
EDGE = 0.06
"""Room beside the outermost points, as a share of the axis."""


class ErrorPoint(NamedTuple):
    """x: where it stands. label: at the axis. train, dev: None where there is no error."""

    x: float
    label: str
    train: ErrorRate | None
    dev: ErrorRate | None


class Whiskers(pg.ErrorBarItem):
    """The intervals of one curve, in its color."""

    def __init__(self, style: Style) -> None:
        super().__init__(x=np.zeros(0), y=np.zeros(0), top=np.zeros(0), bottom=np.zeros(0))
        self._style = style
        self.dress()

    def dress(self) -> None:
        """Take the theme's colors."""
        self.setOpts(pen=pg.mkPen(self._style.ink()))

    def show_intervals(self, x: np.ndarray, rates: Sequence[ErrorRate]) -> None:
        """One interval for each point."""
        y = PERCENT * np.array([rate.value for rate in rates])
        bounds = PERCENT * np.array([tuple(rate.interval) for rate in rates]).reshape(-1, 2)
        self.setData(x=x, y=y, bottom=y - bounds[:, 0], top=bounds[:, 1] - y)


class LowPlot(Plot):
    """A plot among other things in a view that scrolls: low, unless there is room."""

    def sizeHint(self) -> QSize:
        return QSize(PLOT_LINES * self.fontMetrics().height(), self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(PLOT_LINES * line, PLOT_LINES * line)


class ErrorPlot(LowPlot):
    """Errors in percent; a line at the human-level error."""

    def __init__(self, x_label: str, parent: QWidget | None = None) -> None:
        super().__init__(x_label, "", parent)
        self.set_label("left", self.tr("error (%)"))
        self.points: list[ErrorPoint] = []
        self._span = 0.0, 1.0
        self._human = 0.0
        styles = {
            "train": Style(0, symbol="o"),
            "dev": Style(1, Qt.PenStyle.DashLine, "t"),
        }
        titles = {"train": self.tr("training"), "dev": self.tr("dev")}
        self.curves = {n: self.add(PlotCurve(titles[n], style)) for n, style in styles.items()}
        self.whiskers = {name: Whiskers(style) for name, style in styles.items()}
        view = self.getPlotItem().getViewBox()
        self.human = pg.InfiniteLine(angle=0, movable=False)
        for item in (*self.whiskers.values(), self.human):
            view.addItem(item, ignoreBounds=True)
        self._dress_more()
        theme.changed.connect(self._dress_more)

    def begin(self, places: Sequence[tuple[float, str]], human: float) -> None:
        """An empty plot for points at these places: (x, label) each."""
        self._places = list(places)
        xs = [x for x, _ in places]
        edge = EDGE * max(max(xs) - min(xs), 0.5)
        self._span = min(xs) - edge, max(xs) + edge
        self._human = human
        self.human.setValue(PERCENT * human)
        self.human.setVisible(human > 0)
        self._label_places()
        self.show_points([])
        self.reset()

    def show_points(self, points: Sequence[ErrorPoint]) -> None:
        """The points that there are by now."""
        self.points = list(points)
        highest = PERCENT * self._human
        for name, curve in self.curves.items():
            found = [(p.x, getattr(p, name)) for p in points if getattr(p, name) is not None]
            x, rates = np.array([x for x, _ in found]), [rate for _, rate in found]
            curve.show_points(x, PERCENT * np.array([rate.value for rate in rates]))
            self.whiskers[name].show_intervals(x, rates)
            bounds = [PERCENT * rate.interval.high for rate in rates]
            highest = max([highest, *bounds])
        self.follow(self._span, from_zero(self.held, 0.0, min(max(highest, 1.0), 1e6)))

    _places: list[tuple[float, str]] = []

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._places:
            self._label_places()

    def _label_places(self) -> None:
        """The labels of as many places as have room beside each other, the last one at any rate."""
        widest = max(self.fontMetrics().horizontalAdvance(label) for _, label in self._places)
        room = max(1, self.columns() // (widest + 2 * GRID_PX))
        stride = math.ceil(len(self._places) / room)
        shown = self._places[::-1][::stride]
        self.show_ticks("bottom", shown)

    def _dress_more(self) -> None:
        for whiskers in self.whiskers.values():
            whiskers.dress()
        pen = pg.mkPen(QColor(theme.colors.muted), style=Qt.PenStyle.DotLine)
        self.human.setPen(pen)
