"""rank(candidates, goal): networks in order, by one optimizing metric under satisficing limits.

A satisficing metric only has to be good enough: of all networks that keep every limit, the best by
the optimizing metric wins. Those that break a limit come after all that do not.

Source: A. Ng, Deep Learning Specialization, course 3, week 1, "Satisficing and optimizing metric".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from pydantic import field_validator

from engine.doctor.network_measures import MEASURES
from engine.errors import SpecError
from engine.spec import Spec, did_you_mean, setting
from engine.targets import Targets


class Limit(Spec):
    """A satisficing metric: at least, or at most, so much, whichever is the good direction."""

    metric: str = setting(
        "milliseconds", title="Metric", help=("The metric that has to be good enough.")
    )
    bound: float = setting(
        100.0, title="Limit", help="The worst value that is good enough.", ge=-1e12, le=1e12
    )

    @field_validator("metric")
    @classmethod
    def _known(cls, name: str) -> str:
        return _checked_name(name)

    def holds(self, values: Mapping[str, float]) -> bool:
        """Whether a network with these measures keeps the limit; unknown values do not."""
        value = values.get(self.metric, math.nan)
        higher = MEASURES[self.metric].better == "higher"
        return value >= self.bound if higher else value <= self.bound

    def describe(self) -> str:
        """ "Prediction time at most 100 ms"."""
        measure = MEASURES[self.metric]
        word = "at least" if measure.better == "higher" else "at most"
        return f"{measure.title} {word} {self.bound:g} {measure.unit}".strip()


class Goal(Spec):
    """One optimizing metric, and any number of satisficing ones."""

    optimizing: str = setting(
        "accuracy", title="Optimize", help="The metric to make as good as possible."
    )
    limits: tuple[Limit, ...] = setting(
        (), title="Limits", help="Metrics that only have to be good enough."
    )
    class_weights: tuple[float, ...] = setting(
        (),
        title="Class weights",
        help="Cost of a mistake on each class, for the weighted error; empty: all the same.",
    )

    @field_validator("optimizing")
    @classmethod
    def _known(cls, name: str) -> str:
        return _checked_name(name)

    @field_validator("limits", mode="before")
    @classmethod
    def _parsed(cls, limits: object) -> object:
        if not isinstance(limits, tuple):
            return limits
        return tuple(Limit.from_json(x) if isinstance(x, Mapping) else x for x in limits)

    @field_validator("class_weights")
    @classmethod
    def _sound(cls, weights: tuple[float, ...]) -> tuple[float, ...]:
        if any(not math.isfinite(weight) or weight < 0 for weight in weights):
            raise SpecError("every weight must be a number of at least 0.")
        return weights


class RankedNetwork(NamedTuple):
    """rank: from 1; equal ones share it. broken: the limits that this network does not keep."""

    rank: int
    name: str
    value: float
    broken: tuple[Limit, ...]


def usual_goal(task: str) -> Goal:
    """The metric that the score of these targets is, without limits. task: their kind, or empty."""
    return Goal(optimizing=Targets.of(task).score_metric) if task else Goal()


def rank(candidates: Mapping[str, Mapping[str, float]], goal: Goal) -> list[RankedNetwork]:
    """The candidates, best first. candidates: name -> its measures by name (see MEASURES)."""
    higher = MEASURES[goal.optimizing].better == "higher"
    rows = []
    for name, values in candidates.items():
        broken = tuple(limit for limit in goal.limits if not limit.holds(values))
        value = values.get(goal.optimizing, math.nan)
        loss = math.inf if math.isnan(value) else -value if higher else value
        rows.append((len(broken), loss, name, value, broken))
    rows.sort(key=lambda row: row[:2])  # stable: equal ones keep their order
    places: list[RankedNetwork] = []
    for index, (count, loss, name, value, broken) in enumerate(rows):
        same = index > 0 and rows[index - 1][:2] == (count, loss)
        place = places[-1].rank if same else index + 1
        places.append(RankedNetwork(place, name, value, broken))
    return places


def _checked_name(name: str) -> str:
    if name not in MEASURES:
        hint = did_you_mean(name, MEASURES) or f"Known: {', '.join(MEASURES)}."
        raise SpecError(f"there is no metric '{name}'.", hint=hint)
    return name
