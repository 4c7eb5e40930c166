"""The course of a wire: a smooth curve from right side to left side that goes around nodes.
Where the data flow down, x and y change places: see `turned`.

Numbers only. A route is a chain of cubic Bezier curves; nodes are rows (left, top, right, bottom).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np

from studio.canvas.box_table import Box
from studio.canvas.dimensions import LANE_MARGIN

Point = tuple[float, float]
Cubic = tuple[Point, Point, Point, Point]

CLEARANCE = 6.0
"""A wire keeps this far away from nodes that it does not join."""
LANE_SPACING = 12.0
BEND = 56.0
MAX_LANES_TRIED = 60
MAX_NODES_PASSED = 400
"""A wire that passes more nodes than this looks for no way around them."""
NO_LANES = np.empty((0, 4))
MAX_DETOUR = 4_000.0
"""A wire rather passes under a node than goes up and down by more than this."""
SAMPLES = np.linspace(0.0, 1.0, 25)


@dataclass(frozen=True)
class WireLane:
    """A level stretch that a wire has taken: others keep off it."""

    y: float
    left: float
    right: float

    @property
    def box(self) -> Box:
        """Left, y, right, y."""
        return self.left, self.y, self.right, self.y

    def meets(self, others: np.ndarray) -> bool:
        """Whether it would run into one of the others: (n, 4), their boxes."""
        left, y, right, _ = others.T
        near = np.abs(y - self.y) < LANE_SPACING
        return bool((near & (self.left < right) & (left < self.right)).any())


@dataclass(frozen=True)
class Route:
    """The curves in order, and the lane where the wire goes around something."""

    cubics: tuple[Cubic, ...]
    lane: WireLane | None = None

    @cached_property
    def points(self) -> np.ndarray:
        """Points along the whole route: (n, 2)."""
        return np.concatenate([_sampled(cubic) for cubic in self.cubics])

    def turned(self) -> Route:
        """The same with x and y exchanged; the lane stays as it is."""
        turned = tuple(tuple((y, x) for x, y in cubic) for cubic in self.cubics)
        return Route(cast("tuple[Cubic, ...]", turned), self.lane)


def plain_route(start: Point, end: Point, down: bool = False) -> Route:
    """One curve, whatever stands in its way; for previews and while something is dragged."""
    if down:
        return plain_route(start[::-1], end[::-1]).turned()
    (x1, y1), (x2, y2) = start, end
    reach = max(32.0, min(abs(x2 - x1) / 2, 160.0))
    return Route(((start, (x1 + reach, y1), (x2 - reach, y2), end),))


def route(
    start: Point,
    end: Point,
    others: np.ndarray,
    own: np.ndarray,
    taken: np.ndarray = NO_LANES,
    down: bool = False,
    tries: int = MAX_LANES_TRIED,
) -> Route:
    """The plain curve if it is clear, otherwise the shortest clear lane above or below.

    others: nodes in the columns that the wire passes, (n, 4). own: the two that it joins, (2, 4).
    taken: lanes of other wires in these columns, (n, 4), turned as the flow is. tries: how many
    lanes are looked at.
    """
    if down:
        turn = [1, 0, 3, 2]
        return route(
            start[::-1], end[::-1], others[:, turn], own[:, turn], taken, tries=tries
        ).turned()
    plain = plain_route(start, end)
    if len(others) > MAX_NODES_PASSED:
        return plain
    forward = end[0] - start[0] > LANE_MARGIN
    if forward and not _blocked(plain, others):
        return plain
    for y in _lane_heights(start, end, others, own)[:tries]:
        candidate = _around(start, end, y)
        assert candidate.lane is not None
        if candidate.lane.meets(taken):
            continue
        if not _blocked(candidate, others) and not _blocked(candidate, own, -1.0):
            return candidate
    return plain


def reach_of_wire(start: Point, end: Point, down: bool = False) -> Box:
    """The columns that a wire passes, from above to below: what lies outside is not in its way."""
    if down:
        left, top, right, bottom = reach_of_wire(start[::-1], end[::-1])
        return top, left, bottom, right
    left, right = sorted((start[0], end[0]))
    return left - BEND, -math.inf, right + BEND, math.inf


def _sampled(cubic: Cubic) -> np.ndarray:
    p = np.asarray(cubic)
    t = SAMPLES[:, None]
    s = 1 - t
    return s**3 * p[0] + 3 * s * s * t * p[1] + 3 * s * t * t * p[2] + t**3 * p[3]  # (25, 2)


def _blocked(course: Route, boxes: np.ndarray, clearance: float = CLEARANCE) -> bool:
    if not len(boxes):
        return False
    points = course.points
    x, y = points[:, :1], points[:, 1:]  # (n, 1) each
    inside = (
        (x > boxes[:, 0] - clearance)
        & (x < boxes[:, 2] + clearance)
        & (y > boxes[:, 1] - clearance)
        & (y < boxes[:, 3] + clearance)
    )
    return bool(inside.any())


def _lane_heights(start: Point, end: Point, others: np.ndarray, own: np.ndarray) -> list[float]:
    boxes = np.concatenate([others, own]) if end[0] <= start[0] + LANE_MARGIN else others
    steps = LANE_SPACING * np.arange(4)
    above = (boxes[:, 1, None] - LANE_MARGIN - steps).ravel()
    below = (boxes[:, 3, None] + LANE_MARGIN + steps).ravel()
    heights = np.unique(np.concatenate([above, below]))
    detour = np.abs(heights - start[1]) + np.abs(heights - end[1])
    nearest = np.argsort(detour, kind="stable")[:MAX_LANES_TRIED]
    return [float(heights[index]) for index in nearest if detour[index] <= MAX_DETOUR]


def _around(start: Point, end: Point, y: float) -> Route:
    """Out of the source, along the lane at height y, into the target."""
    (x1, y1), (x2, y2) = start, end
    if x2 - x1 > LANE_MARGIN:
        bend = min(BEND, (x2 - x1) / 2)
        a, b = (x1 + bend, y), (x2 - bend, y)
        half = bend / 2
        out: Cubic = (start, (x1 + half, y1), (a[0] - half, y), a)
        into: Cubic = (b, (b[0] + half, y), (x2 - half, y2), end)
    else:  # back to the left
        a, b = (x1, y), (x2, y)
        out = (start, (x1 + BEND, y1), (x1 + BEND, y), a)
        into = (b, (x2 - BEND, y), (x2 - BEND, y2), end)
    third = (b[0] - a[0]) / 3
    along: Cubic = (a, (a[0] + third, y), (b[0] - third, y), b)
    lane = WireLane(y, min(a[0], b[0]), max(a[0], b[0]))
    return Route((out, along, into), lane)
