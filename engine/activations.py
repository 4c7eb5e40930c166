"""Activation functions g(Z): each one with its derivative beside it.

Shapes: z, a, da and dz are all (units, ..., m); examples are the last axis. `backward` gets
da = dJ/da and returns dz = da * g'(z). Results are new arrays, arguments are never changed.
"""

from __future__ import annotations

import math
from typing import ClassVar, Literal

import numpy as np

from engine.constants import number, zeros
from engine.spec import Family, setting

Array = np.ndarray

SATURATED_SHARE_OF_RANGE = 0.02
"""An output closer than this share of its range to an end counts as saturated."""


class ActivationFunction(Family):
    """Base of all activation functions. A new one is one class with `forward` and `backward`."""

    formula: ClassVar[str] = ""
    latex: ClassVar[str] = ""
    """g(Z) in LaTeX, element by element."""
    unit_range: ClassVar[tuple[float, float] | None] = None
    """The bounded range of g, where saturation is meaningful; None for unbounded functions."""
    can_die: ClassVar[bool] = False
    """True where g and g' are exactly zero for all negative z: a unit can stop learning."""

    @property
    def has_kink(self) -> bool:
        """True where g' jumps at z = 0, which misleads a finite difference across it."""
        return False

    def forward(self, z: Array) -> Array:
        """a = g(z)."""
        raise NotImplementedError

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        """dz = da * g'(z), from z or from a = g(z), whichever is cheaper."""
        raise NotImplementedError

    def saturated(self, a: Array) -> Array | None:
        """Boolean mask of outputs at an end of a bounded range; None for unbounded functions."""
        if self.unit_range is None:
            return None
        low, high = self.unit_range
        margin = SATURATED_SHARE_OF_RANGE * (high - low)
        mask: Array = (a < low + margin) | (a > high - margin)
        return mask


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


class Linear(ActivationFunction):
    """Identity: a = z, g'(z) = 1. Source: course 1, week 3 (for regression outputs)."""

    title = "linear"
    formula = "a = z"
    latex = "Z"

    def forward(self, z: Array) -> Array:
        return z

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        return da


class LeakyRelu(ActivationFunction):
    """Leaky ReLU: a = z for z > 0, else slope * z; g'(z) = 1 or slope.

    Example: slope 0.01, z = -2 gives a = -0.02. Source: Maas et al. (2013); course 1, week 3.
    """

    title = "leaky ReLU"
    formula = "a = max(slope z, z)"
    latex = r"\max(\text{slope} \cdot Z, Z)"
    slope: float = setting(0.01, title="Slope", help="The derivative for negative z.", ge=0, lt=1)

    @property
    def has_kink(self) -> bool:
        return True

    def forward(self, z: Array) -> Array:
        return np.maximum(z, self.slope * z)

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        return da * np.maximum(z > 0, z.dtype.type(self.slope), dtype=z.dtype)


class Softmax(ActivationFunction):
    """Softmax over the units: a_i = e^(z_i) / sum_j e^(z_j), shifted by max z so that it is finite.

    dz = a * (da - sum_j da_j a_j). Example: z = [5, 2, -1, 3] gives a = [0.842, 0.042, 0.002,
    0.114]. Source: course 2, week 3.
    """

    title = "softmax"
    formula = "a_i = e^z_i / Σ_j e^z_j"
    latex = r"\frac{e^Z}{\sum_i e^{Z_i}}"
    unit_range = (0.0, 1.0)

    def forward(self, z: Array) -> Array:
        return softmax(z)

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        return a * (da - np.sum(da * a, axis=0, keepdims=True))


class Elu(ActivationFunction):
    """Exponential linear unit: a = z for z > 0, else alpha (e^z - 1); g'(z) = 1 or a + alpha.

    Source: Clevert, Unterthiner and Hochreiter (2016).
    """

    title = "ELU"
    formula = "a = z if z > 0 else α(e^z − 1)"
    latex = r"\begin{cases} Z & Z > 0 \\ \alpha (e^Z - 1) & Z \leq 0 \end{cases}"
    alpha: float = setting(1.0, title="Alpha", help="Minus the limit for z → −∞.", gt=0, le=100)

    @property
    def has_kink(self) -> bool:
        return self.alpha != 1

    def forward(self, z: Array) -> Array:
        return np.where(z > 0, z, self.alpha * np.expm1(np.minimum(z, 0)))

    def backward(self, da: Array, z: Array, a: Array) -> Array:
        return da * np.where(z > 0, z.dtype.type(1), a + self.alpha)


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


_GELU_SCALE = math.sqrt(2 / math.pi)
_erf_of_double = np.frompyfunc(math.erf, 1, 1)


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^-z) for any z without overflow; z: any shape."""
    half, one = number(0.5, z.dtype), number(1, z.dtype)
    a: Array = np.tanh(z * half)
    a += one
    a *= half
    return a


def softmax(z: Array) -> Array:
    """e^(z_i) / sum_j e^(z_j) over the first axis; z: (C, ..., m)."""
    a: Array = np.exp(z - np.maximum.reduce(z, axis=0, keepdims=True))
    a /= np.add.reduce(a, axis=0, keepdims=True)
    return a


def _erf(x: Array) -> Array:
    values: Array = _erf_of_double(x).astype(x.dtype)
    return values
