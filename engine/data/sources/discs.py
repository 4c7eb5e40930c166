"""A task with several labels at once: points under overlapping discs."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.data.dataset import Dataset
from engine.data.fit import Fit
from engine.data.sources.base import DataSource, points_setting, polar
from engine.spec import setting
from engine.streams import SCHEME, stream


class Discs(DataSource):
    """Three overlapping discs: a point has the label of every disc that covers it, or none.

    x is uniform on [-2, 2] x [-2, 2]; label c = 1 if |x - center(c)| < radius, with the centers at
    distance 0.8 from the origin, 120 degrees apart; then noise N(0, 1) moves x, so that points near
    an edge can cross it. X is (2, m), Y is (3, m) of 0 and 1.

    Source: J. Venn's diagrams, 1880, as a multi-label task.
    """

    kind: ClassVar[str] = "discs"
    title: ClassVar[str] = "Overlapping discs"
    NAMES: ClassVar[tuple[str, ...]] = ("disc 1", "disc 2", "disc 3")
    DISTANCE: ClassVar[float] = 0.8
    EDGE: ClassVar[float] = 2.0

    points: int = points_setting(300, "Number of examples.")
    noise: float = setting(
        0.05,
        title="Noise",
        help=("Standard deviation of the noise added after labeling."),
        ge=0,
        le=1,
    )
    radius: float = setting(
        1.0, title="Radius", help="Radius of each disc; their centers are 1.39 apart.", ge=0.2, le=2
    )

    def fit(self) -> Fit:
        return Fit((2,), len(self.NAMES), "multi_label")

    def class_sizes(self) -> tuple[int, ...]:
        return (self.points,)

    def load(self, seed: int = 0, scheme: int = SCHEME) -> Dataset:
        rng = stream(seed, "points", scheme=scheme)
        place = rng.uniform(-self.EDGE, self.EDGE, (2, self.points))
        angles = np.pi / 2 + 2 * np.pi * np.arange(len(self.NAMES)) / len(self.NAMES)
        centers = polar(np.full(len(self.NAMES), self.DISTANCE), angles)  # (2, 3)
        offsets = place[:, np.newaxis, :] - centers[:, :, np.newaxis]  # (2, 3, m)
        Y = (np.hypot(*offsets) < self.radius).astype(np.float32)  # (3, m)
        X = (place + self.noise * rng.standard_normal(place.shape)).astype(np.float32)
        return Dataset(X, Y, "multi_label", self.NAMES, name=self.kind, seed=seed)
