"""ClassMarks: the marks of classes, painted once, and the key that names them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.data_window.sketch_painter import paint_mark
from studio.look.theme import GRID_PX, theme

KEY_ENTRIES = 20
"""More classes than these nobody tells apart by a mark."""


def mark_of(index: int, classes: int, radius: float, ratio: float) -> QPixmap:
    """A class's mark in the middle of a small square."""
    side = math.ceil(3 * radius * ratio)
    pixmap = QPixmap(side, side)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = side / ratio / 2
    paint_mark(painter, QPointF(middle, middle), radius, index, classes)
    painter.end()
    return pixmap


class ClassKey(QWidget):
    """The classes with their marks, in as many lines as they need."""

    def __init__(self) -> None:
        super().__init__()
        self._names: Sequence[str] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("Key of the classes"))
        theme.changed.connect(self.update)

    def show_classes(self, names: Sequence[str]) -> None:
        """Show these; an empty row is hidden."""
        self._names = tuple(names[:KEY_ENTRIES])
        if len(names) > KEY_ENTRIES:
            self._names = (*self._names, self.tr("and %d more") % (len(names) - KEY_ENTRIES))
        self.setAccessibleDescription(", ".join(self._names))
        self.setVisible(bool(names))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        places = self._places(width)
        return int(places[-1].bottom()) + 1 if places else 0

    def sizeHint(self) -> QSize:
        return QSize(20 * GRID_PX, self.heightForWidth(max(self.width(), 20 * GRID_PX)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, (name, box) in enumerate(
            zip(self._names, self._places(self.width()), strict=True)
        ):
            radius = box.height() / 4
            at = QPointF(box.left() + 2 * radius, box.center().y())
            if index < KEY_ENTRIES:
                paint_mark(painter, at, radius, index, len(self._names))
            painter.setPen(QColor(theme.colors.text))
            room = box.adjusted(4 * radius, 0, 0, 0)
            words = self.fontMetrics().elidedText(
                name, Qt.TextElideMode.ElideRight, int(room.width())
            )
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def _places(self, width: int) -> list[QRectF]:
        metrics, places = self.fontMetrics(), []
        high, x, y = metrics.lineSpacing(), 0.0, 0.0
        for name in self._names:
            wide = min(metrics.horizontalAdvance(name) + high + 2, width)
            if x and x + wide > width:
                x, y = 0.0, y + high
            places.append(QRectF(x, y, wide, high))
            x += wide + 2 * GRID_PX
        return places
