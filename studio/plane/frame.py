"""Frame: where a plot of a plane lies in its widget, and the numbers at its axes."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from engine.words import number
from studio.look.theme import GRID_PX, theme

Array = np.ndarray
Box = tuple[float, float, float, float]
"""Left, right, bottom, top, in the units of the axes."""

TICK_PX = 4
MOST_STRETCH = 4.0
"""Axes whose ranges differ by no more than this have the same unit: a circle is round."""
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


class Frame:
    """area: the plot in pixels. box: what it shows."""

    def __init__(self, area: QRectF, box: Box, names: tuple[str, str]) -> None:
        self.area, self.box, self.names = area, box, names

    def pixels(self, at: Array) -> Array:
        """Places (2, m) in the units of the axes, in pixels of the widget."""
        left, right, bottom, top = self.box
        x = self.area.left() + (at[0] - left) / (right - left) * self.area.width()
        y = self.area.top() + (top - at[1]) / (top - bottom) * self.area.height()
        return np.stack([x, y])

    def place(self, pixel: QPointF) -> tuple[float, float] | None:
        """A pixel in the units of the axes; None outside the plot."""
        if not self.area.contains(pixel):
            return None
        left, right, bottom, top = self.box
        x = left + (pixel.x() - self.area.left()) / self.area.width() * (right - left)
        y = top - (pixel.y() - self.area.top()) / self.area.height() * (top - bottom)
        return x, y

    def paint(self, painter: QPainter) -> None:
        """The frame, the numbers and the names of the axes."""
        colors, area, metrics = theme.colors, self.area, painter.fontMetrics()
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area)
        painter.setPen(QColor(colors.muted))
        left, right, bottom, top = self.box
        most = max(3, int(area.width() / (metrics.horizontalAdvance("−0.00") + GRID_PX)))
        for value, text in ticks(left, right, most):
            x = self.pixels(np.array([[value], [bottom]]))[0, 0]
            painter.drawLine(QLineF(x, area.bottom(), x, area.bottom() + TICK_PX))
            _centered(painter, x, area.bottom() + TICK_PX, text)
        most = max(3, int(area.height() / (2 * metrics.height())))
        for value, text in ticks(bottom, top, most):
            y = self.pixels(np.array([[left], [value]]))[1, 0]
            painter.drawLine(QLineF(area.left() - TICK_PX, y, area.left(), y))
            room = QRectF(0, y - metrics.height(), area.left() - TICK_PX - 2, 2 * metrics.height())
            painter.drawText(
                room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text
            )
        self._paint_names(painter, metrics)

    def _paint_names(self, painter: QPainter, metrics: QFontMetrics) -> None:
        area, line = self.area, metrics.height()
        painter.setPen(QColor(theme.colors.text))
        middle = Qt.AlignmentFlag.AlignCenter
        elide = Qt.TextElideMode.ElideRight
        below = QRectF(area.left(), area.bottom() + TICK_PX + line, area.width(), line)
        across = metrics.elidedText(self.names[0], elide, int(area.width()))
        painter.drawText(below, middle, across)
        painter.save()
        painter.translate(line / 2 + 1, area.center().y())
        painter.rotate(-90)
        up = metrics.elidedText(self.names[1], elide, int(area.height()))
        painter.drawText(QRectF(-area.height() / 2, -line / 2, area.height(), line), middle, up)
        painter.restore()


def frame_in(
    room: QRectF, box: Box, names: tuple[str, str], metrics: QFontMetrics, *, round_circles: bool
) -> Frame:
    """A frame with its numbers and names inside this room, in pixels.

    round_circles: the same unit on both axes, where their ranges are alike."""
    line = metrics.height()
    numbers = max(
        (metrics.horizontalAdvance(text) for _, text in ticks(box[2], box[3], 5)), default=line
    )
    area = room.adjusted(line + numbers + TICK_PX + 6, line / 2, -line, -2 * line - TICK_PX)
    area.setWidth(max(area.width(), 2.0 * line))
    area.setHeight(max(area.height(), 2.0 * line))
    width, height = box[1] - box[0], box[3] - box[2]
    if round_circles and 1 / MOST_STRETCH <= width / height <= MOST_STRETCH:
        unit = min(area.width() / width, area.height() / height)
        area.setWidth(unit * width)
        area.setHeight(unit * height)
    return Frame(area, box, names)


def ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    """At most this many round numbers in a range, and how they are written."""
    span = high - low
    if not (math.isfinite(span) and span > 0):
        return []
    least = span / max(1, most)
    power = 10.0 ** math.floor(math.log10(least))
    step = next(s * power for s in STEPS if s * power >= least * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    values = [n * step for n in range(first, math.floor(high / step + 1e-9) + 1)]
    return [(value, number(value)) for value in values]


def _centered(painter: QPainter, x: float, y: float, text: str) -> None:
    line = painter.fontMetrics().height()
    box = QRectF(x - 5 * line, y, 10 * line, line)
    painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)
