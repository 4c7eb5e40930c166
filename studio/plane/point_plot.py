"""PointPlot: base of the plots that print examples by stamps on one sheet."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.look.theme import GRID_PX, theme
from studio.plane.frame import Frame
from studio.plane.stamps import Stamps

MARKER_SHARE = 0.66
"""Size of a marker, as a share of the height of a line of text..."""
MARKERS_ACROSS = 45
"""...or of the plot's height, where that is more."""


class PointPlot(QWidget):
    """A subclass lays out its frame in `lay_out` and prints its points in `print_points`.

    frame: where the plot lies; None as long as there is nothing to show.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frame: Frame | None = None
        self._sheet: QPixmap | None = None
        self._stamps: Stamps | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._redress)

    def lay_out(self) -> None:
        """Find the frame, and paths in it, for the present size."""
        raise NotImplementedError

    def print_points(self, frame: Frame, stamps: Stamps) -> QPixmap:
        """All points on one sheet as large as the frame's area."""
        raise NotImplementedError

    def forget_points(self) -> None:
        """They have changed: print them again when they are painted next."""
        self._sheet = None

    def sheet(self) -> QPixmap:
        """The points, printed."""
        assert self.frame is not None
        if self._sheet is None:
            self._sheet = self.print_points(self.frame, self.stamps())
        return self._sheet

    def stamps(self) -> Stamps:
        """Those of the present size, font and look."""
        assert self.frame is not None
        line, height = self.fontMetrics().height(), self.frame.area.height()
        size = round(max(MARKER_SHARE * line, height / MARKERS_ACROSS))
        ratio = self.devicePixelRatioF()
        if self._stamps is None or (self._stamps.size, self._stamps.ratio) != (size, ratio):
            self._stamps = Stamps(size, ratio, self.font().family())
        return self._stamps

    def room_beside(self) -> QRectF:
        """What lies right of the plot, for a key."""
        assert self.frame is not None
        area = self.frame.area
        left = area.right() + GRID_PX
        return QRectF(left, area.top(), self.width() - left, area.height())

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(20 * line, 12 * line)

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(10 * line, 6 * line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.forget_points()
        self.lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._redress()

    def _redress(self) -> None:
        self._stamps = None
        self.forget_points()
        self.lay_out()
        self.update()
