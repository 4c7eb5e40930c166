"""PlaneView: shows what a network computes on a plane, with the examples on it."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
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
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.dashboard.boundary.frame import Frame, frame_in
from studio.dashboard.boundary.inks import inks_of_theme
from studio.dashboard.boundary.key import Key
from studio.dashboard.boundary.sheet import printed, same_points
from studio.dashboard.boundary.stamps import Stamps
from studio.dashboard.boundary.work import Picture
from studio.theme import GRID_PX, theme

Array = np.ndarray
Place = tuple[float, float]

MARKER_SHARE = 0.66
"""Size of a marker, as a share of the height of a line of text..."""
MARKERS_ACROSS = 45
"""...or of the plot's height, where that is more."""
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
"""Arrow keys take the spot over the plane in so many steps."""


class PlaneView(QWidget):
    """One picture with its axes, points, the line of the decision, and a key of the colors.

    pointed(place): the place under the mouse or at the spot, in the units of the axes, or None.
    shows_key: whether the key stands beside the plot.
    """

    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture: Picture | None = None
        self.shows_key = True
        self.key = Key(None)
        self.spot: Place | None = None
        self.hovered: Place | None = None
        self._image = QImage()
        self._frame: Frame | None = None
        self._lines = QPainterPath()
        self._layer: QPixmap | None = None
        self._stamps: Stamps | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("What the network computes on the plane"))
        theme.changed.connect(self._redress)

    def show_picture(self, picture: Picture, key: Key) -> None:
        """Show another picture with its points."""
        before, self.picture, self.key = self.picture, picture, key
        rows, columns = picture.pixels.shape
        pixels = np.ascontiguousarray(picture.pixels)
        self._pixels = pixels  # the image looks into this array
        self._image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
        if before is None or not same_points(before.points, picture.points):
            self._layer = None
        if before is None or self._frame is None or before.plane.box != picture.plane.box:
            self._layer = None
        self._lay_out()
        self._tell()
        self.update()

    @property
    def frame(self) -> Frame | None:
        """Where the plot lies."""
        return self._frame

    def image(self) -> QImage:
        """The cells as they are shown, a pixel each."""
        return self._image

    def place_told(self) -> Place | None:
        """The place whose prediction is told: under the mouse, or else the spot."""
        return self.hovered or self.spot

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(20 * line, 12 * line)

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(10 * line, 6 * line)

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
        elif key in _STEPS and self._frame is not None:
            self._move_spot(*_STEPS[key])
        else:
            super().keyPressEvent(event)

    def _move_spot(self, dx: int, dy: int) -> None:
        assert self._frame is not None
        left, right, bottom, top = self._frame.box
        x, y = self.spot or ((left + right) / 2, (bottom + top) / 2)
        x += dx * (right - left) / SHOWN_AT_ONCE
        y += dy * (top - bottom) / SHOWN_AT_ONCE
        self.set_spot((min(max(x, left), right), min(max(y, bottom), top)))

    def _place(self, pixel: QPointF) -> Place | None:
        return None if self._frame is None else self._frame.place(pixel)

    def _tell(self) -> None:
        self.pointed.emit(self.place_told())

    # Painting.

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._layer = None
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._redress()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.picture is None or self._frame is None:
            return
        painter = QPainter(self)
        area, picture = self._frame.area, self.picture
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area, self._image)
        painter.setClipRect(area)
        painter.setPen(QPen(QColor(theme.colors.text), 1))
        painter.drawPath(self._lines)
        if self._layer is None:
            self._layer = self._print_points()
        painter.setOpacity(1.0 if picture.plane.is_whole else OFF_PLANE_OPACITY)
        painter.drawPixmap(area.topLeft(), self._layer)
        painter.setOpacity(1.0)
        self._paint_spot(painter)
        painter.setClipping(False)
        self._frame.paint(painter)
        if self.shows_key:
            self.key.paint(painter, self._room_of_key(), inks_of_theme(), self._own_stamps())
        if self.hasFocus():
            painter.setPen(QColor(theme.colors.accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _redress(self) -> None:
        self._layer = self._stamps = None
        self._lay_out()
        self.update()

    def _own_stamps(self) -> Stamps:
        """The stamps of the present size, font and look."""
        assert self._frame is not None
        line, height = self.fontMetrics().height(), self._frame.area.height()
        size = marker_size(line, height)
        ratio = self.devicePixelRatioF()
        if self._stamps is None or (self._stamps.size, self._stamps.ratio) != (size, ratio):
            self._stamps = Stamps(size, ratio, self.font().family())
        return self._stamps

    def _lay_out(self) -> None:
        if self.picture is None:
            return
        plane, metrics = self.picture.plane, self.fontMetrics()
        key = self.key.width(metrics) if self.shows_key else 0
        room = QRectF(0, 0, self.width() - key, self.height())
        self._frame = frame_in(room, plane.box, plane.names, metrics, round_circles=True)
        self._lines = self._path(self.picture.lines)

    def _path(self, lines: Array) -> QPainterPath:
        assert self._frame is not None
        if not len(lines):
            return QPainterPath()
        x, y = self._frame.pixels(lines.reshape(-1, 2).T)
        return pg.arrayToQPath(x, y, connect="pairs")

    def _room_of_key(self) -> QRectF:
        assert self._frame is not None
        area = self._frame.area
        left = area.right() + GRID_PX
        return QRectF(left, area.top(), self.width() - left, area.height())

    def _print_points(self) -> QPixmap:
        assert self.picture is not None
        assert self._frame is not None
        picture = self.picture
        return printed(
            picture.points,
            self._frame,
            self._own_stamps(),
            picture.facts.classes,
            picture.targets,
        )

    def _paint_spot(self, painter: QPainter) -> None:
        if self.spot is None or self._frame is None:
            return
        x, y = self._frame.pixels(np.array(self.spot)[:, np.newaxis])[:, 0]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((theme.colors.surface, 4.0), (theme.colors.text, 2.0)):
            painter.setPen(QPen(QColor(color), width))
            painter.drawEllipse(QPointF(x, y), SPOT_PX, SPOT_PX)


def marker_size(line: int, height: float) -> int:
    """Of a marker, in a font with lines of this height and a plot of that one, in pixels."""
    return round(max(MARKER_SHARE * line, height / MARKERS_ACROSS))
