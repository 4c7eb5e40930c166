"""Losses for real targets, which regression chooses from."""

from __future__ import annotations

import math

import numpy as np

from engine.losses.base import Array, ErrorFunction, summed
from engine.pytorch_twin import PyTorchTwin


class SquaredError(ErrorFunction):
    """L = 1/2 ||a - y||^2 with a = z, so that dZ = A - Y.

    Example: a = 3, y = 1 gives L = 2. Source: course 1, week 2. PyTorch's MSELoss and Keras leave
    out the 1/2 and average over the outputs.
    """

    formula = "L = ½‖a − y‖²"

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin("torch.nn.functional.mse_loss", {"reduction": "sum"}, 0.5)

    def values(self, z: Array, y: Array) -> Array:
        error = known_errors(z, y)
        error *= error
        error *= 0.5
        return summed(error)

    def value(self, z: Array, y: Array) -> float:
        return self.value_and_gradient(z, y)[0]

    def gradient(self, z: Array, y: Array) -> Array:
        return self.value_and_gradient(z, y)[1]

    def value_and_gradient(self, z: Array, y: Array) -> tuple[float, Array]:
        error = z - y
        total = 0.5 * float(np.vdot(error, error))
        if math.isnan(total):  # only then look for unknown targets
            error = known_errors(z, y)
            total = 0.5 * float(np.vdot(error, error))
        return total, error


class AbsoluteError(ErrorFunction):
    """L = sum_i |a_i - y_i| with a = z; dZ = sign(A - Y), 0 where they are equal.

    Source: Laplace (1774); PyTorch's L1Loss(reduction="sum").
    """

    formula = "L = Σ_i |a_i − y_i|"
    has_kink = True

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin("torch.nn.functional.l1_loss", {"reduction": "sum"})

    def values(self, z: Array, y: Array) -> Array:
        return summed(np.abs(known_errors(z, y)))

    def gradient(self, z: Array, y: Array) -> Array:
        return np.sign(known_errors(z, y))


def known_errors(z: Array, y: Array) -> Array:
    """z - y, and 0 where a target is unknown."""
    error: Array = z - y
    unknown = np.isnan(y)
    if unknown.any():
        np.copyto(error, error.dtype.type(0), where=unknown)
    return error
