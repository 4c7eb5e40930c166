"""Pair: two plots beside each other, "before" and "after", each with a line of words above it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainterPath, QPolygonF
from PySide6.QtWidgets import QGraphicsPathItem, QGridLayout, QWidget

from engine.probes.inputs import Cloud
from engine.probes.landscape import Landscape
from studio.look.inks import class_color
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX, theme
from studio.plots.plot import Plot

Array = np.ndarray

MARKERS = ("o", "t", "s", "d", "t1", "+", "x", "star", "p", "h")
"""A marker of pyqtgraph for each class; they repeat after ten."""
POINT_PX = 6
ROOM = 0.08
"""Around the outermost points, as a share of the axis."""
LEVELS = 6
MOST_SHOWN_STEPS = 300


class BeforeAndAfter(QWidget):
    """Left: the raw features. Right: the normalized ones. Shows clouds of points, or bowls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plots = (Plot("", "", self), Plot("", "", self))
        self.words = (PlainLabel(parent=self), PlainLabel(parent=self))
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 2)
        for column, (plot, words) in enumerate(zip(self.plots, self.words, strict=True)):
            words.setWordWrap(True)
            layout.addWidget(words, 0, column)
            layout.addWidget(plot, 1, column)
            layout.setColumnStretch(column, 1)
        layout.setRowStretch(1, 1)
        self._items: list[tuple[Plot, object]] = []
        self.shown: list[Cloud | Landscape] = []
        self._show_again: Callable[[], None] | None = None
        theme.changed.connect(self._dress)

    def show_clouds(self, clouds: tuple[Cloud, Cloud], names: tuple[str, str]) -> None:
        """Points of two features; the classes differ by symbol and color."""
        self._clear()
        self.shown = list(clouds)
        self._show_again = partial(self.show_clouds, clouds, names)
        for plot, cloud in zip(self.plots, clouds, strict=True):
            self._label(plot, *names)
            for group in np.unique(cloud.groups):
                color = class_color(int(group), cloud.classes)
                points = cloud.points[:, cloud.groups == group]
                self._add(plot, _points(points, int(group), color))
            plot.follow(*(_range(row) for row in cloud.points))

    def show_bowls(self, bowls: tuple[Landscape, Landscape], names: tuple[str, str]) -> None:
        """Contours of J, the way down, its start and the lowest point."""
        self._clear()
        self.shown = list(bowls)
        self._show_again = partial(self.show_bowls, bowls, names)
        for plot, bowl in zip(self.plots, bowls, strict=True):
            self._label(plot, *(self.tr("weight of {}").format(name) for name in names))
            contours = QGraphicsPathItem(_contours(bowl))
            contours.setPen(pg.mkPen(theme.colors.muted, width=1, cosmetic=True))
            self._add(plot, contours)
            way = bowl.path[: MOST_SHOWN_STEPS + 1]
            pen = pg.mkPen(theme.colors.of_series(1), width=2)
            self._add(plot, pg.PlotCurveItem(way[:, 0], way[:, 1], pen=pen, antialias=True))
            self._add(plot, _points(way[:1].T, 1, theme.colors.of_series(1), 2 * POINT_PX))
            self._add(
                plot, _points(bowl.lowest[:, None], 2, theme.colors.of_series(2), 2 * POINT_PX)
            )
            plot.follow((bowl.w1[0], bowl.w1[-1]), (bowl.w2[0], bowl.w2[-1]))

    def say(self, left: str, right: str) -> None:
        """The lines above the two plots."""
        for label, text in zip(self.words, (left, right), strict=True):
            label.setText(text)

    def _label(self, plot: Plot, x: str, y: str) -> None:
        plot.set_label("bottom", x)
        plot.set_label("left", y)

    def _add(self, plot: Plot, item: object) -> None:
        plot.getPlotItem().getViewBox().addItem(item, ignoreBounds=True)
        self._items.append((plot, item))

    def _clear(self) -> None:
        for plot, item in self._items:
            plot.getPlotItem().getViewBox().removeItem(item)
        self._items.clear()

    def _dress(self) -> None:
        """Draw again in the theme's colors."""
        if self._show_again is not None:
            self._show_again()


def _points(points: Array, group: int, color: QColor, size: int = POINT_PX) -> pg.ScatterPlotItem:
    symbol = MARKERS[group % len(MARKERS)]
    return pg.ScatterPlotItem(
        points[0], points[1], size=size, symbol=symbol, pen=pg.mkPen(color), brush=pg.mkBrush(None)
    )


def _range(values: Array) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    room = ROOM * ((high - low) or 1.0)
    return low - room, high + room


def _contours(bowl: Landscape) -> QPainterPath:
    """Lines of equal J, at heights that grow as squares: equally far apart in a round bowl."""
    path = QPainterPath()
    away = bowl.path[0] - bowl.lowest
    highest = float(0.5 * away @ bowl.curvature @ away)  # where the way begins
    for share in np.linspace(0, 1, LEVELS + 1)[1:]:
        ellipse = bowl.contour(highest * float(share) ** 2)
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in ellipse.T.tolist()]))
    return path
