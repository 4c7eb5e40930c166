"""A data set in one file."""

from __future__ import annotations

import numpy as np

from engine.data.checks import Array
from engine.data.sources.base import PlaneSource, points_setting
from engine.spec import setting


class Stripes(PlaneSource):
    """Three stripes side by side. Source: a test."""

    points: int = points_setting(300, "Number of examples.")
    width: float = setting(1.0, title="Width", help="Of a stripe.", ge=0.5, le=10)

    def class_names(self) -> tuple[str, ...]:
        return ("left", "middle", "right")

    def draw(self, counts: list[int], rng: np.random.Generator) -> list[Array]:
        corners = [np.array([[self.width * label], [0.0]]) for label in range(3)]
        return [c + rng.random((2, n)) * self.width for c, n in zip(corners, counts, strict=True)]
