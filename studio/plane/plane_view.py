"""PlaneView: shows what a network computes on a plane, with the examples on it."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from engine.probes.boundary import PlanePicture
from studio.look.inks import inks_of_theme
from studio.look.theme import theme
from studio.plane.frame import Frame, frame_in
from studio.plane.key import Key
from studio.plane.point_plot import PointPlot
from studio.plane.sheet import printed, same_points
from studio.plane.stamps import Stamps

Array = np.ndarray
Place = tuple[float, float]

OFF_PLANE_OPACITY = 0.6
"""Of points that lie off the slice."""
SPOT_PX = 9.0
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
SHOWN_AT_ONCE = 40
"""Arrow keys take the spot over the plane in this many steps."""


class PlaneView(PointPlot):
    """One picture with its axes, points, the line of the decision, and a key of the colors.

    pointed(place): the place under the mouse or at the spot, in the units of the axes, or None.
    shows_key: whether the key stands beside the plot.
    """

    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("The network's output over the plane"))
        self.picture: PlanePicture | None = None
        self.shows_key = True
        self.key = Key(None)
        self.spot: Place | None = None
        self.hovered: Place | None = None
        self._image = QImage()
        self._lines = QPainterPath()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_picture(self, picture: PlanePicture, key: Key) -> None:
        """Show another picture with its points."""
        before, self.picture, self.key = self.picture, picture, key
        rows, columns = picture.pixels.shape
        pixels = np.ascontiguousarray(picture.pixels)
        self._pixels = pixels  # the image looks into this array
        self._image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
        if before is None or not same_points(before.points, picture.points):
            self.forget_points()
        self.lay_out()
        self._tell()
        self.update()

    def image(self) -> QImage:
        """The cells as they are shown, a pixel each."""
        return self._image

    def place_told(self) -> Place | None:
        """The place whose prediction is told: under the mouse, or else the spot."""
        return self.hovered or self.spot

    # Pointing.

    def set_spot(self, place: Place | None) -> None:
        """Keep telling about this place, while the network changes."""
        self.spot = place
        self._tell()
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered = self._place(event.position())
        self._tell()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered = None
        self._tell()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.set_spot(self._place(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self.spot is not None:
            self.set_spot(None)
        elif key in _STEPS and self.frame is not None:
            self._move_spot(*_STEPS[key])
        else:
            super().keyPressEvent(event)

    def _move_spot(self, dx: int, dy: int) -> None:
        assert self.frame is not None
        left, right, bottom, top = self.frame.box
        x, y = self.spot or ((left + right) / 2, (bottom + top) / 2)
        x += dx * (right - left) / SHOWN_AT_ONCE
        y += dy * (top - bottom) / SHOWN_AT_ONCE
        self.set_spot((min(max(x, left), right), min(max(y, bottom), top)))

    def _place(self, pixel: QPointF) -> Place | None:
        return None if self.frame is None else self.frame.place(pixel)

    def _tell(self) -> None:
        self.pointed.emit(self.place_told())

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.picture is None or self.frame is None:
            return
        painter = QPainter(self)
        area, picture = self.frame.area, self.picture
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, self._image)
        painter.setClipRect(area)
        painter.setPen(QPen(QColor(theme.colors.text), 1))
        painter.drawPath(self._lines)
        painter.setOpacity(1.0 if picture.plane.is_whole else OFF_PLANE_OPACITY)
        painter.drawPixmap(area.topLeft(), self.sheet())
        painter.setOpacity(1.0)
        self._paint_spot(painter)
        painter.setClipping(False)
        self.frame.paint(painter)
        if self.shows_key:
            self.key.paint(painter, self.room_beside(), inks_of_theme(), self.stamps())
        if self.hasFocus():
            painter.setPen(QColor(theme.colors.accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def lay_out(self) -> None:
        if self.picture is None:
            return
        plane, metrics, before = self.picture.plane, self.fontMetrics(), self.frame
        key = self.key.width(metrics) if self.shows_key else 0
        room = QRectF(0, 0, self.width() - key, self.height())
        self.frame = frame_in(room, plane.box, plane.names, metrics, round_circles=True)
        if before is None or (before.area, before.box) != (self.frame.area, self.frame.box):
            self.forget_points()
        self._lines = _path(self.picture.lines, self.frame)

    def print_points(self, frame: Frame, stamps: Stamps) -> QPixmap:
        assert self.picture is not None
        picture = self.picture
        return printed(picture.points, frame, stamps, picture.facts.classes, picture.targets)

    def _paint_spot(self, painter: QPainter) -> None:
        if self.spot is None or self.frame is None:
            return
        x, y = self.frame.pixels(np.array(self.spot)[:, np.newaxis])[:, 0]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((theme.colors.surface, 4.0), (theme.colors.text, 2.0)):
            painter.setPen(QPen(QColor(color), width))
            painter.drawEllipse(QPointF(x, y), SPOT_PX, SPOT_PX)


def _path(lines: Array, frame: Frame) -> QPainterPath:
    """Pieces (n, 2, 2) as one path in pixels."""
    if not len(lines):
        return QPainterPath()
    x, y = frame.pixels(lines.reshape(-1, 2).T)
    return pg.arrayToQPath(x, y, connect="pairs")
