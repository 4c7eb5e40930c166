"""Where the label of a wire goes: on its line, as near to the middle as nodes, other labels and,
if possible, other wires allow."""

from __future__ import annotations

import numpy as np

from studio.canvas.box_table import Box
from studio.canvas.routes import Point, Route

MARGIN = 2.0
SIDE_STEP = 14.0
MOST_BOXES = 1_000
"""Near a wire. Where there are more, nobody looks for a gap between them."""
NO_POINTS = np.empty((0, 2))


def place_label(
    course: Route,
    size: tuple[float, float],
    boxes: np.ndarray,
    labels: np.ndarray,
    crossing: np.ndarray = NO_POINTS,
    down: bool = False,
) -> Point | None:
    """The label's center, or None if there is no free place.

    size: its width and height. boxes: the nodes, labels: those placed already, each (n, 4).
    crossing: points of other wires that should not run under the label, (n, 2). down: the wires
    run from above to below.
    """
    if len(boxes) > MOST_BOXES:
        return None
    aside = (size[0] / 2 + SIDE_STEP / 2, 0.0) if down else (0.0, SIDE_STEP)
    centers = _candidates(course.points, np.array(aside))
    half = np.asarray(size) / 2 + MARGIN
    free = ~_covered(centers, half, boxes) & ~_covered(centers, half, labels)
    if not free.any():
        return None
    clear = free & ~_covered(centers, half, np.concatenate([crossing, crossing], axis=1))
    free = clear if clear.any() else free
    x, y = centers[np.argmax(free)]
    return float(x), float(y)


def reach_of_label(course: Route, size: tuple[float, float]) -> Box:
    """Where the label of this size may come to lie, wherever it finds its place."""
    left, top = course.points.min(axis=0)
    right, bottom = course.points.max(axis=0)
    width, height = size[0] + SIDE_STEP + MARGIN, size[1] + SIDE_STEP + MARGIN
    return left - width, top - height, right + width, bottom + height


def _candidates(points: np.ndarray, aside: np.ndarray) -> np.ndarray:
    """Points on the line from its middle outward, then the same on both sides of it: (n, 2)."""
    middle = np.argsort(np.abs(np.arange(len(points)) - (len(points) - 1) / 2), kind="stable")
    on_line = points[middle]
    return np.concatenate([on_line, on_line - aside, on_line + aside])


def _covered(centers: np.ndarray, half: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Which labels of this half size would lie over a box: (n,)."""
    if not len(boxes):
        return np.zeros(len(centers), bool)
    x, y = centers[:, :1], centers[:, 1:]  # (n, 1) each
    over = (
        (x + half[0] > boxes[:, 0])
        & (x - half[0] < boxes[:, 2])
        & (y + half[1] > boxes[:, 1])
        & (y - half[1] < boxes[:, 3])
    )
    return over.any(axis=1)
