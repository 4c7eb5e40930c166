"""A loss for real targets in one file."""

from __future__ import annotations

import numpy as np

from engine.losses.base import Array, ErrorFunction, summed
from engine.pytorch_twin import PyTorchTwin


class HuberError(ErrorFunction):
    """Half the square near 0, a straight line beyond 1. Source: Huber 1964."""

    formula = "L = Σ_i h(a_i − y_i)"

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin("torch.nn.functional.huber_loss", {"reduction": "sum"})

    def values(self, z: Array, y: Array) -> Array:
        size = np.abs(z - y)
        return summed(np.where(size <= 1, size * size / 2, size - z.dtype.type(0.5)))

    def gradient(self, z: Array, y: Array) -> Array:
        return np.clip(z - y, -1, 1)
