"""LargePicture: one picture, as large as the available space allows."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.look.theme import theme


class LargePicture(QWidget):
    """A picture as large as the room allows, its pixels kept square."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = QImage()

    def show_image(self, image: QImage) -> None:
        """Show this picture."""
        self.image = image
        self.update()

    def sizeHint(self) -> QSize:
        side = 8 * self.fontMetrics().height()
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.image.isNull():
            return
        painter = QPainter(self)
        size = self.image.size().scaled(
            self.size() - QSize(2, 2), Qt.AspectRatioMode.KeepAspectRatio
        )
        place = QRect(1, 1, size.width(), size.height())
        painter.drawImage(place, self.image)
        owner = self.parentWidget()
        focused = owner is not None and owner.hasFocus()
        painter.setPen(QColor(theme.colors.accent if focused else theme.colors.border))
        painter.drawRect(place.adjusted(-1, -1, 0, 0))
