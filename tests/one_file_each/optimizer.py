"""An optimizer in one file, its comparison with PyTorch included."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.optimizers.base import Optimizer, Vector
from engine.pytorch_twin import PyTorchTwin


class Adamax(Optimizer):
    """v := 0.9 v + 0.1 dtheta; u := max(0.999 u, |dtheta| + 1e-8).

    theta := theta - alpha / (1 - 0.9^t) * v / u. Source: Kingma and Ba 2015, section 7.1.
    """

    slots: ClassVar[tuple[str, ...]] = ("v", "u")

    def update(
        self,
        theta: Vector,
        gradient: Vector,
        slots: tuple[Vector, ...],
        t: int,
        alpha: float,
        scratch: tuple[Vector, Vector],
    ) -> None:
        v, u = slots
        step = scratch[0][: theta.size]
        np.multiply(gradient, 0.1, step)
        np.multiply(v, 0.9, v)
        np.add(v, step, v)
        np.absolute(gradient, step)
        np.add(step, 1e-8, step)
        np.multiply(u, 0.999, u)
        np.maximum(u, step, out=u)
        np.divide(v, u, step)
        np.multiply(step, alpha / (1 - 0.9**t), step)
        np.subtract(theta, step, theta)

    def pytorch_twin(self, alpha: float) -> PyTorchTwin | None:
        return PyTorchTwin("torch.optim.Adamax", {"lr": alpha})
