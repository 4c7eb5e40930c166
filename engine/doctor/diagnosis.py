"""diagnose(errors): avoidable bias, variance, data mismatch and overfitting to the dev set.

    human-level error  --avoidable bias-->  training error  --variance-->  dev error
                                            [train-dev error --data mismatch--> dev error]
                                            dev error --overfitting to the dev set--> test error

A gap above one point is large. That gives the lectures' answers in all of their examples:

    human  train  train-dev  dev     answer                         (in percent)
      0      1               11      high variance
      0     15               16      high bias
      0     15               30      high bias and high variance
      0      0.5              1      neither
     15     15               16      neither
      1      8               10      bias first
      7.5    8               10      variance first
      0      1        9      10      high variance
      0      1        1.5    10      data mismatch
      0     10       11      12      high bias
      0     10       11      20      high bias and data mismatch

In a regression an error is a share of the targets' variance, and the noise in the data is usually
unknown. There a gap is large above a tenth of that variance, which is where R^2 falls below 0.9.

Source: A. Ng, Deep Learning Specialization, course 2, week 1, "Bias/Variance"; course 3, week 1,
"Avoidable bias", and week 2, "Bias and variance with mismatched data distributions".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from engine.data.chance import Interval
from engine.doctor.errors import ErrorRate, Errors
from engine.targets import Targets

State = Literal["large", "minor", "small", "unclear"]

LARGE = Targets.large_gap
MINOR = 1 / 3
"""A gap that is less than a third of the larger one of bias and variance comes second: of 7 points
of bias and 2 of variance the lectures name the bias only."""
PRECISE = 2.5
"""An interval no wider than this many limits is precise enough to go by the gap itself; a wider one
must lie on one side of the limit. 10,000 examples, a usual dev set of the lectures, tell 15 % from
16 % that precisely."""
ROUNDING = 1e-9
EXACT = 2
"""Human-level error has no doubt, as if measured on examples that all agree."""
NAMES = {
    "avoidable_bias": "bias",
    "variance": "variance",
    "data_mismatch": "data mismatch",
    "dev_overfitting": "overfitting to the dev set",
}
"""What a verdict calls the gaps."""


@dataclass(frozen=True)
class Gap:
    """The step from one error to the next.

    name: "avoidable_bias", "variance", "data_mismatch" or "dev_overfitting". low, high: the sets
    on its two sides. size: their difference, negative where the second is better. state: "large",
    "small", "minor" (large, but less than a third of the other) or "unclear": the interval is wide
    and holds small and large gaps.
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
    def limit(self) -> float:
        """A gap above this is large."""
        return limit_of(self.errors.task)

    @property
    def verdict(self) -> str:
        """What the lectures would say: the names of the large gaps, such as "variance" or "bias and
        data mismatch"; "both" for bias and variance alone.

        "neither" if none is large, "unclear" if too few examples forbid to say even that. A gap
        that is surely large is named, even if another one is unclear.
        """
        large = [NAMES[gap.name] for gap in self.gaps if gap.state == "large"]
        if large == ["bias", "variance"]:
            return "both"
        if large:
            return " and ".join([*([", ".join(large[:-1])] if large[1:] else []), large[-1]])
        return "neither" if self.bias.sure and self.variance.sure else "unclear"

    @property
    def sure(self) -> bool:
        """Whether none of the gaps is unclear."""
        return all(gap.sure for gap in self.gaps)

    @property
    def focus(self) -> tuple[Gap, ...]:
        """What to work on, in this order: the large gaps, the largest first."""
        large = [gap for gap in self.gaps if gap.state == "large"]
        return tuple(sorted(large, key=lambda gap: -gap.size))


def limit_of(task: str) -> float:
    """Above which a gap is large, for a task."""
    return Targets.of(task).large_gap if task else LARGE


def diagnose(errors: Errors) -> Diagnosis:
    """What is wrong, from the errors alone."""
    human = ErrorRate(errors.human_level, EXACT, 0.0)
    sets = {"human": human, **errors.by_set()}
    held_back = "train_dev" if errors.train_dev else "dev"
    steps = [
        ("avoidable_bias", "Avoidable bias", "human", "train"),
        ("variance", "Variance", "train", held_back),
        ("data_mismatch", "Data mismatch", "train_dev", "dev"),
        ("dev_overfitting", "Overfitting to the dev set", "dev", "test"),
    ]
    known = [step for step in steps if step[2] in sets and step[3] in sets]
    limit = limit_of(errors.task)
    bias, variance, *others = (_gap(sets, limit, *step) for step in known)
    return Diagnosis(errors, (_beside(bias, variance), _beside(variance, bias), *others))


def _gap(
    sets: dict[str, ErrorRate], limit: float, name: str, title: str, low: str, high: str
) -> Gap:
    size, interval = sets[high].above(sets[low])
    scarce = min((low, high) if low != "human" else (high,), key=lambda part: sets[part].m)
    state = _state(size, interval, limit)
    return Gap(name, title, low, high, size, interval, state, scarce, sets[scarce].m)


def _state(size: float, interval: Interval, limit: float) -> State:
    one_side = interval.low > limit or interval.high <= limit
    if not one_side and interval.width > PRECISE * limit:
        return "unclear"
    return "large" if size > limit + ROUNDING else "small"


def _beside(gap: Gap, other: Gap) -> Gap:
    """A large gap, called minor if the other one is much larger still."""
    both = gap.state == other.state == "large"
    return replace(gap, state="minor") if both and gap.size < MINOR * other.size else gap
