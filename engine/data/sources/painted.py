"""PaintedSource: points that a person painted in the plane. It holds the points themselves."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any, ClassVar, Self

import numpy as np
from pydantic import field_validator

from engine.data.checks import Array
from engine.data.dataset import Dataset, from_labels
from engine.data.fit import Fit
from engine.data.sources.base import numbered
from engine.data.sources.own import OwnSource
from engine.errors import DataError
from engine.spec import setting
from engine.streams import SCHEME

MAX_POINTS = 10_000
MAX_CLASSES = 10
EDGE = 100.0  # of the plane that can be painted on, in both directions
THREE_NUMBERS = "Each painted point must have three numbers: x1, x2, and class."
DECIMALS = 3  # of a coordinate: what is kept of a stroke

Point = tuple[float, float, int]
"""x1, x2, and the class."""


class PaintedSource(OwnSource):
    """Points (x1, x2) with a class from 0 to 9, painted by hand. Each helper returns a new source.

    X is (2, m) of float32 in the order of painting. There are as many classes as the highest one
    says, and at least two.

    Source: the hand that painted them; the idea from A. Karpathy's ConvNetJS, 2014, in whose demo
    of toy data a click adds a point.
    """

    kind: ClassVar[str] = "painted"
    title: ClassVar[str] = "Painted points"

    points: tuple[Point, ...] = setting(
        (), title="Points", help="All points, each as x1, x2, and class."
    )

    @field_validator("points", mode="plain")
    @classmethod
    def _shared_points(cls, values: Any) -> tuple[Point, ...]:
        """The points, checked. One that is as it should be stays the same object: hundreds of
        strokes that undo keeps share their points.

        A file holds x1, x2, class, x1, x2, class, ... in one list.
        """
        if not isinstance(values, list | tuple):
            raise DataError(THREE_NUMBERS)
        if values and not isinstance(values[0], tuple):
            if len(values) % 3:
                raise DataError(THREE_NUMBERS)
            values = zip(values[0::3], values[1::3], values[2::3], strict=True)
        points = tuple(itertools.islice(values, MAX_POINTS + 1))
        if len(points) > MAX_POINTS:
            raise DataError(f"There can be at most {MAX_POINTS:,} painted points.")
        return tuple(map(_checked, points))

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "points": list(itertools.chain.from_iterable(self.points))}

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return max(2, 1 + max((label for *_, label in self.points), default=0))

    def fit(self) -> Fit:
        return Fit.of_classes((2,), self.classes)

    def class_sizes(self) -> tuple[int, ...]:
        counts = np.bincount([label for *_, label in self.points] or [0])
        return tuple(int(count) for count in counts if count) if self.points else (0,)

    def load(self, seed: int = 0, scheme: int = SCHEME) -> Dataset:
        labels = np.array([label for *_, label in self.points], dtype=np.int64)
        if np.unique(labels).size < 2:
            found = "All painted points are of one class." if len(labels) else "No points yet."
            raise DataError(found, hint="Paint points of at least two classes.")
        X = self._places().astype(np.float32)
        return from_labels(X, labels, numbered(self.classes), name=self.kind, seed=seed)

    def with_points(self, points: Iterable[Point]) -> Self:
        """With these points added. Raises SpecError for more than fit, and outside of the plane."""
        return self.replace(points=(*self.points, *points))

    def sprayed(
        self, x1: float, x2: float, label: int, radius: float, count: int, rng: np.random.Generator
    ) -> Self:
        """With `count` points added, evenly spread over the brush around (x1, x2).

        Points that would lie outside of the plane are moved to its edge.
        """
        distance = radius * np.sqrt(rng.random(count))
        angle = 2 * np.pi * rng.random(count)
        places = np.stack([x1 + distance * np.cos(angle), x2 + distance * np.sin(angle)])
        inside = np.clip(places, -EDGE, EDGE).T.tolist()
        return self.with_points((a, b, label) for a, b in inside)

    def erased(self, x1: float, x2: float, radius: float, label: int | None = None) -> Self:
        """Without the points within the brush around (x1, x2); of one class only, if that is given.

        Nothing hit gives the same object, so that a stroke over nothing is no edit.
        """
        center = np.array([[x1], [x2]])  # (2, 1)
        hit = np.hypot(*(self._places() - center)) <= radius
        if label is not None:
            hit &= np.array([point[2] for point in self.points], dtype=np.int64) == label
        if not hit.any():
            return self
        kept = itertools.compress(self.points, ~hit)
        return self.replace(points=tuple(kept))

    def bounds(self) -> tuple[float, float, float, float] | None:
        """Least x1, largest x1, least x2, largest x2; None without points."""
        if not self.points:
            return None
        low, high = self._places().min(axis=1), self._places().max(axis=1)
        return float(low[0]), float(high[0]), float(low[1]), float(high[1])

    def _places(self) -> Array:
        """(2, m) of float64."""
        return np.array([point[:2] for point in self.points], dtype=np.float64).reshape(-1, 2).T


def _checked(point: Any) -> Point:
    """The same tuple, if it is a point on the plane with rounded coordinates."""
    if not isinstance(point, tuple) or len(point) != 3:
        raise DataError(THREE_NUMBERS)
    x1, x2, label = point
    if type(label) is not int or not 0 <= label < MAX_CLASSES:
        raise DataError(f"A painted class must be from 0 to {MAX_CLASSES - 1}.")
    if not all(type(x) in (int, float) and -EDGE <= x <= EDGE for x in (x1, x2)):
        raise DataError(f"A painted point must lie within ±{EDGE:g}; got ({x1!s:.20}, {x2!s:.20}).")
    rounded = (round(float(x1), DECIMALS), round(float(x2), DECIMALS), label)
    return point if point == rounded and type(x1) is type(x2) is float else rounded
