"""ErrorRate and Errors: how wrong a network is on each set, with the doubt that few examples leave.

The targets define the error of one example (`Targets.errors`): 1 for a wrong decision, the share of
wrong labels, or, for numbers, the squared distance over the variance of the training targets. The
mean of the latter is 0 at best and 1 for a network that always answers the mean (close to 1 - R^2),
so it reads like a share. The noise that no network can explain plays the part of human-level error.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from engine.data import Dataset, Splits
from engine.data.chance import Interval, wilson
from engine.doctor.intervals import of_difference, of_mean
from engine.errors import DataError
from engine.losses import USUAL_TASK
from engine.metrics import largest_class
from engine.network import Network
from engine.targets import Targets

Array = np.ndarray


@dataclass(frozen=True)
class ErrorRate:
    """The mean error of m examples, 0 at best.

    spread: the standard deviation of the examples' errors; None for decisions, each of which is
    right or wrong, so that the share of wrong ones says it all.
    """

    value: float
    m: int
    spread: float | None = None

    def __post_init__(self) -> None:
        if self.m < 1:
            raise DataError(f"An error is measured on 1 example or more; got {self.m}.")
        if not self.value >= 0 or (self.spread is None and self.value > 1):
            raise DataError(f"A share of wrong decisions lies between 0 and 1; got {self.value}.")

    @classmethod
    def of(cls, errors: Array, decisions: bool) -> Self:
        """The mean of the examples' errors: (m,). decisions: whether each of them is 0 or 1.

        Errors that are all alike show no spread, but that is no proof that others are alike, too:
        they get the interval of a share, the widest that errors between 0 and 1 can have.
        """
        mean, m = float(errors.mean()), len(errors)
        if decisions:
            return cls(mean, m)
        spread = float(errors.std(ddof=1)) if m > 1 else 0.0
        alike = m > 1 and spread == 0 and mean <= 1
        return cls(mean, m) if alike else cls(mean, m, spread)

    @cached_property
    def interval(self) -> Interval:
        """Where the error on endlessly many such examples lies (Wilson's, or Student's)."""
        if self.spread is None:
            return wilson(self.value, self.m)
        return of_mean(self.value, self.spread, self.m)

    def above(self, other: ErrorRate) -> tuple[float, Interval]:
        """By how much this error is larger than another, and the interval of that (Newcombe's)."""
        size = self.value - other.value
        return size, of_difference(self.value, self.interval, other.value, other.interval)


@dataclass(frozen=True)
class Errors:
    """What the doctor looks at. human: the human-level, or Bayes, error, taken as exact; None where
    it is unknown.

    train_dev: examples from the training set's source that were not trained on. test: None while
    the test set is sealed. task: the kind of the targets, which say what an error is. baseline: the
    dev error of always answering the training set's largest class, for unbalanced classes.
    """

    train: ErrorRate
    dev: ErrorRate
    train_dev: ErrorRate | None = None
    test: ErrorRate | None = None
    human: float | None = None
    task: str = USUAL_TASK.targets.kind
    baseline: float | None = None

    @property
    def human_level(self) -> float:
        """What the training error is compared with: an unknown human-level error is taken as 0."""
        return self.human or 0.0

    def by_set(self) -> dict[str, ErrorRate]:
        """The sets that were measured, by name, in the order of the lectures."""
        names = ("train", "train_dev", "dev", "test")
        found = {name: getattr(self, name) for name in names}
        return {name: rate for name, rate in found.items() if rate is not None}


def measure(
    network: Network, data: Splits, human: float | None = None, test: ErrorRate | None = None
) -> Errors:
    """The errors of a network on its sets, in evaluation mode; of several outputs, the first's.

    The sealed test set is not touched. test: its error, from who has opened it.
    """
    data = data.of_target(network.head.target)
    train, dev = train_and_dev(network, data)
    held_back = data.train_dev
    variance = target_variance(data.train.Y)
    train_dev = None if held_back is None else rate_of(network, held_back, variance)
    kind = network.task.targets.kind
    return Errors(train, dev, train_dev, test, human, kind, baseline_error(data))


def baseline_error(data: Splits) -> float | None:
    """The dev error of always answering the largest class of the training set; None where the
    classes are about equally large, or do not exclude each other."""
    if not data.train.targets.exclusive:
        return None
    found = largest_class(data.train.labels, data.dev.labels, len(data.train.classes))
    return None if found is None else 1 - found.accuracy


def train_and_dev(network: Network, data: Splits) -> tuple[ErrorRate, ErrorRate]:
    """The errors on training and dev set."""
    data = data.of_target(network.head.target)
    variance = target_variance(data.train.Y)
    return rate_of(network, data.train, variance), rate_of(network, data.dev, variance)


def rate_of(network: Network, data: Dataset, variance: float = 1.0) -> ErrorRate:
    """The error of a network on one set. variance: that of the training targets (regression)."""
    targets, Y = network.task.targets, data.of_target(network.head.target).Y
    errors = example_errors(network.predict_first(data.X), Y, targets, variance)
    return ErrorRate.of(errors, decisions=targets.exclusive)


def example_errors(P: Array, Y: Array, targets: Targets, variance: float = 1.0) -> Array:
    """The error of each example, (m,) of float64; examples with unknown targets are left out.

    P, Y: (n_y, m). Raises DataError where all are unknown.
    """
    errors = targets.errors(np.asarray(P, np.float64), np.asarray(Y, np.float64), variance)
    known = ~np.isnan(errors)
    if not known.any():
        raise DataError("No example of this set has a known label, so its error is unknown.")
    return np.asarray(errors[known])


def target_variance(Y: Array) -> float:
    """The mean squared distance of the known targets from their mean, over all outputs; 1 if it is
    0."""
    Y = np.asarray(Y, np.float64)
    Y = Y[:, ~np.isnan(Y).all(axis=0)]
    Y = Y[~np.isnan(Y).all(axis=1)]
    if not Y.size:
        return 1.0
    variance = float(np.nansum(np.square(Y - np.nanmean(Y, axis=1, keepdims=True)))) / Y.shape[1]
    return variance if np.isfinite(variance) and variance > 0 else 1.0
