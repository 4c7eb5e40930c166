"""The measures by which networks are ranked: every metric, and what a network costs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple

import numpy as np

from engine.data import Dataset
from engine.errors import SpecError
from engine.metrics import METRICS, Metric, weighted_error
from engine.network import Network
from engine.network.inputs import check_data
from engine.targets import Targets

Array = np.ndarray

TIMED_CALLS = 15
"""The median of so many predictions is not disturbed by what else the computer does."""


class Sample(NamedTuple):
    """What is measured. P, Y: (n_y, m). class_weights: of each class's mistakes, or empty."""

    network: Network
    data: Dataset
    P: Array
    Y: Array
    class_weights: tuple[float, ...]


@dataclass(frozen=True)
class Measure:
    """A number by which networks are judged. suits: whether it can be measured on these targets.

    is_share: read in percent.
    """

    title: str
    unit: str
    better: Literal["higher", "lower"]
    suits: Callable[[Targets], bool]
    value: Callable[[Sample], float]
    is_share: bool = False


def measures_of(
    network: Network, data: Dataset, class_weights: tuple[float, ...] = ()
) -> dict[str, float]:
    """Every measure that suits the task, by name, on one set; takes some milliseconds for time.

    Of several outputs, the first is measured. Raises DataError for data of another task: the
    numbers would mean nothing.
    """
    check_data(network, data, data.name or "data")
    data = data.of_target(network.head.target)
    sample = Sample(network, data, network.predict_first(data.X), data.Y, class_weights)
    suited = measures_for(network.task.targets)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return {name: measure.value(sample) for name, measure in suited.items()}


def measures_for(targets: Targets) -> dict[str, Measure]:
    """The measures that suit these targets, by name."""
    return {name: measure for name, measure in MEASURES.items() if measure.suits(targets)}


def _weighted(sample: Sample) -> float:
    """Every example weighs as much as its true class."""
    classes = len(sample.data.classes)
    weights = np.array(sample.class_weights or (1.0,) * classes)
    if len(weights) != classes:
        raise SpecError(
            f"There must be a weight for each of the {classes} classes; got {len(weights)}.",
            "class_weights",
        )
    return weighted_error(sample.P, sample.Y, weights[sample.data.labels])


def _milliseconds(sample: Sample) -> float:
    """The time that one example takes, alone."""
    one = sample.data.X[:, :1]
    times = []
    for _ in range(TIMED_CALLS):
        start = time.perf_counter()
        sample.network.predict(one)
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def _metric(metric: Metric, sample: Sample) -> float:
    return metric.value(sample.P, sample.Y)


def _size(sample: Sample) -> float:
    return float(sample.network.theta.size)


def _one_class(targets: Targets) -> bool:
    return targets.exclusive


def _any(targets: Targets) -> bool:
    return True


def _of_metric(metric: Metric) -> Measure:
    value = partial(_metric, metric)
    return Measure(metric.title, "", metric.better, metric.suits, value, metric.is_share)


OWN_MEASURES = {
    "weighted_error": Measure("Weighted error", "", "lower", _one_class, _weighted, True),
    "milliseconds": Measure("Prediction time", "ms", "lower", _any, _milliseconds),
    "parameters": Measure("Size", "parameters", "lower", _any, _size),
}


class _Measures(Mapping[str, Measure]):
    """The metrics, whichever are registered by now, then the measures that are no metrics."""

    def __getitem__(self, name: str) -> Measure:
        return _of_metric(METRICS[name]) if name in METRICS else OWN_MEASURES[name]

    def __iter__(self) -> Iterator[str]:
        return iter((*METRICS, *OWN_MEASURES))

    def __len__(self) -> int:
        return len(METRICS) + len(OWN_MEASURES)


MEASURES: Mapping[str, Measure] = _Measures()
