"""PlotCurve: a line of a plot, with few markers, so that lines differ by more than color."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from studio.look.inks import faded
from studio.look.theme import theme

Array = np.ndarray

NEUTRAL = -1
MARKER_PX = 4.0
FAINT_SHARE = 0.4
"""Of a color mixed with the ground: a transparent pen would take twice as long to draw."""
MOST_MARKERS = 12
"""On one curve; a power of two of points lies between two markers, so they stay put."""

DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
SYMBOLS = "otsdv+x"


class Style(NamedTuple):
    """How a curve looks: the index of its color (or NEUTRAL), its line, its markers' symbol."""

    color: int
    line: Qt.PenStyle = Qt.PenStyle.SolidLine
    symbol: str = ""
    offset: float = 0.0
    """Where its markers stand between those of the others, 0 to 1."""
    faint: bool = False
    """Drawn as a background to a smoothed curve."""

    def ink(self) -> QColor:
        """Its color in the present theme."""
        colors = theme.colors
        return QColor(colors.muted) if self.color == NEUTRAL else colors.of_series(self.color)

    def pen(self) -> QPen:
        """One pixel wide: wider lines cost several times as much to draw."""
        color = self.ink()
        pen = QPen(faded(color, FAINT_SHARE) if self.faint else color, 1.0, self.line)
        pen.setCosmetic(True)
        return pen


def style_of(index: int, count: int) -> Style:
    """A look for the n-th of several curves; color, line and symbol each take their turn."""
    line = DASHES[(index // len(SYMBOLS)) % len(DASHES)]
    return Style(index, line, SYMBOLS[index % len(SYMBOLS)], index / max(1, count))


class PlotCurve(pg.PlotCurveItem):
    """A line through (x, y); NaN is a gap."""

    def __init__(self, name: str, style: Style) -> None:
        super().__init__(connect="all", skipFiniteCheck=True)
        self.name_shown = name
        self.style = style
        self._markers: Array = np.empty((0, 2))
        self.dress()

    def dress(self) -> None:
        """Take the theme's colors."""
        self.setPen(self.style.pen())

    def restyle(self, style: Style) -> None:
        """Look different from now on."""
        if style != self.style:
            self.style = style
            self.dress()

    def show_points(self, x: Array, y: Array) -> None:
        """Draw other points; x and y: (n,)."""
        self._markers = self._choose_markers(x, y)
        gaps = np.isnan(y).any()
        self.setData(x, y, connect="finite" if gaps else "all", skipFiniteCheck=not gaps)

    def pixelPadding(self) -> float:
        return MARKER_PX + 2.0

    def paint(self, painter: QPainter, option: Any, widget: Any) -> None:
        super().paint(painter, option, widget)
        if len(self._markers):
            draw_markers(painter, self._markers, self.style)

    def _choose_markers(self, x: Array, y: Array) -> Array:
        if not self.style.symbol or self.style.faint or not len(x):
            return np.empty((0, 2))
        stride = 1
        while len(x) > MOST_MARKERS * stride:
            stride *= 2
        chosen = slice(int(stride * self.style.offset), None, stride)
        points = np.column_stack([x[chosen], y[chosen]])
        return points[np.isfinite(points).all(axis=1)]


def draw_markers(painter: QPainter, points: Array, style: Style) -> None:
    """Symbols of fixed size in pixels at points (n, 2) of the painter's coordinates."""
    path, transform = symbol_path(style.symbol), painter.transform()
    painter.save()
    painter.resetTransform()
    painter.setPen(QPen(style.ink(), 1.0))
    painter.setBrush(style.ink())
    for x, y in points.tolist():
        at = transform.map(QPointF(x, y))
        painter.drawPath(path.translated(at))
    painter.restore()


def symbol_path(symbol: str) -> QPainterPath:
    """The outline of a symbol around the origin."""
    return _PATHS[symbol]


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x * MARKER_PX, y * MARKER_PX) for x, y in points]))
    path.closeSubpath()
    return path


def _lines(*lines: tuple[float, float, float, float]) -> QPainterPath:
    path = QPainterPath()
    for x1, y1, x2, y2 in lines:
        path.moveTo(x1 * MARKER_PX, y1 * MARKER_PX)
        path.lineTo(x2 * MARKER_PX, y2 * MARKER_PX)
    return path


def _circle() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(0, 0), 0.75 * MARKER_PX, 0.75 * MARKER_PX)
    return path


_PATHS = {
    "o": _circle(),
    "t": _polygon((0, -1), (0.9, 0.7), (-0.9, 0.7)),
    "s": _polygon((-0.7, -0.7), (0.7, -0.7), (0.7, 0.7), (-0.7, 0.7)),
    "d": _polygon((0, -1), (0.8, 0), (0, 1), (-0.8, 0)),
    "v": _polygon((0, 1), (0.9, -0.7), (-0.9, -0.7)),
    "+": _lines((-1, 0, 1, 0), (0, -1, 0, 1)),
    "x": _lines((-0.8, -0.8, 0.8, 0.8), (-0.8, 0.8, 0.8, -0.8)),
}
