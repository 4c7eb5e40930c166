"""Losses from logits, and the tasks that pair a loss with its output activation.

Shapes: z (logits), y (targets) and dz are (n_y, m). The loss of one example is summed over its
outputs; the network divides by m. The gradient of every loss here is, in the lectures' words,
dZ[L] = A[L] - Y, or its analogue.
"""

from __future__ import annotations

import math
from typing import ClassVar, cast

import numpy as np

from engine.activations import sigmoid, softmax
from engine.constants import number, zeros
from engine.errors import DataError
from engine.spec import Family, Spec, setting

Array = np.ndarray


class Loss(Spec):
    """Base of all losses: `values` of the examples, their sum `value`, the sum's `gradient`."""

    formula: ClassVar[str] = ""
    has_kink: ClassVar[bool] = False
    """True where the slope jumps at z = y, which misleads a finite difference across it."""

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


class BinaryCrossEntropy(Loss):
    """L = -(y ln a + (1 - y) ln(1 - a)) with a = sigmoid(z), as ln(1 + e^z) - y z.

    Finite for any finite z. A NaN target is a missing label: no loss and no gradient.
    Example: z = 0, y = 1 gives L = ln 2. Source: course 1, week 2; PyTorch's
    BCEWithLogitsLoss(reduction="sum") is the same function.
    """

    formula = "L = −(y ln a + (1 − y) ln(1 − a))"

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
        return _summed(losses)

    def value(self, z: Array, y: Array) -> float:
        with np.errstate(invalid="ignore"):  # NaN logits: the cost is NaN, which training reports
            losses = np.logaddexp(z, z.dtype.type(0)) - y * z
        return float(np.sum(losses, where=~np.isnan(y)))

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
        return total, dz


class CategoricalCrossEntropy(Loss):
    """L = -sum_i y_i ln a_i with a = softmax(z), as ln(sum_j e^(z_j)) - sum_i y_i z_i.

    y is one-hot (C, m). Finite for any finite z. Example: C equal logits give L = ln C.
    Source: course 2, week 3.
    """

    formula = "L = −Σ_i y_i ln a_i"

    def values(self, z: Array, y: Array) -> Array:
        # With d = z - z_true and M = max d >= 0, L = M + ln(sum_i e^(d_i - M)). The true class has
        # d = 0; taking it out of the sum keeps every digit of a small loss.
        d = z - (y * z).sum(axis=0)
        top = d.max(axis=0)
        d -= top
        np.exp(d, out=d)
        d *= 1 - y
        return cast(Array, top + np.log1p(d.sum(axis=0) + np.expm1(-top)))

    def value(self, z: Array, y: Array) -> float:
        shifted = z - np.max(z, axis=0, keepdims=True)
        return float(np.log(np.exp(shifted).sum(axis=0)).sum() - np.vdot(y, shifted))

    def gradient(self, z: Array, y: Array) -> Array:
        return softmax(z) - y

    def value_and_gradient(self, z: Array, y: Array) -> tuple[float, Array]:
        shifted = z - np.maximum.reduce(z, axis=0, keepdims=True)
        a = np.exp(shifted)
        sums = np.add.reduce(a, axis=0, keepdims=True)  # (1, m)
        value = float(np.add.reduce(np.log(sums), axis=None) - np.vdot(y, shifted))
        a /= sums
        a -= y
        return value, a


class SquaredError(ErrorFunction):
    """L = 1/2 ||a - y||^2 with a = z, so that dZ = A - Y.

    Example: a = 3, y = 1 gives L = 2. Source: course 1, week 2. PyTorch's MSELoss and Keras leave
    out the 1/2 and average over the outputs.
    """

    formula = "L = ½‖a − y‖²"

    def values(self, z: Array, y: Array) -> Array:
        error = z - y
        error *= error
        error *= 0.5
        return _summed(error)

    def value(self, z: Array, y: Array) -> float:
        error = z - y
        return 0.5 * float(np.vdot(error, error))

    def gradient(self, z: Array, y: Array) -> Array:
        return z - y

    def value_and_gradient(self, z: Array, y: Array) -> tuple[float, Array]:
        error = z - y
        return 0.5 * float(np.vdot(error, error)), error


class AbsoluteError(ErrorFunction):
    """L = sum_i |a_i - y_i| with a = z; dZ = sign(A - Y), 0 where they are equal.

    Source: Laplace (1774); PyTorch's L1Loss(reduction="sum").
    """

    formula = "L = Σ_i |a_i − y_i|"
    has_kink = True

    def values(self, z: Array, y: Array) -> Array:
        return _summed(np.abs(z - y))

    def gradient(self, z: Array, y: Array) -> Array:
        return np.sign(z - y)


class Task(Family):
    """What the network is asked: picks output activation, loss and score together."""

    score_title: ClassVar[str] = "accuracy"
    score_is_share: ClassVar[bool] = True
    """Whether people read the score in percent."""

    @property
    def loss(self) -> Loss:
        """The loss that J averages."""
        raise NotImplementedError

    def units(self, classes: int) -> int:
        """Output units for `classes` classes (targets, for regression)."""
        return classes

    def predict(self, z: Array) -> Array:
        """Predictions from logits: probabilities for classifiers. (n_y, m) -> (n_y, m)."""
        raise NotImplementedError

    def score(self, p: Array, y: Array) -> float:
        """A number that teachers read, 1 at best: accuracy, or R^2 for regression."""
        raise NotImplementedError

    def check_targets(self, y: Array) -> None:
        """Raise DataError where y cannot be a target of this task."""
        if not np.isfinite(y).all():
            raise DataError("Y must be finite; it has NaN or infinite values.")


class Binary(Task):
    """Two classes: one sigmoid unit, binary cross-entropy; y is 0 or 1, shape (1, m)."""

    title = "Two classes (sigmoid)"
    short_title = "sigmoid"

    @property
    def loss(self) -> Loss:
        return _BINARY

    def units(self, classes: int) -> int:
        return 1

    def predict(self, z: Array) -> Array:
        return sigmoid(z)

    def score(self, p: Array, y: Array) -> float:
        return float(np.mean((p >= 0.5) == (y >= 0.5)))

    def check_targets(self, y: Array) -> None:
        super().check_targets(y)
        if not ((y == 0) | (y == 1)).all():
            raise DataError("Y must hold only 0 and 1 for a binary task.", hint=_other_task(y))


class MultiClass(Task):
    """One of C classes: softmax over C units, cross-entropy; y is one-hot, shape (C, m)."""

    title = "One of many classes (softmax)"
    short_title = "softmax"

    @property
    def loss(self) -> Loss:
        return _CATEGORICAL

    def predict(self, z: Array) -> Array:
        return softmax(z)

    def score(self, p: Array, y: Array) -> float:
        return float(np.mean(np.argmax(p, axis=0) == np.argmax(y, axis=0)))

    def check_targets(self, y: Array) -> None:
        super().check_targets(y)
        if not ((y == 0) | (y == 1)).all() or not (y.sum(axis=0) == 1).all():
            raise DataError(
                "Each column of Y must be one-hot for a multi-class task: a single 1, else 0.",
                hint="Make it with engine.data.one_hot(labels, classes).",
            )


class MultiLabel(Task):
    """Any of C labels at once: C sigmoid units; y is 0, 1 or NaN (label missing), (C, m)."""

    title = "Several labels at once (sigmoids)"
    short_title = "sigmoid"

    @property
    def loss(self) -> Loss:
        return _BINARY

    def predict(self, z: Array) -> Array:
        return sigmoid(z)

    def score(self, p: Array, y: Array) -> float:
        known = ~np.isnan(y)
        return float(np.mean((p >= 0.5)[known] == (y >= 0.5)[known])) if known.any() else 0.0

    def check_targets(self, y: Array) -> None:
        if not ((y == 0) | (y == 1) | np.isnan(y)).all():
            raise DataError("Y must hold only 0, 1 or NaN (missing) for a multi-label task.")


class Regression(Task):
    """Real numbers: linear output and squared (or another) error; y is any real, (n_y, m)."""

    title = "Numbers (linear)"
    score_title = "R²"
    score_is_share = False
    short_title = "linear"
    error: ErrorFunction = setting(
        SquaredError(), title="Error", help="The loss that is averaged over the examples."
    )

    @property
    def loss(self) -> Loss:
        return self.error

    def predict(self, z: Array) -> Array:
        return z

    def score(self, p: Array, y: Array) -> float:
        spread = float(np.square(y - y.mean(axis=1, keepdims=True)).sum())
        return 1.0 - float(np.square(p - y).sum()) / spread if spread > 0 else 0.0


_BINARY, _CATEGORICAL = BinaryCrossEntropy(), CategoricalCrossEntropy()


def _summed(losses: Array) -> Array:
    """Over the outputs: (n_y, ..., m) -> (..., m). One output needs no sum."""
    total: Array = losses[0] if losses.shape[0] == 1 else losses.sum(axis=0)
    return total


def _other_task(y: Array) -> str:
    return "For other numbers choose the regression task." if y.shape[0] == 1 else ""
