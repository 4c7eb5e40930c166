"""An activation function in one file."""

from __future__ import annotations

import numpy as np

from engine.activations.base import ActivationFunction, Array
from engine.activations.basic import sigmoid
from engine.pytorch_twin import PyTorchTwin


class Mish(ActivationFunction):
    """a = z tanh(s) with s = ln(1 + e^z); g'(z) = tanh(s) + z sigmoid(z) (1 - tanh(s)^2).

    Source: Misra (2019).
    """

    formula = "a = z tanh(ln(1 + e^z))"
    latex = r"Z \tanh(\ln(1 + e^Z))"

    def forward(self, z: Array) -> Array:
        return z * np.tanh(np.logaddexp(z, z.dtype.type(0)))

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        t = np.tanh(np.logaddexp(z, z.dtype.type(0)))
        return da * (t + z * sigmoid(z) * (1 - t * t))

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin("torch.nn.functional.mish")
