"""Train, dev and test sets, and their normalization by the numbers of the training set alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from engine.data.checks import Array
from engine.data.fit import Fit
from engine.errors import DataError

if TYPE_CHECKING:
    from engine.data.dataset import Dataset

CONSTANT_SPREAD = 10  # a feature that varies by fewer units in the last place counts as constant


@dataclass(frozen=True, eq=False)
class Normalization:
    """Shifts and scales every feature: x_norm = (x - mean) / scale.

    mean: (n_x, 1) and scale: (n_x, 1), of float64, positive scale.

    Source: A. Ng, Improving Deep Neural Networks, week 1, "Normalizing inputs".
    """

    mean: Array
    scale: Array

    @classmethod
    def of(cls, X: Array, real: Array | None = None) -> Self:
        """Mean and standard deviation of each row of X: (n_x, m), computed in float64.

        real: (n_x,) which rows hold real numbers, None for all; others stay as they are.

        mean = 1/m sum_i x(i), variance = 1/m sum_i (x(i) - mean)^2, scale = sqrt(variance). A
        constant feature, such as a corner pixel, has scale 1: it is centered and nothing more,
        because its variance is zero or rounding noise.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            mean = X.mean(axis=1, keepdims=True, dtype=np.float64)  # (n_x, 1)
            scale = X.std(axis=1, keepdims=True, dtype=np.float64)  # (n_x, 1)
        if not (np.isfinite(mean).all() and np.isfinite(scale).all()):
            hint = "Divide the features by a large common number first."
            raise DataError("X holds values too large to normalize.", hint=hint)
        scale[_constant(X)] = 1.0
        if real is not None:
            mean[~real], scale[~real] = 0.0, 1.0
        return cls(_frozen(mean), _frozen(scale))

    def apply(self, X: Array) -> Array:
        """X: (n_x, m) normalized; the result has X's dtype."""
        self._check(X)
        return ((X - self.mean) / self.scale).astype(X.dtype)

    def undo(self, X: Array) -> Array:
        """The inverse of `apply`: (n_x, m) in the original units and X's dtype."""
        self._check(X)
        return (X * self.scale + self.mean).astype(X.dtype)

    def _check(self, X: Array) -> None:
        n_x = self.mean.shape[0]
        if X.ndim != 2 or X.shape[0] != n_x:
            raise DataError(f"This normalization is for X of ({n_x}, m); got shape {X.shape}.")


@dataclass(frozen=True, eq=False)
class Splits:
    """The three sets of one data set. `test` is None if its fraction was 0.

    normalization: what `normalize` applied, or None for raw features.
    train_dev: held back from the training set where training data come from elsewhere than dev and
       test; its error tells variance from data mismatch. None if there is no such part.
    filling: (n_x, 1) what `filled` put in place of missing values, or None if none were missing.
    """

    train: Dataset
    dev: Dataset
    test: Dataset | None = None
    normalization: Normalization | None = None
    train_dev: Dataset | None = None
    filling: Array | None = None

    @property
    def fit(self) -> Fit:
        """What these data ask of a network."""
        return self.train.fit

    def normalize(self) -> Splits:
        """All three sets by mean and variance of the training set; a second call changes nothing.

        Tokens and lengths stay as they are.

        Dev and test get the training set's numbers, because a network must meet every example, also
        one that comes years later, through the same transformation that it was trained with.
        """
        if self.normalization is not None:
            return self
        rule = Normalization.of(self.train.X, self.train.real_rows)
        changed = self._each(lambda data: dataclasses.replace(data, X=rule.apply(data.X)))
        return dataclasses.replace(changed, normalization=rule)

    def filled(self) -> Splits:
        """Every missing value replaced by the training set's mean of its feature.

        A feature that the training set lacks altogether becomes 0. Without gaps, nothing changes.
        """
        sets = (self.train, self.dev, self.test, self.train_dev)
        if not any(data.gaps for data in sets if data is not None):
            return self
        means = _known_means(self.train.X)
        changed = self._each(lambda data: _without_gaps(data, means))
        return dataclasses.replace(changed, filling=means)

    def of_target(self, name: str | None = None) -> Splits:
        """The same sets with one of the targets alone, the first for None; see Dataset."""
        if len(self.train.target_blocks) < 2:
            return self
        return self._each(lambda data: data.of_target(name))

    def _each(self, change: Callable[[Dataset], Dataset]) -> Splits:
        """The same change of every set."""
        parts: dict[str, Any] = {
            name: getattr(self, name) for name in ("train", "dev", "test", "train_dev")
        }
        for name, data in parts.items():
            parts[name] = None if data is None else change(data)
        return dataclasses.replace(self, **parts)


def _known_means(X: Array) -> Array:
    """The mean of each feature of X: (n_x, m) over the values that are not NaN: (n_x, 1)."""
    known = ~np.isnan(X)
    counts = known.sum(axis=1, keepdims=True)
    with np.errstate(over="ignore"):
        sums = np.where(known, X, 0).sum(axis=1, keepdims=True, dtype=np.float64)  # (n_x, 1)
    return _frozen((sums / np.maximum(counts, 1)).astype(X.dtype))


def _without_gaps(data: Dataset, means: Array) -> Dataset:
    X = np.where(np.isnan(data.X), means, data.X) if data.gaps else data.X
    return dataclasses.replace(data, X=X, gaps=False)


def _constant(X: Array) -> Array:
    """Which features of X: (n_x, m) vary by rounding errors only: (n_x,) of bool."""
    low, high = X.min(axis=1).astype(np.float64), X.max(axis=1).astype(np.float64)
    largest = np.maximum(np.abs(low), np.abs(high))
    return np.asarray(high - low <= CONSTANT_SPREAD * np.finfo(X.dtype).eps * largest)


def _frozen(values: Array) -> Array:
    values.flags.writeable = False
    return values
