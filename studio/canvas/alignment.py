"""Aligning and distributing nodes, as pure functions of their boxes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from engine.project import Position

Box = tuple[float, float, float, float]
"""left, top, right, bottom"""


class Alignment(StrEnum):
    """Which edges or centers are brought onto one line."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


class DistributionAxis(StrEnum):
    """The direction in which gaps become equal."""

    ACROSS = "across"
    DOWN = "down"


def aligned(boxes: Mapping[str, Box], line: Alignment) -> dict[str, Position]:
    """Top left corners after aligning: edges to the outermost, centers to their mean."""
    lefts, tops = [b[0] for b in boxes.values()], [b[1] for b in boxes.values()]
    rights, bottoms = [b[2] for b in boxes.values()], [b[3] for b in boxes.values()]
    center, middle = (min(lefts) + max(rights)) / 2, (min(tops) + max(bottoms)) / 2
    places = {}
    for name, (left, top, right, bottom) in boxes.items():
        places[name] = {
            Alignment.LEFT: (min(lefts), top),
            Alignment.CENTER: (center - (right - left) / 2, top),
            Alignment.RIGHT: (max(rights) - (right - left), top),
            Alignment.TOP: (left, min(tops)),
            Alignment.MIDDLE: (left, middle - (bottom - top) / 2),
            Alignment.BOTTOM: (left, max(bottoms) - (bottom - top)),
        }[line]
    return places


def distributed(boxes: Mapping[str, Box], axis: DistributionAxis) -> dict[str, Position]:
    """Top left corners after making the gaps between neighbors equal; the outermost stay."""
    low, high = (0, 2) if axis is DistributionAxis.ACROSS else (1, 3)
    order = sorted(boxes, key=lambda name: boxes[name][low])
    room = max(boxes[n][high] for n in order) - boxes[order[0]][low]
    gap = (room - sum(boxes[n][high] - boxes[n][low] for n in order)) / max(len(order) - 1, 1)
    places, at = {}, boxes[order[0]][low]
    for name in order:
        box = boxes[name]
        places[name] = (at, box[1]) if axis is DistributionAxis.ACROSS else (box[0], at)
        at += box[high] - box[low] + gap
    return places
