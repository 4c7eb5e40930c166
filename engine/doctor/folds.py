"""cross_validate(project, k): k runs, each with another k-th of the examples as its dev set.

Train and dev set of the project are pooled and dealt into k folds with equal shares of each class;
the test set stays out of it. Each fold is normalized by its own training part. Every example is
judged once, by a network that has not seen it, so that few examples go a longer way.

Source: Stone 1974, "Cross-validatory choice and assessment of statistical predictions"; Kohavi
1995, who finds stratified folds and k = 10 the best choice.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from engine.corrections import corrected
from engine.data import Dataset, Splits
from engine.doctor.errors import ErrorRate, train_and_dev
from engine.doctor.intervals import Interval, of_mean
from engine.doctor.trial import Cancel, trial
from engine.errors import DataError
from engine.project import Project
from engine.streams import stream

Array = np.ndarray

FEWEST_FOLDS, MOST_FOLDS = 2, 50


class Fold(NamedTuple):
    """The errors of one run. number: from 1."""

    number: int
    train: ErrorRate
    dev: ErrorRate


class Summary(NamedTuple):
    """Of k folds. spread: the standard deviation of the dev errors (divided by k - 1). interval: of
    the mean, by Student's t; too narrow rather than too wide, because the folds share their
    training examples (Bengio and Grandvalet 2004)."""

    k: int
    mean: float
    spread: float
    interval: Interval
    train_mean: float


def cross_validate(project: Project, k: int = 10, cancel: Cancel | None = None) -> Iterator[Fold]:
    """The errors of each fold; same design, settings and seed. Ends early if cancel() is True.

    Raises DataError if there are not k examples.
    """
    raw = project.data.replace(normalize=False).build()
    for number, fold in enumerate(folds(raw, k, project.data.seed), start=1):
        sets = corrected(fold, project.analysis.labels)
        data = sets.normalize() if project.data.normalize else sets
        run = trial(project.design, project.training, data, cancel)
        if run is None:
            return
        yield Fold(number, *train_and_dev(run.network, data))


def summarize(found: Sequence[Fold]) -> Summary:
    """Mean and spread of one fold or more."""
    errors = np.array([fold.dev.value for fold in found])
    spread = float(errors.std(ddof=1)) if len(found) > 1 else 0.0
    mean, train = float(errors.mean()), float(np.mean([fold.train.value for fold in found]))
    return Summary(len(found), mean, spread, of_mean(mean, spread, len(found)), train)


def folds(data: Splits, k: int, seed: int = 0) -> Iterator[Splits]:
    """k ways to share train and dev set out anew; data: not normalized, or all folds would know
    the mean of a part of their dev sets."""
    if data.normalization is not None:
        raise DataError("Folds are made from raw features; each is normalized by itself.")
    pool = _pooled(data.train, data.dev)
    if not FEWEST_FOLDS <= k <= min(MOST_FOLDS, pool.m):
        raise DataError(
            f"The number of folds must be between {FEWEST_FOLDS} and {MOST_FOLDS}, and at most the "
            f"{pool.m:,} examples of training and dev set; got {k}."
        )
    number = _dealt(pool.groups, k, seed)
    for fold in range(k):
        inside = number == fold
        parts = [pool.take(np.flatnonzero(chosen)) for chosen in (~inside, inside)]
        yield dataclasses.replace(data, train=parts[0], dev=parts[1])


def _pooled(train: Dataset, dev: Dataset) -> Dataset:
    X = np.concatenate([train.X, dev.X], axis=1)  # (n_x, m)
    Y = np.concatenate([train.Y, dev.Y], axis=1)  # (n_y, m)
    return dataclasses.replace(train, X=X, Y=Y)


def _dealt(groups: Array, k: int, seed: int) -> Array:
    """The fold of each example, (m,): class after class is dealt like cards, without a break, so
    that the folds differ by one example at most, in each class and in all."""
    rng = stream(seed, "sampling", 1)
    shuffled = [rng.permutation(np.flatnonzero(groups == group)) for group in np.unique(groups)]
    number = np.empty(groups.size, dtype=np.int64)
    number[np.concatenate(shuffled)] = np.arange(groups.size) % k
    return number
