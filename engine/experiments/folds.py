"""cross_validate(project, k): k runs, each with another k-th of the examples as its dev set.

Train and dev set of the project are pooled and dealt into k folds (see DataPlan.folds); the test
set stays out of it. Each fold is normalized by its own training part. Every example is judged once,
by a network that has not seen it, so that few examples go a longer way.

Source: Stone 1974, "Cross-validatory choice and assessment of statistical predictions"; Kohavi
1995, who finds stratified folds and k = 10 the best choice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from engine.data.chance import Interval
from engine.doctor.errors import ErrorRate, train_and_dev
from engine.doctor.intervals import of_mean
from engine.experiments.trials import Cancel, Progress, RunWatch, trial
from engine.project import Project
from engine.project.corrections import corrected


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


def cross_validate(
    project: Project,
    k: int = 10,
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> Iterator[Fold]:
    """The errors of each fold; same design, settings and seed. Ends early if cancel() is True;
    progress(done, total) is called after every step.

    Raises DataError if k is not from 2 to 50, or there are not k examples.
    """
    raw = project.data.replace(normalize=False)
    for number, fold in enumerate(raw.folds(k), start=1):
        sets = corrected(fold, project.analysis.labels)
        data = sets.normalize() if project.data.normalize else sets
        run = trial(
            project.design, project.training, data, RunWatch(cancel, progress, number - 1, k)
        )
        if run is None:
            return
        yield Fold(number, *train_and_dev(run.network, data))


def summarize(found: Sequence[Fold]) -> Summary:
    """Mean and spread of one fold or more."""
    errors = np.array([fold.dev.value for fold in found])
    spread = float(errors.std(ddof=1)) if len(found) > 1 else 0.0
    mean, train = float(errors.mean()), float(np.mean([fold.train.value for fold in found]))
    return Summary(len(found), mean, spread, of_mean(mean, spread, len(found)), train)
