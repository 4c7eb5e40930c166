"""Strokes: what one gesture does to the points, from pressing the button to letting it go."""

from __future__ import annotations

import numpy as np

from engine.data import PaintedSource
from engine.data.sources.painted import Point

Array = np.ndarray
DABS_PER_RADIUS = 2.0
"""A stroke sprays again when it has moved so small a part of the brush."""


class PaintStroke:
    """Sprays points of one class. added: what came so far."""

    def __init__(self, before: PaintedSource, label: int, radius: float, density: int) -> None:
        self.before, self.label = before, label
        self._radius, self._density = radius, density
        self._rng = np.random.default_rng(len(before.points))
        self._last: tuple[float, float] | None = None
        self.added: list[Point] = []

    def move(self, x1: float, x2: float) -> bool:
        """The brush is here; True where it left points."""
        if self._last is not None:
            distance = np.hypot(x1 - self._last[0], x2 - self._last[1])
            if distance < self._radius / DABS_PER_RADIUS:
                return False
        self._last = (x1, x2)
        empty = PaintedSource()
        dab = empty.sprayed(x1, x2, self.label, self._radius, self._density, self._rng)
        self.added += dab.points
        return True

    @property
    def hidden(self) -> Array | None:
        """(m,) of bool: which points of before are gone; None for none."""
        return None

    def finish(self) -> PaintedSource:
        """The points with what was painted. Raises SpecError for more than fit."""
        return self.before.with_points(self.added) if self.added else self.before


class EraseStroke:
    """Takes away all points under the brush."""

    def __init__(self, before: PaintedSource, radius: float) -> None:
        self.before, self._radius = before, radius
        self._places = places_of(before)
        self._gone = np.zeros(len(before.points), dtype=bool)
        self.added: list[Point] = []

    def move(self, x1: float, x2: float) -> bool:
        """The brush is here; True where it took points away."""
        hit = np.hypot(self._places[0] - x1, self._places[1] - x2) <= self._radius
        news = bool((hit & ~self._gone).any())
        self._gone |= hit
        return news

    @property
    def hidden(self) -> Array | None:
        """(m,) of bool: which points of before are gone."""
        return self._gone

    def finish(self) -> PaintedSource:
        """The points that are left."""
        if not self._gone.any():
            return self.before
        pairs = zip(self.before.points, self._gone, strict=True)
        return self.before.replace(points=tuple(point for point, gone in pairs if not gone))


Stroke = PaintStroke | EraseStroke


def places_of(source: PaintedSource) -> Array:
    """(2, m) of float64."""
    flat = [point[:2] for point in source.points]
    return np.array(flat, dtype=np.float64).reshape(-1, 2).T
