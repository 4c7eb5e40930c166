"""ErrorRate and Errors: how wrong a network is on each set, with the doubt that few examples leave.

The error of one example, by task:
  binary, multi_class: 1 if the decision is wrong, else 0;
  multi_label: the share of its known labels that are wrong;
  regression: the squared distance to the target, over the variance of the training targets. The
  mean is 0 at best and 1 for a network that always answers the mean (close to 1 - R^2), so that it
  reads like a share. The noise that no network can explain is what human-level error is elsewhere.
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
from engine.metrics import THRESHOLD, largest_class
from engine.network import Network

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
    the test set is sealed. task: the kind of the task, which says what an error is. baseline: the
    dev error of always answering the training set's largest class, for unbalanced classes.
    """

    train: ErrorRate
    dev: ErrorRate
    train_dev: ErrorRate | None = None
    test: ErrorRate | None = None
    human: float | None = None
    task: str = "multi_class"
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
    """The errors of a network on its sets, in evaluation mode.

    The sealed test set is not touched. test: its error, from who has opened it.
    """
    train, dev = train_and_dev(network, data)
    held_back = data.train_dev
    variance = target_variance(data.train.Y)
    train_dev = None if held_back is None else rate_of(network, held_back, variance)
    return Errors(train, dev, train_dev, test, human, network.task.kind, baseline_error(data))


def baseline_error(data: Splits) -> float | None:
    """The dev error of always answering the largest class of the training set; None where the
    classes are about equally large, or exclude each other not."""
    if data.train.task not in ("binary", "multi_class"):
        return None
    found = largest_class(data.train.labels, data.dev.labels, len(data.train.classes))
    return None if found is None else 1 - found.accuracy


def train_and_dev(network: Network, data: Splits) -> tuple[ErrorRate, ErrorRate]:
    """The errors on training and dev set."""
    variance = target_variance(data.train.Y)
    return rate_of(network, data.train, variance), rate_of(network, data.dev, variance)


def rate_of(network: Network, data: Dataset, variance: float = 1.0) -> ErrorRate:
    """The error of a network on one set. variance: that of the training targets (regression)."""
    errors = example_errors(network.predict(data.X), data.Y, network.task.kind, variance)
    return ErrorRate.of(errors, decisions=network.task.kind in ("binary", "multi_class"))


def example_errors(P: Array, Y: Array, task: str, variance: float = 1.0) -> Array:
    """The error of each example, (m,) of float64; multi-label examples without labels are left out.

    P, Y: (n_y, m). task: the kind of the task.
    """
    P, Y = np.asarray(P, np.float64), np.asarray(Y, np.float64)
    if task == "regression":
        return np.asarray(np.square(P - Y).sum(axis=0) / variance)
    if task == "multi_class":
        return (P.argmax(axis=0) != Y.argmax(axis=0)).astype(np.float64)
    known = ~np.isnan(Y)
    wrong = ((P >= THRESHOLD) != (Y == 1)) & known
    labels = known.sum(axis=0)
    if not labels.any():
        raise DataError("No example of this set has a known label, so its error is unknown.")
    return np.asarray(wrong.sum(axis=0)[labels > 0] / labels[labels > 0])


def target_variance(Y: Array) -> float:
    """The mean squared distance of the targets from their mean, over all outputs; 1 if it is 0."""
    Y = np.asarray(Y, np.float64)
    variance = float(np.square(Y - np.nanmean(Y, axis=1, keepdims=True)).sum()) / Y.shape[1]
    return variance if np.isfinite(variance) and variance > 0 else 1.0
