"""Relatives of ReLU."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from engine.activations.base import ActivationFunction, Array
from engine.activations.basic import sigmoid
from engine.pytorch_twin import PyTorchTwin
from engine.spec import setting


class LeakyRelu(ActivationFunction):
    """Leaky ReLU: a = z for z > 0, else slope * z; g'(z) = 1 or slope.

    Example: slope 0.01, z = -2 gives a = -0.02. Source: Maas et al. (2013); course 1, week 3.
    """

    title = "leaky ReLU"
    formula = "a = max(slope z, z)"
    latex = r"\max(\text{slope} \cdot Z, Z)"
    slope: float = setting(0.01, title="Slope", help="Slope for negative z.", ge=0, lt=1)

    @property
    def has_kink(self) -> bool:
        return True

    def forward(self, z: Array) -> Array:
        return np.maximum(z, self.slope * z)

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        return da * np.maximum(z > 0, z.dtype.type(self.slope), dtype=z.dtype)

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin("torch.nn.functional.leaky_relu", {"negative_slope": self.slope})


class Elu(ActivationFunction):
    """Exponential linear unit: a = z for z > 0, else alpha (e^z - 1); g'(z) = 1 or a + alpha.

    Source: Clevert, Unterthiner and Hochreiter (2016).
    """

    title = "ELU"
    formula = "a = z if z > 0 else α(e^z − 1)"
    latex = r"\begin{cases} Z & Z > 0 \\ \alpha (e^Z - 1) & Z \leq 0 \end{cases}"
    alpha: float = setting(1.0, title="Alpha", help="The limit for z → −∞ is −α.", gt=0, le=100)

    @property
    def has_kink(self) -> bool:
        return self.alpha != 1

    def forward(self, z: Array) -> Array:
        return np.where(z > 0, z, self.alpha * np.expm1(np.minimum(z, 0)))

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        return da * np.where(z > 0, z.dtype.type(1), a + self.alpha)

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin("torch.nn.functional.elu", {"alpha": self.alpha})


class Gelu(ActivationFunction):
    """Gaussian error linear unit: a = z Φ(z), with Φ the standard normal distribution function.

    form "exact" evaluates Φ with the C library's erf, one number at a time (slow); "tanh" is
    0.5 z (1 + tanh(sqrt(2/π)(z + 0.044715 z^3))), as the paper's code and Keras' approximate=True.
    Source: Hendrycks and Gimpel (2016).
    """

    title = "GELU"
    formula = "a = z Φ(z)"
    latex = r"Z \, \Phi(Z)"
    form: Literal["tanh", "exact"] = setting(
        "tanh", title="Form", help="The usual tanh approximation, or the exact normal distribution."
    )

    def forward(self, z: Array) -> Array:
        return z * self._normal_cdf(z)

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        return da * (self._normal_cdf(z) + z * self._normal_density(z))

    def pytorch_twin(self) -> PyTorchTwin | None:
        approximate = "tanh" if self.form == "tanh" else "none"
        return PyTorchTwin("torch.nn.functional.gelu", {"approximate": approximate})

    def _normal_cdf(self, z: Array) -> Array:
        if self.form == "exact":
            return 0.5 * (1 + _erf(z / math.sqrt(2)))
        return 0.5 * (1 + self._tanh(z))

    def _normal_density(self, z: Array) -> Array:
        if self.form == "exact":
            return np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
        t = self._tanh(z)
        return 0.5 * (1 - t * t) * _GELU_SCALE * (1 + 3 * 0.044715 * z * z)

    @staticmethod
    def _tanh(z: Array) -> Array:
        return np.tanh(_GELU_SCALE * (z + 0.044715 * (z * z * z)))


class Softplus(ActivationFunction):
    """Softplus: a = ln(1 + e^z), g'(z) = sigmoid(z). Source: Dugas et al. (2001)."""

    formula = "a = ln(1 + e^z)"
    latex = r"\ln(1 + e^Z)"

    def forward(self, z: Array) -> Array:
        return np.logaddexp(z, z.dtype.type(0))

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        return da * sigmoid(z)

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin("torch.nn.functional.softplus", {"threshold": 1000})


class Swish(ActivationFunction):
    """Swish, also SiLU: a = z sigmoid(z), g'(z) = s + a (1 - s) with s = sigmoid(z).

    Source: Ramachandran, Zoph and Le (2017), with beta = 1.
    """

    formula = "a = z σ(z)"
    latex = r"Z \, \sigma(Z)"

    def forward(self, z: Array) -> Array:
        return z * sigmoid(z)

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        s = sigmoid(z)
        return da * (s + a * (1 - s))

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin("torch.nn.functional.silu")


_GELU_SCALE = math.sqrt(2 / math.pi)


_erf_of_double = np.frompyfunc(math.erf, 1, 1)


def _erf(x: Array) -> Array:
    values: Array = _erf_of_double(x).astype(x.dtype)
    return values
