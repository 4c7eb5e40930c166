"""METRICS: the metrics by name, with their titles, targets and good directions, for menus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from engine.metrics.decisions import Array
from engine.targets import Targets

METRICS: dict[str, Metric] = {}
"""Every metric by its name. A `Metric` that a file of this package makes is in it by itself."""


@dataclass(frozen=True)
class Metric:
    """A metric for menus. better: which direction is good; value(P, Y) is a plain float.

    suits: whether it can be measured on targets of a kind. is_share: read in percent.
    """

    name: str
    title: str
    better: Literal["higher", "lower"]
    suits: Callable[[Targets], bool]
    value: Callable[[Array, Array], float]
    is_share: bool = True

    def __post_init__(self) -> None:
        METRICS[self.name] = self


def classes(targets: Targets) -> bool:
    """For metrics that count decisions."""
    return targets.has_classes


def numbers(targets: Targets) -> bool:
    """For metrics of distances."""
    return not targets.has_classes
