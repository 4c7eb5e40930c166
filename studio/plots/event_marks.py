"""EventMarks: what happened to the run, as labelled lines and ticks on its curves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from engine.project.recording import standing
from engine.training.column import GrowingColumn
from engine.training.history import History, Mark
from studio.look.theme import GRID_PX, theme

TICK_PX = 6
"""Clipped steps may come at every iteration: they are short ticks at the foot, without a label."""
ALARM = "alarm"
LONGEST_LABEL = 40
"""Characters; the read-out tells the rest."""
MOST_NEAR = 3


class EventMarks(pg.GraphicsObject):
    """Vertical lines at iterations, each with its text where there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Mark] = []
        self.ticks: list[float] = []
        self._clipped: GrowingColumn | None = None
        self._read = (0, 0)
        self.setZValue(-1)

    def clear(self) -> None:
        """Forget all marks, as for another run."""
        self.lines, self.ticks, self._read = [], [], (0, 0)
        self._clipped = None
        self.update()

    def take_in(self, history: History) -> None:
        """Read what there is of marks, alarms and clipped steps, if it is more than before."""
        self._clipped = history.clipped
        there = len(history.marks), len(history.alarms)
        if there != self._read:
            self._read = there
            alarms = [
                Mark(a.iteration, ALARM, f"▲ {a.text}")  # the text names the layer
                for a in history.alarms[: there[1]]
            ]
            self.lines = sorted([*standing(history.marks[: there[0]]), *alarms], key=_iteration)

    def near(self, x: float, distance: float) -> list[str]:
        """What happened within a distance of x, in whole."""
        found = [mark.text for mark in self.lines if abs(mark.iteration - x) <= distance]
        return found[:MOST_NEAR]

    def show_range(self, low: float, high: float, columns: int) -> None:
        """Choose at most one tick for each pixel column of the view."""
        at = self._clipped.values if self._clipped is not None else np.zeros(0)
        first, last = np.searchsorted(at, [low, high])
        seen = np.unique((at[first:last] - low) * columns // max(high - low, 1e-9))
        self.ticks = (low + (seen + 0.5) * (high - low) / columns).tolist()
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        view = self.getViewBox()
        return view.viewRect() if view is not None else QRectF()

    def paint(self, painter: QPainter, option: Any, widget: Any) -> None:
        transform, area = painter.transform(), painter.transform().mapRect(self.boundingRect())
        painter.save()
        painter.resetTransform()
        painter.setPen(QPen(QColor(theme.colors.warning), 1))
        for x in self.ticks:
            at = transform.map(QPointF(x, 0)).x()
            painter.drawLine(QLineF(at, area.bottom() - TICK_PX, at, area.bottom()))
        free = area.left()
        for mark in self.lines:
            at = transform.map(QPointF(mark.iteration, 0)).x()
            if area.left() <= at <= area.right():
                free = self._paint_line(painter, mark, at, area, free)
        painter.restore()

    def _paint_line(
        self, painter: QPainter, mark: Mark, at: float, area: QRectF, free: float
    ) -> float:
        """Draw one line, and its text if nothing stands there; returns where the next may begin."""
        color = QColor(theme.colors.problem if mark.kind == ALARM else theme.colors.muted)
        painter.setPen(QPen(color, 1, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(at, area.top(), at, area.bottom()))
        metrics = QFontMetrics(painter.font())
        text = mark.text if len(mark.text) <= LONGEST_LABEL else f"{mark.text[:LONGEST_LABEL]}…"
        width, line = metrics.horizontalAdvance(text) + GRID_PX, metrics.height()
        left = at if at + width <= area.right() else at - width
        if left < free:
            return free
        painter.setPen(color)
        box = QRectF(left + GRID_PX / 2, area.top(), width, line)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft, text)
        return left + width


def _iteration(mark: Mark) -> int:
    return mark.iteration
