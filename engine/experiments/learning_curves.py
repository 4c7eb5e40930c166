"""learning_curve(project): training and dev error against the number of training examples.

Where the two curves meet at a high error, the trouble is bias, and more data will not help; where a
gap remains between them, it is variance. Every point is a run of its own with the same design,
seed and settings, on the first examples of one shuffled order in which every class has its share:
smaller sets are parts of larger ones. The dev set is always the whole one, and the last point is
the project's own run.

Epochs are scaled so that every run makes as many updates as the full one: with the same number of
epochs, a tenth of the examples would get a tenth of the updates, and its error would tell of too
short a training. The patience of early stopping is scaled alike.

Source: A. Ng, Machine Learning, week 6, "Learning curves"; course 2, week 1, "Bias/Variance".
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.data import Dataset, Splits
from engine.doctor.diagnosis import diagnose, limit_of
from engine.doctor.errors import ErrorRate, Errors, rate_of, target_variance
from engine.experiments.trials import Cancel, Progress, RunWatch, trial
from engine.network import Network
from engine.project import Project
from engine.settings import TrainingSettings
from engine.spec import limits
from engine.stopping import EarlyStopping
from engine.streams import stream

Array = np.ndarray

POINTS = 6
FEWEST_EXAMPLES = 10
SMALLEST_SHARE = 1 / 32
ROUNDING = 1e-9


class CurvePoint(NamedTuple):
    """The errors after training on the first m examples."""

    m: int
    train: ErrorRate
    dev: ErrorRate


@dataclass(frozen=True)
class Reading:
    """verdict: as the doctor's, of the last point. falling: whether the dev error still falls."""

    verdict: str
    falling: bool
    text: str

    @property
    def more_data_helps(self) -> bool | None:
        """Whether to expect that of more examples; None where these are too few to tell."""
        if self.falling:
            return self.verdict != "bias"
        return None if self.verdict == "unclear" else False


def curve_sizes(m: int, count: int = POINTS) -> list[int]:
    """Numbers of training examples, evenly spaced on a logarithmic axis, m the last of them."""
    first = min(m, max(FEWEST_EXAMPLES, math.ceil(SMALLEST_SHARE * m)))
    return sorted({round(size) for size in np.geomspace(first, m, max(count, 1))} | {m})


def learning_curve(
    project: Project,
    sizes: Sequence[int] | None = None,
    cancel: Cancel | None = None,
    progress: Progress | None = None,
    data: Splits | None = None,
) -> Iterator[CurvePoint]:
    """A point for each size, the smallest first; ends early if cancel() is True.

    progress(done, total) is called after every step of every run. data: the project's, where they
    have been built before.
    Raises as the data and the training do.
    """
    data = data or project.build_data()
    order = nested_order(data.train, project.training)
    network = Network(project.design, project.training, data=data)
    wanted = sizes or curve_sizes(data.train.m)
    for number, size in enumerate(wanted):
        m = _fitting_batches(network, min(size, data.train.m), project.training)
        train = data.train if m == data.train.m else data.train.take(order[:m])
        part = dataclasses.replace(data, train=train)
        watch = RunWatch(cancel, progress, number, len(wanted))
        run = trial(project.design, _scaled(project.training, data, m), part, watch)
        if run is None:
            return
        judged = data.train.of_target(network.head.target)
        variance = target_variance(judged.Y)  # of all: one unit for the whole curve
        dev = rate_of(run.network, part.dev, variance)
        yield CurvePoint(m, rate_of(run.network, train, variance), dev)


def read_curve(points: Sequence[CurvePoint], human: float | None = None, task: str = "") -> Reading:
    """What the curves say, in words; points: two or more, by size."""
    last = points[-1]
    diagnosis = diagnose(Errors(last.train, last.dev, human=human, task=task))
    falling = _is_falling(points, limit_of(task))
    more = "the dev error is still falling: more data will help"
    flat = "the dev error has stopped falling: regularize before you collect more data"
    texts = {
        "bias": (
            "Training and dev error meet at a high level. That is bias: more data will "
            "not help; a bigger network or longer training may."
        ),
        "variance": "A gap remains between training and dev error. That is variance, and "
        f"{more if falling else flat}.",
        "both": "The training error is high, and a gap remains to the dev error: bias and variance."
        " Work on the bias first. "
        f"{'More data narrow the gap only.' if falling else 'More data will hardly help.'}",
        "neither": (
            "Training and dev error meet at a low level: there are enough examples for "
            "this network."
        ),
        "unclear": "There are too few examples to tell where the two curves lead"
        f"{', but ' + more if falling else ''}.",
    }
    return Reading(diagnosis.verdict, falling, texts[diagnosis.verdict])


def _is_falling(points: Sequence[CurvePoint], limit: float) -> bool:
    """Whether the last doubling of the examples took at least this much from the dev error.

    With half as many examples or fewer, no point may have been as good: a curve that went up and
    came down again has gained nothing.
    """
    last = points[-1]
    earlier = [point.dev.value for point in points[:-1] if 2 * point.m <= last.m]
    return bool(earlier) and min(earlier) - last.dev.value >= limit - ROUNDING


def nested_order(data: Dataset, settings: TrainingSettings) -> Array:
    """All examples in a shuffled order of which every beginning has its share of each class."""
    rng = stream(settings.seed, "sampling", scheme=settings.streams)
    place = np.empty(data.m)
    for group in np.unique(data.groups):
        members = rng.permutation(np.flatnonzero(data.groups == group))
        place[members] = (np.arange(members.size) + rng.random()) / members.size
    return np.argsort(place, kind="stable")


def _scaled(settings: TrainingSettings, data: Splits, m: int) -> TrainingSettings:
    """The settings with so many epochs that there are as many updates as with all examples."""
    size = settings.batch_size or data.train.m
    full, part = math.ceil(data.train.m / size), math.ceil(m / min(size, m))
    most = int(limits(TrainingSettings.model_fields["epochs"])["le"])
    changed = settings.replace(epochs=min(most, math.ceil(settings.epochs * full / part)))
    rule = settings.stopping
    if not isinstance(rule, EarlyStopping):
        return changed
    longest = int(limits(EarlyStopping.model_fields["patience"])["le"])
    patience = min(longest, math.ceil(rule.patience * full / part))
    return changed.replace(stopping=rule.replace(patience=patience))


def _fitting_batches(network: Network, m: int, settings: TrainingSettings) -> int:
    """m, or a few examples fewer where a batch would be too small for a layer (batch norm)."""
    fewest = max(part.layer.fewest_examples for part in network.parts)
    size = settings.batch_size or m
    while m > fewest and (m % min(size, m) or min(size, m)) < fewest:
        m -= 1
    return m
