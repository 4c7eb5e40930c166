"""The activation functions of a first course, and sigmoid and softmax as plain functions."""

from __future__ import annotations

import numpy as np

from engine.activations.base import ActivationFunction, Array
from engine.constants import number, zeros
from engine.pytorch_twin import PyTorchTwin

SURE_LOGIT = 10.0
"""Beyond such a logit the smaller of two probabilities is below 5e-5: formulas that are as exact as
1 is would leave it few digits in float32, and none beyond 17."""


class Relu(ActivationFunction):
    """Rectified linear unit: a = max(0, z), g'(z) = 1 for z > 0, else 0 (0 at z = 0).

    Example: z = [-2, 0, 3] gives a = [0, 0, 3].
    Source: Nair and Hinton (2010); course 1, week 3.
    """

    title = "ReLU"
    formula = "a = max(0, z)"
    latex = r"\max(0, Z)"
    can_die = True

    @property
    def has_kink(self) -> bool:
        return True

    def forward(self, z: Array) -> Array:
        return np.maximum(z, zeros(z.shape, z.dtype))

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        dz: Array = (a > number(0, a.dtype)).astype(a.dtype)
        dz *= da
        return dz

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin("torch.nn.functional.relu")


class Tanh(ActivationFunction):
    """Hyperbolic tangent: a = (e^z - e^-z) / (e^z + e^-z), g'(z) = 1 - a^2.

    Example: z = 0 gives a = 0 and slope 1. Source: course 1, week 3.
    """

    title = "tanh"
    formula = "a = tanh(z)"
    latex = r"\tanh Z"
    unit_range = (-1.0, 1.0)

    def forward(self, z: Array) -> Array:
        return np.tanh(z)

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        dz = a * a
        np.subtract(number(1, a.dtype), dz, dz)
        dz *= da
        return dz

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin("torch.tanh")


class Sigmoid(ActivationFunction):
    """Logistic function: a = 1 / (1 + e^-z), g'(z) = a (1 - a).

    Computed as (1 + tanh(z / 2)) / 2, which equals it and never overflows.
    Example: z = 0 gives a = 0.5 and slope 0.25. Source: course 1, week 2.
    """

    formula = "a = 1 / (1 + e^-z)"
    latex = r"\frac{1}{1 + e^{-Z}}"
    unit_range = (0.0, 1.0)

    def forward(self, z: Array) -> Array:
        return sigmoid(z)

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        return da * (a * (1 - a))

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin("torch.sigmoid")


class LinearActivation(ActivationFunction):
    """Identity: a = z, g'(z) = 1. Source: course 1, week 3 (for regression outputs)."""

    kind = "linear"
    title = "linear"
    formula = "a = z"
    latex = "Z"

    def forward(self, z: Array) -> Array:
        return z

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        return da

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin("torch.clone")


class Softmax(ActivationFunction):
    """Softmax over the units: a_i = e^(z_i) / sum_j e^(z_j), shifted by max z so that it is finite.

    dz = a * (da - sum_j da_j a_j). Example: z = [5, 2, -1, 3] gives a = [0.842, 0.042, 0.002,
    0.114]. Source: course 2, week 3.
    """

    title = "softmax"
    formula = "a_i = e^z_i / Σ_j e^z_j"
    latex = r"\frac{e^Z}{\sum_i e^{Z_i}}"
    couples_units = True
    unit_range = (0.0, 1.0)

    def forward(self, z: Array) -> Array:
        return softmax(z)

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        return a * (da - np.sum(da * a, axis=0, keepdims=True))

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin("torch.nn.functional.softmax", {"dim": 1})


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^-z) for any z without overflow; z: any shape.

    (1 + tanh(z / 2)) / 2 is fast, and as exact as 1 is; the digits of a much smaller a are kept by
    e^z / (1 + e^z).
    """
    half, one = number(0.5, z.dtype), number(1, z.dtype)
    a: Array = np.tanh(z * half)
    a += one
    a *= half
    small = z < number(-SURE_LOGIT, z.dtype)
    if small.any():
        e = np.exp(np.where(small, z, -half))  # elsewhere any number that does not overflow
        a = np.where(small, e / (one + e), a)
    return a


def softmax(z: Array) -> Array:
    """e^(z_i) / sum_j e^(z_j) over the first axis; z: (C, ..., m)."""
    a: Array = np.exp(z - np.maximum.reduce(z, axis=0, keepdims=True))
    a /= np.add.reduce(a, axis=0, keepdims=True)
    return a
