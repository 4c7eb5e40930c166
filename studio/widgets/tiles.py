"""Tiles: many small pictures in a grid, each with a caption below it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from studio.look.inks import class_color, rgb_of
from studio.look.plain_text import plain_tip
from studio.look.theme import GRID_PX, tabular_font, theme
from studio.widgets.painted_area import PaintedArea

Array = np.ndarray

PICTURE_LINES = 3
"""Height of a small picture, in lines of text."""


class Tile(NamedTuple):
    """caption: below the picture. spoken: in a tooltip, and for screen readers. marked: framed."""

    caption: str
    spoken: str
    marked: bool = False


class Tiles(PaintedArea):
    """A grid of pictures. The arrow keys choose; a click or Enter asks for more.

    chosen(index): the user wants to see this one large.
    """

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.count = 0
        self._tile_of: Callable[[int], Tile] = _no_tile
        self.current = 0
        self._pictures: Array = np.zeros((0, 1, 1), np.uint8)
        self._caption_width = 0
        self.sheet = self._drawn = QImage()
        self.viewport().setMouseTracking(True)

    def show_pictures(
        self, pictures: Array, table: list[int], tile_of: Callable[[int], Tile], longest: str
    ) -> None:
        """pictures: (n, height, width) of indices into the table of colors, or
        (n, height, width, 3). tile_of: the words of a picture, made when they are seen.
        longest: the longest caption there may be, so that no tile moves."""
        self._pictures = np.ascontiguousarray(pictures)
        self.count, self._tile_of = len(pictures), tile_of
        self.current = max(0, min(self.current, self.count - 1))
        self.sheet = image_of(self._pictures.reshape(-1, *pictures.shape[2:]), table)
        self._drawn = self.sheet.convertToFormat(QImage.Format.Format_RGB32)  # once, not per tile
        self._caption_width = self.fontMetrics().horizontalAdvance(longest)
        self._tell()
        self.fit()

    def tile(self, index: int) -> Tile:
        """The words of a picture."""
        return self._tile_of(index)

    def picture(self, index: int) -> QImage:
        """One of the pictures, a pixel for a pixel."""
        _, height, width = self._pictures.shape[:3]
        return self.sheet.copy(0, index * height, width, height)

    def rect_of(self, index: int) -> QRect:
        """Where a tile lies, in coordinates of the content."""
        size, columns = self._tile_size(), self._columns(self.viewport().width())
        x, y = index % columns * size.width(), index // columns * size.height()
        return QRect(x, y, size.width(), size.height())

    def content_size(self, room: QSize) -> QSize:
        columns = self._columns(room.width())
        rows = -(-self.count // columns)
        return QSize(self._tile_size().width(), rows * self._tile_size().height())

    def paint_content(self, painter: QPainter, visible: QRect) -> None:
        painter.setFont(tabular_font())
        size, columns = self._tile_size(), self._columns(visible.width())
        first, last = visible.top() // size.height(), visible.bottom() // size.height()
        for index in range(max(0, first * columns), min(self.count, (last + 1) * columns)):
            at = QPoint(index % columns * size.width(), index // columns * size.height())
            self._paint_tile(painter, QRect(at, size), index, self.tile(index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._columns(self.viewport().width())
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }
        key = Qt.Key(event.key())
        if key in steps and self.count:
            if 0 <= self.current + steps[key] < self.count:
                self.set_current(self.current + steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.count:
            self.chosen.emit(self.current)
        else:
            super().keyPressEvent(event)

    def set_current(self, index: int) -> None:
        """Make a tile the current one, and scroll to it."""
        self.current = index
        rect, bar = self.rect_of(index), self.verticalScrollBar()
        low = rect.bottom() + 1 - self.viewport().height()
        bar.setValue(max(low, min(bar.value(), rect.top())))
        self._tell()
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event)
        self.viewport().setToolTip(plain_tip("" if index < 0 else self.tile(index).spoken))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event)
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.set_current(index)
            self.chosen.emit(index)

    def _index_at(self, event: QMouseEvent) -> int:
        x, y = self.offset
        place = event.position().toPoint()
        place.setX(place.x() + x)
        place.setY(place.y() + y)
        size, columns = self._tile_size(), self._columns(self.viewport().width())
        column, row = place.x() // size.width(), place.y() // size.height()
        index = row * columns + column
        return index if column < columns and index < self.count else -1

    def _tell(self) -> None:
        self.setAccessibleDescription(self.tile(self.current).spoken if self.count else "")

    def _paint_tile(self, painter: QPainter, rect: QRect, index: int, tile: Tile) -> None:
        colors, line = theme.colors, self.fontMetrics().height()
        picture = self._picture_size()
        left = rect.x() + (rect.width() - picture.width()) // 2
        place = QRect(left, rect.y() + GRID_PX // 2, picture.width(), picture.height())
        height, width = self._pictures.shape[1:3]
        painter.drawImage(place, self._drawn, QRect(0, index * height, width, height))
        painter.setPen(QPen(QColor(colors.problem if tile.marked else colors.border), 1))
        painter.drawRect(place.adjusted(-1, -1, 0, 0))
        if tile.marked:
            painter.drawRect(place.adjusted(-2, -2, 1, 1))
        if index == self.current and self.hasFocus():
            painter.setPen(QPen(QColor(colors.accent), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        painter.setPen(QColor(colors.problem if tile.marked else colors.text))
        words = QRect(rect.x(), place.bottom() + GRID_PX // 2, rect.width(), line)
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter, tile.caption)

    def _picture_size(self) -> QSize:
        """At least as large as it is, and a whole number of screen pixels for each of its own."""
        height, width = self._pictures.shape[1:3]
        factor = max(1, round(PICTURE_LINES * self.fontMetrics().height() / max(1, height)))
        return QSize(factor * width, factor * height)

    def _tile_size(self) -> QSize:
        picture, line = self._picture_size(), self.fontMetrics().height()
        width = max(picture.width() + 4, self._caption_width) + GRID_PX
        return QSize(width, picture.height() + line + 2 * GRID_PX)

    def _columns(self, width: int) -> int:
        return max(1, width // self._tile_size().width())


def _no_tile(index: int) -> Tile:
    return Tile("", "")


def image_of(pixels: Array, table: list[int]) -> QImage:
    """An image from (height, width) of indices into a table, or (height, width, 3)."""
    height, width = pixels.shape[:2]
    if pixels.ndim == 3:
        form = QImage.Format.Format_RGB888
        return QImage(pixels.data, width, height, 3 * width, form).copy()
    image = QImage(pixels.data, width, height, width, QImage.Format.Format_Indexed8).copy()
    image.setColorTable(table)
    return image


def gray_table(ink: bool) -> list[int]:
    """256 colors. ink: from the ground to the text's color, as ink on paper in the theme's colors;
    else from black to white, as light on a screen. See Dataset.ink."""
    if not ink:
        return _between(QColor("black"), QColor("white"), 256)
    return _between(QColor(theme.colors.surface), QColor(theme.colors.text), 256)


def diverging_table() -> list[int]:
    """255 colors: orange below zero, the ground at zero, blue above it, as everywhere."""
    ground = QColor(theme.colors.surface)
    below = _between(class_color(0, 2), ground, 128)
    return below[:-1] + _between(ground, class_color(1, 2), 128)


def _between(first: QColor, last: QColor, count: int) -> list[int]:
    shares = np.linspace(0, 1, count)[:, None]
    ends = np.array([rgb_of(first), rgb_of(last)], float)
    mixed = np.rint(ends[0] + shares * (ends[1] - ends[0])).astype(int)
    return [QColor(*rgb).rgb() for rgb in mixed.tolist()]
