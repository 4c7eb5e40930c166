"""diagnose(errors): avoidable bias, variance, data mismatch and overfitting to the dev set.

    human-level error  --avoidable bias-->  training error  --variance-->  dev error
                                            [train-dev error --data mismatch--> dev error]
                                            dev error --overfitting to the dev set--> test error

The thresholds are those that give the lectures' answers in all of their examples:

    human  train   dev     answer                         (in percent)
      0      1      11     high variance
      0     15      16     high bias
      0     15      30     high bias and high variance
      0      0.5     1     neither
      1      8      10     bias first
      7.5    8      10     variance first

Source: A. Ng, Deep Learning Specialization, course 2, week 1, "Bias/Variance"; course 3, week 1,
"Avoidable bias", and week 2, "Bias and variance with mismatched data distributions".
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from engine.data.chance import Interval
from engine.doctor.errors import ErrorRate, Errors

State = Literal["large", "minor", "small", "unclear"]
Verdict = Literal["bias", "variance", "both", "neither", "unclear"]

LARGE = 0.02
"""From 2 points on a gap is large: 15 - 0 is and 10 - 8 is, 16 - 15 and 1 - 0.5 are not."""
MINOR = 1 / 3
"""A gap that is less than a third of the larger one of bias and variance comes second: of 7 points
of bias and 2 of variance the lectures name the bias only."""
FEWEST = math.floor(1 / LARGE)
"""50 examples or fewer say nothing about a gap: one of them weighs as much as a large gap."""
PRECISE = LARGE
"""An interval no wider than this is precise enough to go by the gap itself; a wider one must lie
on one side of LARGE."""
ROUNDING = 1e-9
EXACT = 2
"""Human-level error has no doubt, as if measured on examples that all agree."""


@dataclass(frozen=True)
class Gap:
    """The step from one error to the next.

    name: "avoidable_bias", "variance", "data_mismatch" or "dev_overfitting". low, high: the sets
    on its two sides. size: their difference, negative where the second is better. state: "large",
    "small", "minor" (large, but less than a third of the other) or "unclear": the interval holds
    small and large gaps and is wide, or a set is too small to say anything.
    """

    name: str
    title: str
    low: str
    high: str
    size: float
    interval: Interval
    state: State
    scarce: str
    """The set that leaves more doubt, because it is the smaller one."""
    examples: int
    """How many that set has."""

    @property
    def sure(self) -> bool:
        """Whether the examples are enough to say so."""
        return self.state != "unclear"


@dataclass(frozen=True)
class Diagnosis:
    """errors: what was measured. gaps: in the order of the lectures, bias and variance first."""

    errors: Errors
    gaps: tuple[Gap, ...]

    def gap(self, name: str) -> Gap | None:
        """The gap of this name, if its two sets were measured."""
        return next((gap for gap in self.gaps if gap.name == name), None)

    @property
    def bias(self) -> Gap:
        """The avoidable bias."""
        return self.gaps[0]

    @property
    def variance(self) -> Gap:
        """The variance."""
        return self.gaps[1]

    @property
    def verdict(self) -> Verdict:
        """What the lectures would say; "unclear" where too few examples forbid to say anything.

        A gap that is surely large is named, even if the other one is unclear.
        """
        states = self.bias.state, self.variance.state
        if states == ("large", "large"):
            return "both"
        if states[0] == "large":
            return "bias"
        if states[1] == "large":
            return "variance"
        return "unclear" if "unclear" in states else "neither"

    @property
    def sure(self) -> bool:
        """Whether none of the gaps is unclear."""
        return all(gap.sure for gap in self.gaps)

    @property
    def focus(self) -> tuple[Gap, ...]:
        """What to work on, in this order: the large gaps, the largest first."""
        large = [gap for gap in self.gaps if gap.state == "large"]
        return tuple(sorted(large, key=lambda gap: -gap.size))


def diagnose(errors: Errors) -> Diagnosis:
    """What is wrong, from the errors alone."""
    human = ErrorRate(errors.human, EXACT, 0.0)
    sets = {"human": human, **errors.by_set()}
    held_back = "train_dev" if errors.train_dev else "dev"
    steps = [
        ("avoidable_bias", "Avoidable bias", "human", "train"),
        ("variance", "Variance", "train", held_back),
        ("data_mismatch", "Data mismatch", "train_dev", "dev"),
        ("dev_overfitting", "Overfitting to the dev set", "dev", "test"),
    ]
    known = [step for step in steps if step[2] in sets and step[3] in sets]
    bias, variance, *others = (_gap(sets, *step) for step in known)
    return Diagnosis(errors, (_beside(bias, variance), _beside(variance, bias), *others))


def _gap(sets: dict[str, ErrorRate], name: str, title: str, low: str, high: str) -> Gap:
    size, interval = sets[high].above(sets[low])
    scarce = min((low, high) if low != "human" else (high,), key=lambda part: sets[part].m)
    state = _state(size, interval, sets[scarce].m)
    return Gap(name, title, low, high, size, interval, state, scarce, sets[scarce].m)


def _state(size: float, interval: Interval, examples: int) -> State:
    if examples <= FEWEST:
        return "unclear"
    one_side = interval.low >= LARGE or interval.high < LARGE
    if not one_side and interval.width > PRECISE:
        return "unclear"
    return "large" if size >= LARGE - ROUNDING else "small"


def _beside(gap: Gap, other: Gap) -> Gap:
    """A large gap, called minor if the other one is much larger still."""
    both = gap.state == other.state == "large"
    return replace(gap, state="minor") if both and gap.size < MINOR * other.size else gap
