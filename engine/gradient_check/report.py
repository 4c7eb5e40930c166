"""The result of a gradient check, as frozen values: everything that a panel or a test needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.gradient_check.verdicts import Verdict, judged, norm
from engine.network.parts import ParameterSlice

Array = np.ndarray

WORST_SHOWN = 5
"""Components that a block's report shows one by one."""


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
    cause: what is wrong, such as "off by a factor of 2"; empty where nothing is. within_round_off:
    whether round-off alone explains the difference.
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
    within_round_off: bool = False

    @property
    def passed(self) -> bool:
        """False where there is reason to search for a bug."""
        return self.verdict.passed

    @property
    def finding(self) -> str:
        """What is wrong in words: "db of 'h2' is of the wrong sign"; empty where nothing is."""
        if not self.cause:
            return ""
        where = f" of '{self.node}'" if self.node else ""
        return f"d{self.parameter}{where} is {self.cause}"


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

    def summary(self) -> str:
        """The report in ten lines at most: verdict, sentence, and the blocks that differ most."""
        return "\n".join(self._lines())

    __str__ = __repr__ = summary

    def _lines(self) -> Iterator[str]:
        yield self.verdict.sentence
        yield self.sentence
        yield (
            f"relative error {self.relative_error:.2g}, epsilon {self.epsilon:g}, "
            f"{self.checked:,} of {self.parameters:,} components"
        )
        shown = sorted(self.blocks, key=lambda block: (block.passed, -block.relative_error))
        for block in shown[:WORST_SHOWN]:
            error = f"{block.relative_error:10.2g}  {block.verdict}"
            yield f"  {block.name:20} {error}{block.cause and ': '}{block.cause}"
        if len(shown) > WORST_SHOWN:
            yield f"  and {len(shown) - WORST_SHOWN:,} more with smaller errors"


@dataclass(frozen=True, eq=False)
class BlockSlopes:
    """What was computed for one block: flat indices, slopes both ways, and kinks; all are (n,).

    bound: on the length of the round-off in `numerical`. along_directions: indices are numbers of
    directions, not places in the block.
    """

    block: ParameterSlice
    indices: Array
    numerical: Array
    exact: Array
    kink: Array
    bound: float
    along_directions: bool = False

    def largest(self, count: int) -> Array:
        """Places, in these arrays, of the largest differences, largest first; kinks are none."""
        difference = np.where(self.kink, -1.0, np.abs(self.exact - self.numerical))
        order = np.argsort(-difference, kind="stable")
        return order[: min(count, int((~self.kink).sum()))]

    def places(self, chosen: Array) -> list[tuple[int, ...]]:
        """The indices of chosen slopes in their parameter's array, or their directions."""
        flat = self.indices[chosen]
        axes = (flat,) if self.along_directions else np.unravel_index(flat, self.block.shape)
        return list(zip(*(axis.tolist() for axis in axes), strict=True))


def block_report(slopes: BlockSlopes) -> BlockReport:
    """The report on one block, without a cause."""
    block, keep = slopes.block, ~slopes.kink
    numerical, exact = slopes.numerical[keep], slopes.exact[keep]
    error, verdict = judged(numerical, exact, slopes.bound)
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
        worst=_worst(slopes),
        within_round_off=norm(numerical - exact) <= slopes.bound,
    )


def _worst(slopes: BlockSlopes) -> tuple[Component, ...]:
    """The largest differences, largest first."""
    shown = slopes.largest(WORST_SHOWN)
    both = zip(slopes.numerical[shown].tolist(), slopes.exact[shown].tolist(), strict=True)
    places = slopes.places(shown)
    return tuple(Component(at, *values) for at, values in zip(places, both, strict=True))
