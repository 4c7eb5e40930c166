"""The result of a gradient check, as frozen values: everything that a panel or a test needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engine.errors import EngineError
from engine.network.parts import Block

Array = np.ndarray

GREAT_BELOW = 1e-7
"""A relative error below this: back-propagation is almost certainly right."""
LOOK_CLOSER_BELOW = 1e-5
"""Below this it is probably right, and the components deserve a look."""
BUG_ABOVE = 1e-3
"""Above this there is almost certainly a bug."""

WORST_SHOWN = 5
"""Components that a block's report shows one by one."""

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
    Verdict.LOOK_CLOSER: "Probably right, but look closer at the worst components.",
    Verdict.SUSPICIOUS: "Suspicious: this is more than rounding explains; look for a bug.",
    Verdict.BUG: "There is almost certainly a bug in back-propagation.",
    Verdict.UNDECIDED: "Undecided: the difference is no larger than round-off, or kinks hide it.",
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


@dataclass(frozen=True)
class Component:
    """One number of the gradient, computed both ways.

    index: its place in the parameter's array, such as (3, 0); in a check along random directions,
    the number of the direction.
    """

    index: tuple[int, ...]
    numerical: float
    exact: float

    @property
    def difference(self) -> float:
        """exact - numerical."""
        return self.exact - self.numerical

    @property
    def relative_error(self) -> float:
        """|approx - exact| / (|approx| + |exact|)."""
        scale = abs(self.numerical) + abs(self.exact)
        return abs(self.difference) / scale if scale else 0.0


@dataclass(frozen=True)
class BlockReport:
    """The check of one parameter, such as "h1.W".

    size: its components. checked: those that the verdict rests on. kinks: those left out because
    a kink (of a ReLU, an absolute value) lies within epsilon. numerical_norm, exact_norm: of the
    checked ones. factor: exact = factor * approx, where one factor explains all; else None.
    worst: the checked components with the largest differences, largest first.
    cause: what is wrong, such as "off by a factor 2"; empty where nothing is.
    """

    name: str
    node: str
    parameter: str
    size: int
    checked: int
    kinks: int
    relative_error: float
    verdict: Verdict
    numerical_norm: float
    exact_norm: float
    factor: float | None
    worst: tuple[Component, ...]
    cause: str = ""

    @property
    def passed(self) -> bool:
        """False where there is reason to search for a bug."""
        return self.verdict.passed

    @property
    def finding(self) -> str:
        """What is wrong in words: "db of 'h2' is of the wrong sign"; empty where nothing is."""
        return f"d{self.parameter} of '{self.node}' is {self.cause}" if self.cause else ""


@dataclass(frozen=True, eq=False)
class GradientReport:
    """The check of a whole network.

    relative_error, verdict: over all checked components. blocks: one for each parameter array, in
    network order. blamed: names of the blocks where the fault shows first on the way back from the
    output; empty where all pass. sentence: locates the fault. cost: J. parameters: P in all.
    checked, kinks: as in BlockReport, summed. mode: "all", "sample" or "directions". dropout:
    whether a mask was held. fault: the title of the planted fault, or "". numerical, exact: (P,)
    in theta's order, NaN where a component was not checked, as in a check along directions.
    """

    relative_error: float
    verdict: Verdict
    blocks: tuple[BlockReport, ...]
    blamed: tuple[str, ...]
    sentence: str
    epsilon: float
    cost: float
    examples: int
    parameters: int
    checked: int
    kinks: int
    mode: str
    dropout: bool
    fault: str
    numerical: Array
    exact: Array

    @property
    def passed(self) -> bool:
        """True where no block gives reason to search for a bug."""
        return self.verdict.passed and all(block.passed for block in self.blocks)

    @property
    def worst(self) -> tuple[tuple[str, Component], ...]:
        """The components with the largest differences in the whole network, with their block."""
        found = [(block.name, worst) for block in self.blocks for worst in block.worst]
        return tuple(sorted(found, key=lambda item: -abs(item[1].difference))[:WORST_SHOWN])


@dataclass(frozen=True, eq=False)
class BlockSlopes:
    """What was computed for one block: flat indices, slopes both ways, and kinks; all are (n,).

    along_directions: indices are numbers of directions, not places in the block.
    """

    block: Block
    indices: Array
    numerical: Array
    exact: Array
    kink: Array
    along_directions: bool = False

    def places(self, chosen: Array) -> list[tuple[int, ...]]:
        """The indices of chosen slopes in their parameter's array, or their directions."""
        flat = self.indices[chosen]
        axes = (flat,) if self.along_directions else np.unravel_index(flat, self.block.shape)
        return list(zip(*(axis.tolist() for axis in axes), strict=True))


def round_off(cost: float, epsilon: float, examples: int) -> float:
    """A bound for the round-off in one numerical derivative: units of last place of J over epsilon.

    The error of the losses' mean shrinks with the root of the number of examples.
    """
    precision = float(np.finfo("float64").eps)
    return ROUND_OFF_FACTOR * precision * max(abs(cost), 1.0) / (epsilon * examples**0.5)


def judged(numerical: Array, exact: Array, noise: float) -> tuple[float, Verdict]:
    """Relative error and verdict; noise: the round-off of one component.

    Undecided where nothing is left to compare, or where round-off alone explains a difference that
    would fail: gradients close to zero, such as that of a b in front of batch norm.
    """
    error = relative_error(numerical, exact)
    verdict = verdict_of(error)
    bound = noise * max(1, numerical.size) ** 0.5
    explained = norm(numerical - exact) <= bound
    if numerical.size == 0 or (explained and not verdict.passed):
        verdict = Verdict.UNDECIDED
    return error, verdict


def worst_verdict(whole: Verdict, blocks: Sequence[BlockReport]) -> Verdict:
    """The verdict on theta, or on a failing block: a large layer must not hide a small one."""
    found = {whole, *(block.verdict for block in blocks)}
    return next((v for v in (Verdict.BUG, Verdict.SUSPICIOUS) if v in found), whole)


def block_report(slopes: BlockSlopes, noise: float) -> BlockReport:
    """The report on one block, without a cause."""
    block, keep = slopes.block, ~slopes.kink
    numerical, exact = slopes.numerical[keep], slopes.exact[keep]
    error, verdict = judged(numerical, exact, noise)
    return BlockReport(
        name=block.name,
        node=block.node,
        parameter=block.parameter,
        size=block.stop - block.start,
        checked=numerical.size,
        kinks=slopes.kink.size - numerical.size,
        relative_error=error,
        verdict=verdict,
        numerical_norm=norm(numerical),
        exact_norm=norm(exact),
        factor=None,
        worst=_worst(slopes, keep),
    )


def _worst(slopes: BlockSlopes, keep: Array) -> tuple[Component, ...]:
    """The largest differences, largest first."""
    difference = np.where(keep, np.abs(slopes.exact - slopes.numerical), -1.0)
    shown = np.argsort(-difference, kind="stable")[: min(WORST_SHOWN, int(keep.sum()))]
    both = zip(slopes.numerical[shown].tolist(), slopes.exact[shown].tolist(), strict=True)
    places = slopes.places(shown)
    return tuple(Component(at, *values) for at, values in zip(places, both, strict=True))
