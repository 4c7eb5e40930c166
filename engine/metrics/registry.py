"""METRICS: the metrics by name, with their titles, tasks and good directions, for menus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from engine.metrics.classification import accuracy, f1, precision, recall, zero_one_error
from engine.metrics.decisions import CLASSIFICATION, Array
from engine.metrics.regression import mean_squared_error, r2


@dataclass(frozen=True)
class Metric:
    """A metric for menus. better: which direction is good; value(P, Y) is a plain float."""

    name: str
    title: str
    better: Literal["higher", "lower"]
    tasks: tuple[str, ...]
    value: Callable[[Array, Array], float]


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("accuracy", "Accuracy", "higher", CLASSIFICATION, accuracy),
        Metric("zero_one_error", "Error", "lower", CLASSIFICATION, zero_one_error),
        Metric("precision", "Precision", "higher", CLASSIFICATION, partial(precision, macro=True)),
        Metric("recall", "Recall", "higher", CLASSIFICATION, partial(recall, macro=True)),
        Metric("f1", "F1", "higher", CLASSIFICATION, partial(f1, macro=True)),
        Metric("mean_squared_error", "MSE", "lower", ("regression",), mean_squared_error),
        Metric("r2", "R²", "higher", ("regression",), r2),
    )
}
