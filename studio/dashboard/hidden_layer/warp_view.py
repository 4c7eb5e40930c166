"""WarpView: shows a bent grid with the examples on it."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from engine.probes.hidden_layer import Warp
from studio.look.inks import inks_of_theme
from studio.look.theme import theme
from studio.plane.frame import Box, Frame, frame_in
from studio.plane.key import Key
from studio.plane.point_plot import PointPlot
from studio.plane.sheet import printed
from studio.plane.stamps import Stamps, signs_of

Array = np.ndarray

MARGIN = 0.06
"""Room around everything, as a share of its range."""
LEAST_USED = 0.5
"""The axes shrink when less of them is used, so that they stay put while the grid moves."""
SMALLEST_SPAN = 1e-6


class WarpView(PointPlot):
    """Solid lines run along the first axis of the inputs' plane, dashed ones along the second.

    across, up: these lines as they are painted.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("The plane, bent by a hidden layer"))
        self.warp: Warp | None = None
        self.box: Box | None = None
        self.key = Key(None)
        self.across, self.up = QPainterPath(), QPainterPath()

    def show_warp(self, warp: Warp) -> None:
        """Show another grid; the axes change only when they must."""
        before, self.warp = self.warp, warp
        if before is None or before.names != warp.names:
            self.box = None
        classes = warp.facts.classes
        self.key = Key(warp.targets, classes, tuple(signs_of(classes)))
        self.box = steady(self.box, warp.places())
        self.forget_points()
        self.lay_out()
        self.setAccessibleDescription(" × ".join(warp.names))
        self.update()

    def lay_out(self) -> None:
        if self.warp is None or self.box is None:
            return
        metrics = self.fontMetrics()
        room = QRectF(0, 0, self.width() - self.key.width(metrics), self.height())
        frame = frame_in(room, self.box, self.warp.names, metrics, round_circles=False)
        self.across, self.up = _path(self.warp.across, frame), _path(self.warp.up, frame)
        self.frame = frame

    def print_points(self, frame: Frame, stamps: Stamps) -> QPixmap:
        assert self.warp is not None
        warp = self.warp
        return printed(warp.points, frame, stamps, warp.facts.classes, warp.targets)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.warp is None or self.frame is None:
            return
        painter, colors, area = QPainter(self), theme.colors, self.frame.area
        painter.fillRect(area, QColor(colors.surface))
        painter.setClipRect(area)
        painter.setPen(QPen(QColor(colors.muted), 1))
        painter.drawPath(self.across)
        painter.setPen(QPen(QColor(colors.muted), 1, Qt.PenStyle.DashLine))
        painter.drawPath(self.up)
        painter.drawPixmap(area.topLeft(), self.sheet())
        painter.setClipping(False)
        self.frame.paint(painter)
        self.key.paint(painter, self.room_beside(), inks_of_theme(), self.stamps())


def steady(held: Box | None, places: Array) -> Box:
    """A box around places (2, n) that differs from the one held only if it must."""
    places = places[:, np.isfinite(places).all(axis=0)]
    if not places.size:
        return held or (0.0, 1.0, 0.0, 1.0)
    ranges: list[float] = []
    for index, row in enumerate(places):
        low, high = float(row.min()), float(row.max())
        old = held[2 * index : 2 * index + 2] if held is not None else None
        if old and old[0] <= low and high <= old[1] and high - low > LEAST_USED * (old[1] - old[0]):
            ranges += old
        else:
            margin = max(MARGIN * (high - low), SMALLEST_SPAN)
            ranges += [low - margin, high + margin]
    left, right, bottom, top = ranges
    return left, right, bottom, top


def _path(lines: Array, frame: Frame) -> QPainterPath:
    """Lines (n, steps, 2) as one path; a piece ends where the next line begins."""
    x, y = frame.pixels(lines.reshape(-1, 2).T)
    joined = np.ones(lines.shape[:2], np.uint8)
    joined[:, -1] = 0
    return pg.arrayToQPath(x, y, connect=joined.ravel())
