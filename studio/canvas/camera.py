"""Camera: zoom, pan and fit of the canvas, and its dotted background."""

from __future__ import annotations

from math import exp2

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QNativeGestureEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from engine.project.project import MAX_COORDINATE
from studio.canvas import ink
from studio.look.theme import GRID_PX, theme

MIN_ZOOM, MAX_ZOOM = 0.1, 4.0
MAX_FIT = 1.25
"""The largest zoom of `fit`: a small design is not blown up to fill the view."""
FIT_MARGIN = 4.0 * GRID_PX
ZOOM_STEP = 1.25
WHEEL_NOTCH = 120.0
NOTCHES_PER_DOUBLING = 3.5
DOT_GAP = 4 * GRID_PX
DOTS_FROM = 0.4


class Camera(QGraphicsView):
    """A view of the scene. Its 100 % grows with the interface font.

    zoom_changed(zoom): the zoom changed; 1.0 is 100 %.
    """

    zoom_changed = Signal(float)

    def __init__(self, scene: QGraphicsScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._unit = ink.unit()
        self._keeps_fitting = True
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheBackground)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        far = 2 * MAX_COORDINATE
        self.setSceneRect(QRectF(-far, -far, 2 * far, 2 * far))
        self._set_scale(self._unit)
        self.centerOn(0, 0)

    @property
    def zoom(self) -> float:
        """The present zoom; 1.0 is 100 %."""
        return self.transform().m11() / self._unit

    def content(self) -> QRectF:
        """What `fit` shows."""
        return self.scene().itemsBoundingRect()

    def fit(self) -> None:
        """Show everything, and keep doing so while the window is resized, until the user zooms."""
        box = self.content()
        if not box.isEmpty():
            self.show_box(box)
            self._keeps_fitting = True

    def fit_again(self) -> None:
        """The content changed: fit, unless the user has zoomed."""
        if self._keeps_fitting:
            self.fit()

    def show_box(self, box: QRectF) -> None:
        """Show this part of the scene as large as possible, up to MAX_FIT."""
        box = box.adjusted(-FIT_MARGIN, -FIT_MARGIN, FIT_MARGIN, FIT_MARGIN)
        room = self.viewport().size()
        zoom = min(room.width() / box.width(), room.height() / box.height()) / self._unit
        self._set_scale(self._unit * max(MIN_ZOOM, min(zoom, MAX_FIT)))
        self.centerOn(box.center())
        self.hold_still()

    def zoom_in(self) -> None:
        """Zoom in one step, about the center."""
        self.zoom_about(self.viewport().rect().center(), ZOOM_STEP)

    def zoom_out(self) -> None:
        """Zoom out one step, about the center."""
        self.zoom_about(self.viewport().rect().center(), 1 / ZOOM_STEP)

    def zoom_reset(self) -> None:
        """Zoom to 100 %, about the center."""
        self.zoom_about(self.viewport().rect().center(), 1 / self.zoom)

    def zoom_about(self, at: QPoint, factor: float) -> None:
        """Zoom by a factor; what is under the point stays there."""
        self.hold_still()
        zoom = max(MIN_ZOOM, min(self.zoom * factor, MAX_ZOOM))
        fixed = self.mapToScene(at)
        self._set_scale(self._unit * zoom)
        self.pan(at - self.mapFromScene(fixed))

    def pan(self, step: QPoint) -> None:
        """Move the scene by pixels of the view."""
        self.hold_still()
        for bar, pixels in (
            (self.horizontalScrollBar(), step.x()),
            (self.verticalScrollBar(), step.y()),
        ):
            bar.setValue(bar.value() - pixels)

    def hold_still(self) -> None:
        """From now on the view shows what the user chose, even if the window is resized."""
        self._keeps_fitting = False

    def _set_scale(self, scale: float) -> None:
        before = self.transform().m11()
        self.resetTransform()
        self.scale(scale, scale)
        if scale != before:
            self.zoom_changed.emit(self.zoom)

    # Qt.

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels, notches = event.pixelDelta(), event.angleDelta()
        at = event.position().toPoint()
        touchpad = not pixels.isNull() and event.phase() != Qt.ScrollPhase.NoScrollPhase
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            step = pixels if touchpad else notches / 2
            self.pan(QPoint(step.x() or step.y(), 0))
        elif touchpad and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.pan(pixels)
        else:
            self.zoom_about(at, exp2(notches.y() / WHEEL_NOTCH / NOTCHES_PER_DOUBLING))
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.zoom_about(event.position().toPoint(), 1.0 + event.value())
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._keeps_fitting:
            self.fit()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ApplicationFontChange, QEvent.Type.FontChange):
            self._take_font()
        return super().event(event)

    def _take_font(self) -> None:
        zoom = self.zoom
        self._unit = ink.unit()
        self._set_scale(self._unit * zoom)
        if self._keeps_fitting:
            self.fit()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painter.fillRect(rect, ink.color(theme.colors.surface))
        if self.zoom < DOTS_FROM or not isinstance(rect, QRectF):
            return
        c = theme.colors
        painter.setPen(ink.pen(c.grid if c.line_px > 1 else c.border, 2.0))
        left, top = (DOT_GAP * int(edge // DOT_GAP) for edge in (rect.left(), rect.top()))
        columns = range(left, int(rect.right()) + DOT_GAP, DOT_GAP)
        rows = range(top, int(rect.bottom()) + DOT_GAP, DOT_GAP)
        painter.drawPoints([QPointF(x, y) for x in columns for y in rows])
