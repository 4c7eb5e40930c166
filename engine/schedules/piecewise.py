"""Learning rates that are set by hand, step by step."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, ClassVar

from pydantic import field_validator

from engine.schedules.base import Schedule
from engine.spec import setting

_STEPS = (
    "pairs (epoch, factor) with whole epochs from 0 in ascending order, and factors above 0 and "
    "at most 1000000"
)


def _is_step(pair: Any) -> bool:
    if not (isinstance(pair, tuple | list) and len(pair) == 2):
        return False
    epoch, factor = pair
    return (
        type(epoch) is int and epoch >= 0 and type(factor) in (int, float) and 0.0 < factor <= 1e6
    )


class Piecewise(Schedule):
    """Manual decay: from each named epoch on, a factor of your choice.

    alpha = factor of the last step whose epoch has come * alpha_0; before the first step, alpha_0.

    Factors are always relative to alpha_0, not to one another. Epochs are counted from 0: a step
    (10, 0.1) is taken when ten epochs are finished. Keras: `PiecewiseConstantDecay`, which counts
    iterations and lists rates; PyTorch's `MultiStepLR` multiplies by one gamma at each milestone.

    Example: steps = ((10, 0.1), (20, 0.01)) with alpha_0 = 0.2: 0.2 for ten epochs, 0.02 for
    ten, then 0.002.

    Source: Deep Learning Specialization, course 2, week 2, "Learning rate decay" ("manual decay").
    """

    kind: ClassVar[str] = "piecewise"
    title: ClassVar[str] = "Manual steps"

    steps: tuple[tuple[int, float], ...] = setting(
        ((10, 0.1), (20, 0.01)),
        title="Steps",
        help="Pairs of an epoch, counted from 0, and the factor from that epoch on.",
    )

    @field_validator("steps", mode="before")
    @classmethod
    def _ascend(cls, steps: Any) -> tuple[tuple[int, float], ...]:
        if not (isinstance(steps, tuple | list) and all(map(_is_step, steps))):
            raise ValueError(_STEPS)
        if not all(earlier[0] < later[0] for earlier, later in pairwise(steps)):
            raise ValueError(_STEPS)
        return tuple((epoch, float(factor)) for epoch, factor in steps)

    def rate(self, learning_rate: float, epoch: int, iteration: int) -> float:
        factor = 1.0
        for start, value in self.steps:
            factor = value if epoch >= start else factor
        return factor * learning_rate
