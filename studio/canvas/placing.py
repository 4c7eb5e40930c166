"""Where a new node goes, as pure functions of the nodes on the canvas."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF

from engine.project import Position
from studio.canvas.dimensions import COLUMN_GAP, ROW_GAP, snapped
from studio.look.theme import GRID_PX


def beside(
    neighbor: QRectF, size: tuple[float, float], taken: Iterable[QRectF], down: bool = False
) -> Position:
    """Right of a node, in its row; further down if that place is taken. Where data flow
    down: below it, in its column; further right."""
    corner = QPointF(neighbor.right() + COLUMN_GAP, neighbor.top())
    if down:
        corner = QPointF(neighbor.left(), neighbor.bottom() + COLUMN_GAP)
    return free(QRectF(snapped(corner.x()), snapped(corner.y()), *size), taken, down)


def around(center: QPointF, size: tuple[float, float], taken: Iterable[QRectF]) -> Position:
    """With its center here; further down if that place is taken."""
    width, height = size
    corner = center - QPointF(width / 2, height / 2)
    return free(QRectF(snapped(corner.x()), snapped(corner.y()), width, height), taken)


def ahead_of(neighbor: QRectF, size: tuple[float, float], down: bool = False) -> Position:
    """Left of a node, in its row; above it where the data flow down."""
    left, top = neighbor.left() - COLUMN_GAP - size[0], neighbor.top()
    if down:
        left, top = neighbor.left(), neighbor.top() - COLUMN_GAP - size[1]
    return snapped(left), snapped(top)


def free(box: QRectF, taken: Iterable[QRectF], aside: bool = False) -> Position:
    """The upper left corner of a box, moved down (aside: to the right) until it covers nothing."""
    box = QRectF(box)
    boxes = [other.adjusted(-GRID_PX, -GRID_PX, GRID_PX, GRID_PX) for other in taken]
    hit = next((other for other in boxes if other.intersects(box)), None)
    while hit is not None:
        if aside:
            box.moveLeft(snapped(hit.right() - GRID_PX + ROW_GAP))
        else:
            box.moveTop(snapped(hit.bottom() - GRID_PX + ROW_GAP))
        hit = next((other for other in boxes if other.intersects(box)), None)
    return box.left(), box.top()
