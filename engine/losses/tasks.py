"""Tasks: what a network is asked, which pairs a loss with its output activation and a score."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.activations import sigmoid, softmax
from engine.errors import DataError
from engine.losses.base import Array, ErrorFunction, Loss
from engine.losses.cross_entropy import BinaryCrossEntropy, CategoricalCrossEntropy
from engine.losses.error_functions import SquaredError
from engine.spec import Family, setting


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


def _other_task(y: Array) -> str:
    return "For other numbers choose the regression task." if y.shape[0] == 1 else ""
