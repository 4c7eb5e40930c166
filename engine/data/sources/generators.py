"""Points in the plane whose classes are clouds, rings, arcs or quadrants.

N(0, 1) is the standard normal distribution. How a new source is added stands in sources.py.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.data.checks import Array
from engine.data.sources.base import PlaneSource, classes_setting, numbered, polar
from engine.spec import setting


class Blobs(PlaneSource):
    """Round clouds, one a class, around the corners of a regular polygon.

    x = center(c) + noise N(0, 1), with center(c) at radius 3 and angle phi + 2 pi c / C; the seed
    turns the polygon by phi. With two classes, logistic regression is enough.

    Source: the idea of scikit-learn's make_blobs, with centers that cannot collide.
    """

    kind: ClassVar[str] = "blobs"
    title: ClassVar[str] = "Blobs"
    RADIUS: ClassVar[float] = 3.0

    classes: int = classes_setting(3, "Number of clouds.")
    noise: float = setting(
        0.6,
        title="Noise",
        help=("Standard deviation of each cloud; the centers are at distance 3."),
        ge=0,
        le=3,
    )

    def class_names(self) -> tuple[str, ...]:
        return numbered(self.classes)

    def draw(self, counts: list[int], rng: np.random.Generator) -> list[Array]:
        turn = rng.uniform(0, 2 * np.pi)
        angles = turn + 2 * np.pi * np.arange(self.classes) / self.classes
        centers = polar(np.full(self.classes, self.RADIUS), angles).T[:, :, np.newaxis]  # (C, 2, 1)
        return [
            center + self.noise * rng.standard_normal((2, count))
            for center, count in zip(centers, counts, strict=True)
        ]


class Circles(PlaneSource):
    """A ring inside a ring.

    x = r (cos t, sin t) + noise N(0, 1), t evenly spaced on [0, 2 pi); r = 1 for the outer ring
    (label 0) and r = inner_radius for the inner ring (label 1).

    Source: scikit-learn's make_circles; A. Ng, Improving Deep Neural Networks, week 1, assignment
    "Initialization", which uses 300 points with noise 0.05.
    """

    kind: ClassVar[str] = "circles"
    title: ClassVar[str] = "Circles"

    noise: float = setting(
        0.05, title="Noise", help="Standard deviation around the rings.", ge=0, le=1
    )
    inner_radius: float = setting(
        0.8,
        title="Inner radius",
        help="Radius of the inner ring; the outer ring has radius 1.",
        ge=0.1,
        le=0.95,
    )

    def class_names(self) -> tuple[str, ...]:
        return ("outer ring", "inner ring")

    def draw(self, counts: list[int], rng: np.random.Generator) -> list[Array]:
        rings = []
        for radius, count in zip((1.0, self.inner_radius), counts, strict=True):
            t = np.linspace(0, 2 * np.pi, count, endpoint=False)
            ring = polar(np.full(count, radius), t)
            rings.append(ring + self.noise * rng.standard_normal((2, count)))
        return rings


class Moons(PlaneSource):
    """Two interleaved half circles.

    Upper (label 0): (cos t, sin t); lower (label 1): (1 - cos t, 1/2 - sin t); t evenly spaced on
    [0, pi], plus noise N(0, 1).

    Source: scikit-learn's make_moons.
    """

    kind: ClassVar[str] = "moons"
    title: ClassVar[str] = "Moons"

    noise: float = setting(
        0.15, title="Noise", help="Standard deviation around the arcs.", ge=0, le=1
    )

    def class_names(self) -> tuple[str, ...]:
        return ("upper moon", "lower moon")

    def draw(self, counts: list[int], rng: np.random.Generator) -> list[Array]:
        s, t = (np.linspace(0, np.pi, count) for count in counts)
        upper = np.stack([np.cos(s), np.sin(s)])
        lower = np.stack([1 - np.cos(t), 0.5 - np.sin(t)])
        return [moon + self.noise * rng.standard_normal(moon.shape) for moon in (upper, lower)]


class Xor(PlaneSource):
    """Four quadrants: the label says whether x1 and x2 differ in sign. No straight line helps.

    x1 and x2 are uniform on [-1, 1]; label = 1 if x1 x2 < 0, else 0; then noise N(0, 1) is added,
    so that points near an axis can cross it.

    Source: M. Minsky and S. Papert, Perceptrons, 1969; TensorFlow Playground, "Exclusive or".
    """

    kind: ClassVar[str] = "xor"
    title: ClassVar[str] = "Exclusive or"

    noise: float = setting(
        0.1, title="Noise", help="Standard deviation of the noise added after labeling.", ge=0, le=1
    )

    def class_names(self) -> tuple[str, ...]:
        return ("same sign", "different sign")

    def draw(self, counts: list[int], rng: np.random.Generator) -> list[Array]:
        clouds = []
        for relation, count in zip((1.0, -1.0), counts, strict=True):
            first, second = 1 - rng.random((2, count))  # on (0, 1]: never on an axis
            sign = rng.choice([-1.0, 1.0], size=count)
            cloud = np.stack([sign * first, relation * sign * second])
            clouds.append(cloud + self.noise * rng.standard_normal((2, count)))
        return clouds
