"""Verdicts: from two gradients, and the round-off between them, to what that means."""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import StrEnum

import numpy as np

from engine.errors import EngineError

Array = np.ndarray

GREAT_BELOW = 1e-7
"""A relative error below this: back-propagation is almost certainly right."""
LOOK_CLOSER_BELOW = 1e-5
"""Below this it is probably right, and the components deserve a look."""
BUG_ABOVE = 1e-3
"""Above this there is almost certainly a bug."""

ROUND_OFF_FACTOR = 8
"""Round-off errors of a loss, in units of the machine precision, that we allow for."""


class Verdict(StrEnum):
    """What a relative error means, in the words of course 2, week 1."""

    GREAT = "great"
    LOOK_CLOSER = "look closer"
    SUSPICIOUS = "suspicious"
    BUG = "bug"
    UNDECIDED = "undecided"

    @property
    def sentence(self) -> str:
        """The verdict as a teacher would say it."""
        return _SENTENCES[self]

    @property
    def passed(self) -> bool:
        """False where there is reason to search for a bug."""
        return self not in (Verdict.SUSPICIOUS, Verdict.BUG)


_SENTENCES = {
    Verdict.GREAT: "Great: back-propagation agrees with the numerical gradient.",
    Verdict.LOOK_CLOSER: "Probably right, but look at the worst components.",
    Verdict.SUSPICIOUS: (
        "Suspicious: the difference is larger than rounding explains. Look for a bug."
    ),
    Verdict.BUG: "There is almost certainly a bug in back-propagation.",
    Verdict.UNDECIDED: "Undecided: the numerical gradient is not precise enough to tell.",
}


class CheckCancelledError(EngineError):
    """The caller's `cancel` asked to stop; there is no report."""


def relative_error(numerical: Array, exact: Array) -> float:
    """||approx - exact|| / (||approx|| + ||exact||); 0 where both are zero.

    Source: course 2, week 1. Example: 3.0001 against 3 gives 1.7e-5.
    """
    scale = norm(numerical) + norm(exact)
    return norm(numerical - exact) / scale if scale > 0 else 0.0


def norm(values: Array) -> float:
    """The Euclidean length of a vector."""
    return math.sqrt(float(values @ values))


def verdict_of(error: float) -> Verdict:
    """The verdict on a relative error; NaN is a bug."""
    if error < GREAT_BELOW:
        return Verdict.GREAT
    if error < LOOK_CLOSER_BELOW:
        return Verdict.LOOK_CLOSER
    return Verdict.SUSPICIOUS if error <= BUG_ABOVE else Verdict.BUG


def round_off(cost: float, epsilon: float, examples: int) -> float:
    """A bound for the round-off in one numerical derivative: units of last place of J over epsilon.

    The error of the losses' mean shrinks with the root of the number of examples.
    """
    precision = float(np.finfo("float64").eps)
    return ROUND_OFF_FACTOR * precision * max(abs(cost), 1.0) / (epsilon * examples**0.5)


def judged(numerical: Array, exact: Array, bound: float) -> tuple[float, Verdict]:
    """Relative error and verdict; bound: on the length of the round-off in `numerical`.

    Undecided where nothing is left to compare, or where round-off alone explains a difference that
    would fail: gradients close to zero, such as that of a b in front of batch norm.
    """
    error = relative_error(numerical, exact)
    verdict = verdict_of(error)
    explained = norm(numerical - exact) <= bound
    if numerical.size == 0 or (explained and not verdict.passed):
        verdict = Verdict.UNDECIDED
    return error, verdict


def worst_verdict(whole: Verdict, blocks: Iterable[Verdict]) -> Verdict:
    """The verdict on theta, or that on a failing block: a large layer must not hide a small one."""
    found = {whole, *blocks}
    return next((v for v in (Verdict.BUG, Verdict.SUSPICIOUS) if v in found), whole)
