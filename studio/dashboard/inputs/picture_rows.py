"""PictureRows: originals in the first row, and below each of them what augmentation made of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from engine.probes.inputs import AugmentedPictures
from studio.look.theme import GRID_PX, theme
from studio.widgets.painted_area import PaintedArea
from studio.widgets.tiles import gray_table, image_of

Array = np.ndarray

FEWEST_LINES = 3
"""A picture is at least this many lines of text high."""


class PictureRows(PaintedArea):
    """A table of pictures, as large as the room allows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Training pictures before and after augmentation"))
        self.images: list[list[QImage]] = []

    def show_pictures(self, pictures: AugmentedPictures) -> None:
        """Show other pictures."""
        rows = [pictures.originals, *pictures.changed]
        self.images = [[picture_image(picture, pictures.ink) for picture in row] for row in rows]
        self.fit()

    def content_size(self, room: QSize) -> QSize:
        side, words = self._side(room), self._words_width()
        columns = len(self.images[0]) if self.images else 0
        return QSize(words + columns * (side + GRID_PX), len(self.images) * (side + GRID_PX))

    def paint_content(self, painter: QPainter, visible: QRect) -> None:
        side, words = self._side(self.viewport().size()), self._words_width()
        painter.setPen(QColor(theme.colors.text))
        for row, images in enumerate(self.images):
            top = row * (side + GRID_PX)
            box = QRect(0, top, words - GRID_PX, side)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self._title(row))
            for column, image in enumerate(images):
                painter.drawImage(QRect(words + column * (side + GRID_PX), top, side, side), image)

    def _title(self, row: int) -> str:
        return self.tr("draw {}").format(row) if row else self.tr("original")

    def _words_width(self) -> int:
        titles = (self._title(row) for row in (0, 9))
        return max(self.fontMetrics().horizontalAdvance(title) for title in titles) + 2 * GRID_PX

    def _side(self, room: QSize) -> int:
        rows = max(1, len(self.images))
        columns = max(1, len(self.images[0]) if self.images else 1)
        fits = min(room.height() // rows, (room.width() - self._words_width()) // columns)
        return int(max(FEWEST_LINES * self.fontMetrics().height(), fits - GRID_PX))


def picture_image(picture: Array, ink: bool) -> QImage:
    """(H, W, channels) within 0 to 1 as an image; one channel is gray, three are colors."""
    channels = picture if picture.shape[2] == 3 else picture[:, :, 0]
    return image_of(
        np.ascontiguousarray((channels * 255).round().astype(np.uint8)), gray_table(ink)
    )
