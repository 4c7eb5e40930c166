"""PaintingPlane: the plane that is painted on, with the brush at the mouse or moved by keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.data import PaintedSource
from engine.data.sources.painted import EDGE, MAX_CLASSES, Point
from engine.words import number
from studio.data_window.explorer.class_marks import mark_of
from studio.data_window.painting.strokes import EraseStroke, PaintStroke, Stroke
from studio.look.theme import GRID_PX, tabular_font, theme

REACH = 5.0
"""The plane goes from -5 to 5 in both directions, or as far as there are points."""
MARK_LINES = 0.27
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


class PaintingPlane(QWidget):
    """stroked(stroke): it came to its end.

    label_chosen(label): a number key was pressed. eraser_toggled: E was.
    """

    stroked = Signal(object)
    label_chosen = Signal(int)
    eraser_toggled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.source = PaintedSource()
        self.radius, self.density = 0.5, 3
        self.labels = {LEFT: 0, RIGHT: 1}
        self.erasing = False
        self.brush = (0.0, 0.0)
        self.stroke: Stroke | None = None
        self._reach = REACH
        self._layer: QPixmap | None = None
        self._marks: dict[int, QPixmap] = {}
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Painting area"))
        self.setAccessibleDescription(
            self.tr(
                "Use the arrow keys to move the brush, Space to paint, Delete to "
                "erase, and the number keys to choose the class."
            )
        )
        theme.changed.connect(self._renew)

    def show_source(self, source: PaintedSource) -> None:
        """Show these points."""
        if source is not self.source:
            self.source = source
            bounds = source.bounds() or (0.0,)
            self._reach = min(EDGE, max(REACH, 1.05 * max(abs(value) for value in bounds)))
            self._renew()

    # Places

    def reach(self) -> float:
        """How far the plane goes."""
        return self._reach

    def frame(self) -> QRectF:
        """The square that is the plane, in pixels."""
        line = self.fontMetrics().lineSpacing()
        side = max(1, min(self.width() - 2 * GRID_PX, self.height() - line - GRID_PX))
        return QRectF((self.width() - side) / 2, GRID_PX / 2, side, side)

    def pixel(self, x1: float, x2: float) -> QPointF:
        """Where a place of the plane lies in the widget."""
        frame, reach = self.frame(), self.reach()
        x = frame.left() + (x1 + reach) / (2 * reach) * frame.width()
        return QPointF(x, frame.bottom() - (x2 + reach) / (2 * reach) * frame.height())

    def place(self, at: QPointF) -> tuple[float, float]:
        """The place of the plane at a pixel."""
        frame, reach = self.frame(), self.reach()
        x1 = (at.x() - frame.left()) / frame.width() * 2 * reach - reach
        x2 = (frame.bottom() - at.y()) / frame.height() * 2 * reach - reach
        return float(np.clip(x1, -reach, reach)), float(np.clip(x2, -reach, reach))

    # Gestures

    def set_option(self, places: Any) -> str:
        """A stroke with the left button through these places, (x1, x2) each, as a script makes it.
        Returns why not, or an empty string."""
        if not isinstance(places, Sequence) or not all(_is_place(place) for place in places):
            return self.tr("must be a list of places (x1, x2).")
        reach = self.reach()
        for x1, x2 in places:
            self.brush = float(np.clip(x1, -reach, reach)), float(np.clip(x2, -reach, reach))
            if self.stroke is None:
                self._begin(self.labels[LEFT], self.erasing)
            else:
                self._go_on()
        self._finish()
        return ""

    def option_choices(self) -> list[list[tuple[float, float]]]:
        """A dab in the middle, and a stroke from one corner to the other."""
        reach = self.reach()
        return [[(0.0, 0.0)], [(-reach, -reach), (0.0, 0.0), (reach, reach)]]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.stroke is not None or event.button() not in self.labels:
            return
        self.brush = self.place(event.position())
        self._begin(self.labels[event.button()], self.erasing)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.brush = self.place(event.position())
        if self.stroke is not None:
            self._go_on()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.stroke is not None and event.buttons() == Qt.MouseButton.NoButton:
            self._finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        key = Qt.Key(event.key())
        if key in steps:
            reach = self.reach()
            moved = np.array(self.brush) + np.array(steps[key]) * self.radius
            x1, x2 = np.clip(moved, -reach, reach)
            self.brush = (float(x1), float(x2))
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            if self.stroke is None:
                self._begin(self.labels[LEFT], self.erasing or key != Qt.Key.Key_Space)
                self._finish()
        elif key == Qt.Key.Key_Escape and self.stroke is not None:
            self.stroke = None
            self._renew()
        elif key == Qt.Key.Key_E:
            self.eraser_toggled.emit()
        elif Qt.Key.Key_0 <= key < Qt.Key.Key_0 + MAX_CLASSES:
            self.label_chosen.emit(key - Qt.Key.Key_0)
        else:
            super().keyPressEvent(event)
            return
        self.update()

    def _begin(self, label: int, erase: bool) -> None:
        if erase:
            self.stroke = EraseStroke(self.source, self.radius)
        else:
            self.stroke = PaintStroke(self.source, label, self.radius, self.density)
        self._go_on()

    def _go_on(self) -> None:
        assert self.stroke is not None
        if self.stroke.move(*self.brush) and self.stroke.hidden is not None:
            self._layer = None
        self.update()

    def _finish(self) -> None:
        stroke, self.stroke = self.stroke, None
        self._renew()
        if stroke is not None and (stroke.added or stroke.hidden is not None):
            self.stroked.emit(stroke)

    # Painting

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().lineSpacing()
        return QSize(28 * line, 28 * line)

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().lineSpacing()
        return QSize(10 * line, 10 * line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._renew()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._renew()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._layer is None:
            self._layer = self._paint_layer()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._layer)
        if self.stroke is not None:
            self._paint_points(painter, self.stroke.added)
        self._paint_brush(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.colors.accent), 1))
            painter.drawRect(self.frame().adjusted(-1, -1, 1, 1))

    def _renew(self) -> None:
        self._layer = None
        self._marks = {}
        self.update()

    def _paint_layer(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        layer = QPixmap(self.size() * ratio)
        layer.setDevicePixelRatio(ratio)
        layer.fill(Qt.GlobalColor.transparent)
        painter = QPainter(layer)
        frame, colors = self.frame(), theme.colors
        painter.fillRect(frame, QColor(colors.surface))
        painter.setPen(QColor(colors.grid))
        middle = self.pixel(0, 0)
        painter.drawLine(QPointF(frame.left(), middle.y()), QPointF(frame.right(), middle.y()))
        painter.drawLine(QPointF(middle.x(), frame.top()), QPointF(middle.x(), frame.bottom()))
        painter.setPen(QColor(colors.border))
        painter.drawRect(frame)
        hidden = self.stroke.hidden if self.stroke is not None else None
        points = self.source.points
        if hidden is not None:
            points = tuple(p for p, gone in zip(points, hidden, strict=True) if not gone)
        self._paint_points(painter, points)
        self._paint_axis(painter, frame)
        painter.end()
        return layer

    def _paint_axis(self, painter: QPainter, frame: QRectF) -> None:
        painter.setPen(QColor(theme.colors.text))
        painter.setFont(tabular_font())
        line = self.fontMetrics().lineSpacing()
        below = QRectF(frame.left(), frame.bottom() + 1, frame.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, number(-self.reach(), 3))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, number(self.reach(), 3))
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, "x1")
        above = frame.adjusted(GRID_PX / 2, GRID_PX / 2, 0, 0)
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, "x2")

    def _paint_points(self, painter: QPainter, points: Sequence[Point]) -> None:
        """All at once, because there may be ten thousand."""
        if not points:
            return
        x1, x2, labels = np.array(points, dtype=np.float64).T
        origin, one = self.pixel(0, 0), self.pixel(1, 1)
        x = origin.x() + x1 * (one.x() - origin.x())
        y = origin.y() + x2 * (one.y() - origin.y())
        half = self._mark(int(labels[0])).deviceIndependentSize().width() / 2
        marks = {int(label): self._mark(int(label)) for label in np.unique(labels)}
        for left, top, label in zip(
            (x - half).tolist(), (y - half).tolist(), labels.tolist(), strict=True
        ):
            painter.drawPixmap(QPointF(left, top), marks[int(label)])

    def _mark(self, label: int) -> QPixmap:
        if label not in self._marks:
            classes = max(self.source.classes, 1 + max(self.labels.values()))
            radius = MARK_LINES * self.fontMetrics().height()
            self._marks[label] = mark_of(label, classes, radius, self.devicePixelRatioF())
        return self._marks[label]

    def _paint_brush(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = self.radius / (2 * self.reach()) * self.frame().width()
        style = Qt.PenStyle.DashLine if self.erasing else Qt.PenStyle.SolidLine
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.colors.text), 1.4, style))
        painter.drawEllipse(self.pixel(*self.brush), radius, radius)


def _is_place(place: Any) -> bool:
    """Whether it is a pair of finite numbers."""
    pair = isinstance(place, Sequence) and len(place) == 2
    return pair and all(isinstance(x, (int, float)) and np.isfinite(x) for x in place)
