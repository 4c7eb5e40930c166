"""Paints a sketch into a box: points with a mark for each class, pictures side by side, or rows."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from engine.probes.sketch import Array, Sketch
from studio.look.inks import class_color
from studio.look.theme import GRID_PX, theme
from studio.widgets.tiles import gray_table, image_of

MARK_SHARE = 0.022
"""Radius of a mark, as a share of the box's width."""
CORNERS = (0, 4, 3, 5, 6)
"""Corners of the marks of class 0, 1, 2, ...; 0 is a disc."""
ASPECT = 3.0
"""Pictures stand in rows about so many times as wide as the box is high."""


def paint_sketch(painter: QPainter, box: QRectF, sketch: Sketch) -> None:
    """Fill the box."""
    painter.save()
    painter.setClipRect(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(box, QColor(theme.colors.surface))
    if sketch.form == "pictures" and sketch.pictures is not None:
        _paint_pictures(painter, box, sketch.pictures, sketch.ink)
    elif sketch.form == "points":
        _paint_points(painter, box, sketch)
    else:
        _paint_rows(painter, box, sketch)
    painter.restore()


def paint_mark(painter: QPainter, at: QPointF, radius: float, index: int, classes: int) -> None:
    """The mark of an example: its class is told by color and by shape."""
    painter.setBrush(class_color(index, classes))
    painter.setPen(QPen(QColor(theme.colors.surface), 0.7))
    corners = CORNERS[index % len(CORNERS)]
    if corners == 0:
        painter.drawEllipse(at, radius, radius)
        return
    turn = -math.pi / 2 if corners != 4 else math.pi / 4
    angles = [turn + 2 * math.pi * k / corners for k in range(corners)]
    reach = 1.25 * radius
    points = [at + QPointF(reach * math.cos(a), reach * math.sin(a)) for a in angles]
    painter.drawPolygon(QPolygonF(points))


def image_of_picture(picture: Array, ink: bool = False) -> QImage:
    """(height, width, 1 or 3) of uint8 as an image. ink: see Dataset."""
    pixels = picture if picture.shape[2] == 3 else picture[:, :, 0]
    return image_of(np.ascontiguousarray(pixels), gray_table(ink))


def _paint_points(painter: QPainter, box: QRectF, sketch: Sketch) -> None:
    assert sketch.places is not None and sketch.labels is not None
    radius = max(2.0, MARK_SHARE * box.width())
    room = box.adjusted(3 * radius, 3 * radius, -3 * radius, -3 * radius)
    for x, y, label in zip(*sketch.places, sketch.labels, strict=True):
        at = QPointF(room.left() + x * room.width(), room.bottom() - y * room.height())
        paint_mark(painter, at, radius, int(label), max(2, len(sketch.classes)))


def _paint_pictures(painter: QPainter, box: QRectF, pictures: Array, ink: bool) -> None:
    count = len(pictures)
    columns = max(1, round(math.sqrt(count * box.width() / box.height())))
    lines = -(-count // columns)
    side = min(box.width() / columns, box.height() / lines)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    left = box.left() + (box.width() - side * columns) / 2
    top = box.top() + (box.height() - side * lines) / 2
    for index, picture in enumerate(pictures):
        cell = QRectF(left + index % columns * side, top + index // columns * side, side, side)
        painter.drawImage(cell.adjusted(1, 1, -1, -1), image_of_picture(picture, ink))


def _paint_rows(painter: QPainter, box: QRectF, sketch: Sketch) -> None:
    columns, lines = len(sketch.rows[0]), len(sketch.rows)
    width, height = box.width() / columns, box.height() / lines
    font = painter.font()
    font.setPixelSize(max(7, min(round(0.62 * height), painter.fontMetrics().ascent())))
    painter.setFont(font)
    colors = theme.colors
    painter.fillRect(QRectF(box.left(), box.top(), box.width(), height), QColor(colors.raised))
    for line, texts in enumerate(sketch.rows):
        painter.setPen(QColor(colors.text if line else colors.muted))
        for column, text in enumerate(texts):
            cell = QRectF(box.left() + column * width, box.top() + line * height, width, height)
            room = cell.adjusted(GRID_PX // 2, 0, -GRID_PX // 2, 0)
            words = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, int(room.width())
            )
            side = (
                Qt.AlignmentFlag.AlignLeft if column == columns - 1 else Qt.AlignmentFlag.AlignRight
            )
            painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, words)
        painter.setPen(QColor(colors.grid))
        y = box.top() + (line + 1) * height
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
