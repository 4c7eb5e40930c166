"""Scrolls the view while something is dragged near its edge."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QTimer, Signal

from studio.canvas.camera import Camera

EDGE_PX = 24
FASTEST_PX = 16
FRAME_MS = 16


class EdgeScroll(QObject):
    """Scrolls under a drag: the nearer the mouse is to the edge, the faster.

    scrolled(pixel): the scene moved under the mouse, which rests at this pixel of the view.
    """

    scrolled = Signal(QPoint)

    def __init__(self, view: Camera) -> None:
        super().__init__(view)
        self._view = view
        self._at = QPoint()
        self._clock = QTimer(self)
        self._clock.setInterval(FRAME_MS)
        self._clock.timeout.connect(self._step)

    def follow(self, at: QPoint) -> None:
        """The mouse moved here, in pixels of the view."""
        self._at = at
        if self._speed().isNull():
            self._clock.stop()
        elif not self._clock.isActive():
            self._clock.start()

    def stop(self) -> None:
        """The gesture is over."""
        self._clock.stop()

    def _speed(self) -> QPoint:
        """How far the scene moves per frame, in pixels."""
        room = self._view.viewport().rect()
        return QPoint(_pull(self._at.x(), room.width()), _pull(self._at.y(), room.height()))

    def _step(self) -> None:
        self._view.pan(self._speed())
        self.scrolled.emit(self._at)


def _pull(at: int, room: int) -> int:
    """How far to scroll along one axis: positive near the low edge, negative near the high one."""
    low, high = EDGE_PX - at, at - (room - EDGE_PX)
    if low > 0:
        return min(low, FASTEST_PX)
    return -min(high, FASTEST_PX) if high > 0 else 0
