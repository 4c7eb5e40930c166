"""A regression whose true function is known: a noisy sine wave."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.data.dataset import Dataset
from engine.data.sources.base import DataSource, points_setting
from engine.spec import setting
from engine.streams import SCHEME, stream


class Curve(DataSource):
    """Regression of one number on another: a noisy sine wave.

    y = sin(waves x) + noise N(0, 1), x uniform on [-pi, pi]. With few points and many units it
    shows overfitting better than any table.

    Source: C. Bishop, Pattern Recognition and Machine Learning, 2006, section 1.1.
    """

    kind: ClassVar[str] = "curve"
    title: ClassVar[str] = "Sine curve"

    points: int = points_setting(300, "Number of examples.")
    noise: float = setting(
        0.1, title="Noise", help="Standard deviation of y around the curve.", ge=0, le=2
    )
    waves: int = setting(
        1, title="Waves", help="Full periods of the sine over the range of x.", ge=1, le=8
    )

    def class_sizes(self) -> tuple[int, ...]:
        return (self.points,)

    def load(self, seed: int = 0, scheme: int = SCHEME) -> Dataset:
        rng = stream(seed, "points", scheme=scheme)
        x = rng.uniform(-np.pi, np.pi, (1, self.points))
        y = np.sin(self.waves * x) + self.noise * rng.standard_normal(x.shape)
        X, Y = x.astype(np.float32), y.astype(np.float32)
        return Dataset(X, Y, "regression", feature_names=("x",), name=self.kind, seed=seed)
