"""Points in the plane drawn in polar coordinates: spiral arms, and the petals of a flower.

N(0, 1) is the standard normal distribution. How a new source is added stands in sources.py.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.data.checks import Array
from engine.data.sources.base import PlaneSource, classes_setting, numbered, points_setting, polar
from engine.spec import setting


class Spirals(PlaneSource):
    """Spiral arms that start in one point, one a class.

    x = r (cos a, sin a) with r evenly spaced on [0, 1] and
    a = 2 pi (c / C + turns r) + noise N(0, 1): the noise is in the angle, in radians.

    Source: A. Karpathy, CS231n, "Putting it together: minimal neural network case study", which
    has 3 classes, arms of 4 radians and noise 0.2.
    """

    kind: ClassVar[str] = "spirals"
    title: ClassVar[str] = "Spirals"

    classes: int = classes_setting(3, "Number of arms.")
    noise: float = setting(
        0.2,
        title="Noise",
        help="Standard deviation of the angle along an arm.",
        unit="rad",
        ge=0,
        le=1,
    )
    turns: float = setting(
        0.65, title="Turns", help="How far each arm winds around the center.", ge=0.1, le=3
    )

    def class_names(self) -> tuple[str, ...]:
        return numbered(self.classes)

    def draw(self, counts: list[int], rng: np.random.Generator) -> list[Array]:
        arms = []
        for label, count in enumerate(counts):
            r = np.linspace(0, 1, count)
            angle = 2 * np.pi * (label / self.classes + self.turns * r)
            arms.append(polar(r, angle + self.noise * rng.standard_normal(count)))
        return arms


class Flower(PlaneSource):
    """Petals of two colors around one center.

    r = 4 sin(4 t) + noise N(0, 1), x = (r sin t, r cos t), where t = u + noise N(0, 1) and u is
    evenly spaced on [0, 3.12] for red (label 0) and on [3.12, 6.24] for blue (label 1).

    Source: A. Ng, Neural Networks and Deep Learning, week 3, assignment "Planar data
    classification", load_planar_dataset, which has 400 points and noise 0.2.
    """

    kind: ClassVar[str] = "flower"
    title: ClassVar[str] = "Flower"
    HALF_TURN: ClassVar[float] = 3.12  # the assignment's rounding of pi
    LENGTH: ClassVar[float] = 4.0

    points: int = points_setting(400, "Number of examples in both classes together, half in each.")
    noise: float = setting(
        0.2, title="Noise", help="Standard deviation of radius and angle.", ge=0, le=1
    )

    def class_names(self) -> tuple[str, ...]:
        return ("red", "blue")

    def draw(self, counts: list[int], rng: np.random.Generator) -> list[Array]:
        halves = []
        for label, count in enumerate(counts):
            u = np.linspace(label * self.HALF_TURN, (label + 1) * self.HALF_TURN, count)
            t = u + self.noise * rng.standard_normal(count)
            r = self.LENGTH * np.sin(4 * t) + self.noise * rng.standard_normal(count)
            halves.append(polar(r, t)[::-1])  # (2, count): the assignment puts the sine first
        return halves
