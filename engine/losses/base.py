"""The contract of a loss: from logits and targets to a number and its derivative.

Shapes: z (logits), y (targets) and dz are (n_y, m). The loss of one example is summed over its
outputs; the network divides by m. A NaN in y is an unknown target: no loss and no gradient. The
gradient of every loss here is, in the lectures' words, dZ[L] = A[L] - Y, or its analogue.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.pytorch_twin import PyTorchTwin
from engine.spec import Family, Spec

Array = np.ndarray


class Loss(Spec):
    """Base of all losses: `values` of the examples, their sum `value`, the sum's `gradient`."""

    formula: ClassVar[str] = ""
    has_kink: ClassVar[bool] = False
    """True where the slope jumps at z = y, which misleads a finite difference across it."""

    def pytorch_twin(self) -> PyTorchTwin | None:
        """PyTorch's `value`, called with logits and targets of (m, n_y); None without one."""
        return None

    def values(self, z: Array, y: Array) -> Array:
        """The loss of each example, summed over outputs: (n_y, ..., m) -> (..., m).

        y may have axes of length 1 in between, where many z share the same targets.
        """
        raise NotImplementedError

    def value(self, z: Array, y: Array) -> float:
        """The loss summed over outputs and examples: the sum of `values`."""
        return float(self.values(z, y).sum())

    def gradient(self, z: Array, y: Array) -> Array:
        """d value / dz, with the shape of z."""
        raise NotImplementedError

    def value_and_gradient(self, z: Array, y: Array) -> tuple[float, Array]:
        """Both at once; losses that share work between the two override it."""
        return self.value(z, y), self.gradient(z, y)


class ErrorFunction(Loss, Family):
    """The family of losses for real targets, with a = z. A new one is one class below it."""


def summed(losses: Array) -> Array:
    """Over the outputs: (n_y, ..., m) -> (..., m). One output needs no sum."""
    total: Array = losses[0] if losses.shape[0] == 1 else losses.sum(axis=0)
    return total
