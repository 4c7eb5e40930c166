"""The affine map of an output whose targets are scaled, and the scale itself."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np

from engine.data.splitting.splits import Normalization
from engine.layers.base import Array, Shape, State
from engine.layers.dense import Linear


class TargetScale(NamedTuple):
    """Mean and spread of the training targets, one of each for every output; both are (n_y, 1).

    Training sees (y - mean) / spread, so that a network whose weights have the usual size can
    predict prices as well as shares. A target that never changes has spread 1.
    """

    mean: Array
    spread: Array

    @classmethod
    def in_state(cls, state: State) -> Self | None:
        """The scale that a layer's state holds; None where it holds none."""
        if "target_mean" not in state:
            return None
        return cls(state["target_mean"], state["target_spread"])

    def measure(self, Y: Array) -> None:
        """Fill both, in place, from the targets of the training set: (n_y, m), NaN for unknown."""
        for row, y in enumerate(Y):
            known = y[~np.isnan(y)]
            if known.size:
                found = Normalization.of(known[np.newaxis])
                self.mean[row], self.spread[row] = found.mean[0], found.scale[0]

    def apply(self, Y: Array) -> Array:
        """Targets (n_y, m) as training sees them, in their dtype."""
        return ((Y - self.mean) / self.spread).astype(Y.dtype, copy=False)

    def undo(self, P: Array) -> Array:
        """The inverse of `apply`, for predictions: in the units of the data."""
        return (P * self.spread + self.mean).astype(P.dtype, copy=False)


class ScaledLinear(Linear):
    """Z = W A + b, where Z stands for scaled targets: its state holds their mean and spread."""

    abstract = True
    title = Linear.title
    measures_targets = True

    def state_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        return {"target_mean": (self.units, 1), "target_spread": (self.units, 1)}

    def initialize(
        self, rng: np.random.Generator, *inputs: Shape
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        params, _ = super().initialize(rng, *inputs)
        column = (self.units, 1)
        return params, {"target_mean": np.zeros(column), "target_spread": np.ones(column)}
