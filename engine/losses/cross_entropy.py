"""Cross-entropies from logits, for two classes, for several labels, and for one of many classes."""

from __future__ import annotations

import math
from typing import cast

import numpy as np

from engine.activations.basic import SURE_LOGIT
from engine.constants import number, square_limit, zeros
from engine.losses.base import Array, Loss, summed
from engine.pytorch_twin import PyTorchTwin
from engine.targets.classes import one_hot_of

SMALL = 1e-3
"""Above such a mean loss, the rounding of the fast formulas is small beside it. Below, the losses
and derivatives of sure and right predictions are all there is, and are computed to every digit."""


class BinaryCrossEntropy(Loss):
    """L = -(y ln a + (1 - y) ln(1 - a)) with a = sigmoid(z), as ln(1 + e^z) - y z.

    Finite for any finite z. A NaN target is a missing label: no loss and no gradient.
    Example: z = 0, y = 1 gives L = ln 2. Source: course 1, week 2; PyTorch's
    BCEWithLogitsLoss(reduction="sum") is the same function.
    """

    formula = "L = −(y ln a + (1 − y) ln(1 − a))"

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin(
            "torch.nn.functional.binary_cross_entropy_with_logits", {"reduction": "sum"}
        )

    def values(self, z: Array, y: Array) -> Array:
        # ln(1 + e^z) = (|z| + z) / 2 + ln(1 + e^-|z|) is as exact as logaddexp, and much faster.
        size = np.abs(z)
        losses = np.exp(-size)
        np.log1p(losses, out=losses)
        size *= 0.5
        size += (0.5 - y) * z  # 0 exactly where the sign of z is right
        losses += size
        missing = np.isnan(y)
        if missing.any():  # a NaN logit shows all the same
            return cast(Array, np.sum(losses, axis=0, where=~missing))
        return summed(losses)

    def value(self, z: Array, y: Array) -> float:
        with np.errstate(invalid="ignore"):  # NaN logits: the cost is NaN, which training reports
            return float(self.values(z, y).sum())

    def gradient(self, z: Array, y: Array) -> Array:
        return self.value_and_gradient(z, y)[1]

    def value_and_gradient(self, z: Array, y: Array) -> tuple[float, Array]:
        # With h = tanh(z/2) / 2: a = 1/2 + h, and ln(1 + e^z) = max(z, 0) - ln(1/2 + |h|) takes one
        # tanh where logaddexp takes two exp.
        half = number(0.5, z.dtype)
        h = np.tanh(z * half)
        h *= half
        dz = h + half
        dz -= y
        np.absolute(h, h)
        h += half
        np.log(h, h)
        np.subtract(np.maximum(z, zeros(z.shape, z.dtype)), h, h)
        h -= y * z  # example by example: large z cancel before they are summed
        total = float(np.add.reduce(h, axis=None))
        if math.isnan(total) and np.isnan(y).any():  # only then look for missing labels
            return self.value(z, y), np.where(np.isnan(y), y.dtype.type(0), dz)
        if total < SMALL * z.size:
            return self._to_every_digit(dz, z, y)
        return total, dz

    @staticmethod
    def _to_every_digit(dz: Array, z: Array, y: Array) -> tuple[float, Array]:
        """The loss, and dz = a - y where a is all but y: e^-|z| / (1 + e^-|z|), with a sign.

        What is too small to be squared is 0: no step would see it, and each would be slower.
        """
        size = np.absolute(z)
        sure = size > number(SURE_LOGIT, z.dtype)
        sure &= y == (z > zeros(z.shape, z.dtype))
        np.negative(size, size)
        e = np.exp(size)
        losses = np.log1p(e)
        side = number(0.5, z.dtype) - y
        wrong = z * side
        size *= number(-0.5, z.dtype)
        wrong += size  # 0 exactly where the sign of z is right
        losses += wrong
        e /= e + number(1, z.dtype)
        e *= e > number(square_limit(z.dtype), z.dtype)
        np.copysign(e, side, e)
        np.copyto(dz, e, where=sure)
        return float(np.add.reduce(losses, axis=None)), dz


class CategoricalCrossEntropy(Loss):
    """L = -sum_i y_i ln a_i with a = softmax(z), as ln(sum_j e^(z_j)) - sum_i y_i z_i.

    y holds labels, (1, m), which become one-hot here, batch by batch; or shares of all classes,
    (C, m). Finite for any finite z. Example: C equal logits give L = ln C.
    Source: course 2, week 3.
    """

    formula = "L = −Σ_i y_i ln a_i"

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin("torch.nn.functional.cross_entropy", {"reduction": "sum"})

    def values(self, z: Array, y: Array) -> Array:
        # With d = z - z_true and M = max d >= 0, L = M + ln(sum_i e^(d_i - M)). The true class has
        # d = 0; taking it out of the sum keeps every digit of a small loss.
        y = _of_all_classes(y, len(z))
        unknown = np.isnan(y).any(axis=0)  # (..., m)
        if unknown.any():
            y = np.where(unknown, y.dtype.type(0), y)
        d = z - (y * z).sum(axis=0)
        top = d.max(axis=0)
        d -= top
        np.exp(d, out=d)
        d *= 1 - y
        losses = top + np.log1p(d.sum(axis=0) + np.expm1(-top))
        return np.where(unknown, losses.dtype.type(0), losses) if unknown.any() else losses

    def gradient(self, z: Array, y: Array) -> Array:
        return self.value_and_gradient(z, y)[1]

    def value_and_gradient(self, z: Array, y: Array) -> tuple[float, Array]:
        y = _of_all_classes(y, len(z))
        shifted = z - np.maximum.reduce(z, axis=0, keepdims=True)
        a = np.exp(shifted)
        sums = np.add.reduce(a, axis=0, keepdims=True)  # (1, m)
        value = float(np.add.reduce(np.log(sums), axis=None) - np.vdot(y, shifted))
        a /= sums
        if value < SMALL * z.shape[-1]:
            return self.value(z, y), self._with_small_ones(a, y)
        if math.isnan(value) and np.isnan(y).any():  # only then look for unknown targets
            return self._of_the_known(z, y)
        a -= y
        return value, a

    def _of_the_known(self, z: Array, y: Array) -> tuple[float, Array]:
        known = ~np.isnan(y).any(axis=0)  # (m,)
        dz = np.zeros_like(z)
        value, dz[:, known] = self.value_and_gradient(z[:, known], y[:, known])
        return value, dz

    @staticmethod
    def _with_small_ones(a: Array, y: Array) -> Array:
        """dz = a - y with every digit where a is all but y: -(sum of others) for the true class.

        As above, what is too small to be squared is 0.
        """
        others = a * (1 - y)
        others *= others > number(square_limit(a.dtype), a.dtype)
        rest = np.add.reduce(others, axis=0, keepdims=True)  # (1, m)
        return np.where(rest < math.exp(-SURE_LOGIT), others - y * rest, a - y)


def _of_all_classes(y: Array, classes: int) -> Array:
    """Labels, (1, ..., m), as one-hot columns, (C, ..., m)."""
    return one_hot_of(y, classes) if len(y) == 1 < classes else y
