"""The contract of an initializer: how the weights of a layer start.

To add one, put a class with a `draw` method into a file of this package: menus, files and tests
find it by themselves.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike, NDArray

from engine.spec import Family, setting

Weights = NDArray[np.float64]


class Initializer(Family):
    """How a weight array starts. Biases start at zero whatever the initializer.

    A weight array is (n_out, n_in), or (n_out, n_in, height, width) for a convolution.
    fan_in is the number of inputs that one unit sums (n[l-1] for Dense), fan_out the number of
    units that one input feeds (n[l] for Dense); a convolution counts its window in both.
    """

    multiplier: float = setting(
        1.0,
        title="Multiplier",
        help=(
            "Scales every initial weight. Try 10 for a start that is too large, and 0 for symmetry."
        ),
        ge=0.0,
        le=1e6,
    )

    def sample(
        self, rng: Generator, shape: tuple[int, ...], fan_in: int, fan_out: int, dtype: DTypeLike
    ) -> NDArray[Any]:
        """Initial weights of this shape and dtype.

        The numbers are drawn in float64 and then rounded, so that a float32 network and a float64
        network of the same seed start from the same weights.
        """
        return (self.multiplier * self.draw(rng, shape, fan_in, fan_out)).astype(dtype)

    def draw(self, rng: Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Weights:
        """The weights in float64, before the multiplier. Each initializer says how."""
        raise NotImplementedError


def normal(rng: Generator, shape: tuple[int, ...], standard_deviation: float) -> Weights:
    return rng.standard_normal(shape) * standard_deviation
