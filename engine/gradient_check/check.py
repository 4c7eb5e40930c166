"""check_gradients: back-propagation's gradient against central differences, with the blame."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from engine.errors import SpecError, TrainingError
from engine.gradient_check.blame import Evidence, cause_of, factor_between, located
from engine.gradient_check.faults import Fault, plant
from engine.gradient_check.perturb import Perturbation, Slopes
from engine.gradient_check.report import (
    BlockReport,
    BlockSlopes,
    CheckCancelledError,
    GradientReport,
    block_report,
    judged,
    round_off,
    worst_verdict,
)
from engine.gradient_check.spread import Spread
from engine.network import Network
from engine.network.inputs import checked_inputs, checked_targets
from engine.network.parts import Block
from engine.streams import Draws

Array = np.ndarray

SMALLEST_EPSILON, LARGEST_EPSILON = 1e-15, 1.0


def check_gradients(
    network: Network,
    X: Any,
    Y: Any,
    epsilon: float = 1e-7,
    *,
    dropout: bool = False,
    sample: int | None = None,
    directions: int | None = None,
    fault: Fault | str | Mapping[str, Any] | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> GradientReport:
    """Compare the gradient of J with (J(theta + e) - J(theta - e)) / 2e, component by component.

    X: (n_x, m) or (*shape, m); Y: (n_y, m), or labels (m,). epsilon: the step e.
    dropout: False checks without; True draws one mask from `seed` and holds it. Batch norm uses
    the statistics of the batch. sample: at most so many random components of each parameter.
    directions: instead of components, so many random directions in each parameter.
    fault: a bug to plant first. progress(done, total): called after each chunk.
    cancel(): if it returns True, CheckCancelledError is raised.

    All is computed in float64 on a copy: the network, its gradient, state and generator stay as
    they are. The copy is taken first: call this between two steps if training goes on elsewhere.
    Example: check_gradients(network, X, Y).verdict is "great". Source: course 2, week 1.
    Raises DataError for arrays that do not fit, SpecError for other arguments, TrainingError for
    a fault that does not fit or a cost that is not finite.
    """
    _check_numbers(epsilon, sample, directions)
    fault = None if fault is None else Fault.parse(fault)
    dropout = dropout or (fault is not None and fault.needs_dropout)
    rng = np.random.default_rng(seed)
    run = _Run(network, X, Y, epsilon, rng if dropout else None, fault)
    slopes = list(run.slopes(_Choice(sample, directions, rng), progress, cancel))
    blocks = tuple(run.block_report(found) for found in slopes)
    blamed, sentence = located(run.network, blocks)
    numerical, exact = (
        np.concatenate([getattr(s, side)[~s.kink] for s in slopes])
        for side in ("numerical", "exact")
    )
    error, verdict = judged(numerical, exact, run.noise)
    vectors = run.vectors(slopes)
    return GradientReport(
        relative_error=error,
        verdict=worst_verdict(verdict, blocks),
        blocks=blocks,
        blamed=blamed,
        sentence=sentence,
        epsilon=epsilon,
        cost=run.cost,
        examples=run.m,
        parameters=run.network.theta.size,
        checked=numerical.size,
        kinks=sum(block.kinks for block in blocks),
        mode="directions" if directions else "sample" if sample else "all",
        dropout=dropout,
        fault=fault.title if fault else "",
        numerical=vectors[0],
        exact=vectors[1],
    )


class _Choice(NamedTuple):
    """What of each parameter is checked: all, `sample` components, or `directions` directions."""

    sample: int | None
    directions: int | None
    rng: np.random.Generator

    def count(self, block: Block) -> int:
        """Slopes that a block needs."""
        size = block.stop - block.start
        return self.directions or (min(self.sample, size) if self.sample else size)


class _Run:
    """One check: a float64 twin, its exact gradient, and numerical slopes block by block."""

    def __init__(
        self,
        network: Network,
        X: Any,
        Y: Any,
        epsilon: float,
        rng: np.random.Generator | None,
        fault: Fault | None,
    ) -> None:
        self.network = network.copy()
        X = checked_inputs(self.network, X)
        Y = checked_targets(self.network, Y, X.shape[-1])
        self.epsilon = epsilon
        self.m = X.shape[-1]
        if rng is not None:
            self.network.rng = Draws.all_from(rng)
        with np.errstate(over="ignore", invalid="ignore"):  # a cost that is not finite is named
            passed = self.network.learn_from(X, Y, dropout=rng is not None)
        self.cost = passed.cost
        if not math.isfinite(self.cost):
            raise TrainingError(
                "The cost is not finite at these parameters, so there is no gradient to check.",
                hint="Check at smaller weights.",
            )
        if fault is not None:
            plant(fault, self.network, passed, Y)
        self.spread = Spread(self.network, passed.trace, Y)
        self.noise = round_off(self.cost, epsilon, self.m)

    def slopes(
        self,
        choice: _Choice,
        progress: Callable[[int, int], None] | None,
        cancel: Callable[[], bool] | None,
    ) -> Iterator[BlockSlopes]:
        """Both gradients of every block in turn."""
        total = sum(choice.count(block) for block in self.network.blocks)
        done = 0
        for block in self.network.blocks:
            part = self.network.parts[block.part]
            step = Perturbation(self.spread, part, block.key, self.epsilon)
            directions = _unit_directions(choice, block) if choice.directions else None
            chunks = []
            for chunk in _chunks(step, choice, block, directions):
                chunks.append(chunk)
                done += len(chunk.indices)
                if progress is not None:
                    progress(done, total)
                if cancel is not None and cancel():
                    raise CheckCancelledError("The gradient check was cancelled.")
            yield self._compared(block, Slopes.joined(chunks), directions)

    def _compared(self, block: Block, slopes: Slopes, directions: Array | None) -> BlockSlopes:
        exact = self.network.gradient[block.start : block.stop]
        if directions is None:
            exact = exact[slopes.indices]
        else:
            exact = directions.reshape(len(directions), -1) @ exact  # (n,)
        return BlockSlopes(
            block, slopes.indices, slopes.values, exact, slopes.kink, directions is not None
        )

    def block_report(self, slopes: BlockSlopes) -> BlockReport:
        """The report on a block, with the cause where it fails."""
        report = block_report(slopes, self.noise)
        if report.passed:
            return report
        evidence = self._evidence(slopes)
        factor = factor_between(evidence.numerical, evidence.exact)
        return replace(report, factor=factor, cause=cause_of(self.network, evidence, self.m))

    def _evidence(self, slopes: BlockSlopes) -> Evidence:
        """What the cause is searched in: the checked components and their penalties' share."""
        keep, block = ~slopes.kink, slopes.block
        W = self.network.parameters[block.name]
        l2, penalty = np.zeros((2, block.stop - block.start))
        for term in self.network.penalties:
            if np.may_share_memory(term.W, W):
                l2 = term.l2 / self.m * W.ravel()
                penalty = l2 + term.l1 / (2 * self.m) * np.sign(W).ravel()
        if slopes.along_directions:
            l2, penalty = np.zeros((2, slopes.kink.size))
        else:
            l2, penalty = l2[slopes.indices], penalty[slopes.indices]
        return Evidence(slopes.numerical[keep], slopes.exact[keep], l2[keep], penalty[keep])

    def vectors(self, slopes: Sequence[BlockSlopes]) -> tuple[Array, Array]:
        """Numerical and exact gradient in theta's order, NaN where not checked."""
        numerical, exact = np.full((2, self.network.theta.size), np.nan)
        for found in slopes:
            if not found.along_directions:
                places = found.block.start + found.indices
                numerical[places], exact[places] = found.numerical, found.exact
        return numerical, exact


def _chunks(
    step: Perturbation, choice: _Choice, block: Block, directions: Array | None
) -> Iterator[Slopes]:
    if directions is not None:
        return step.directions(directions)
    if choice.sample:
        size = block.stop - block.start
        chosen = choice.rng.choice(size, choice.count(block), replace=False)
        return step.components(np.sort(chosen))
    return step.all_components()


def _unit_directions(choice: _Choice, block: Block) -> Array:
    """Random directions of length 1: (n, *shape)."""
    drawn = choice.rng.normal(size=(choice.count(block), block.stop - block.start))
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    return drawn.reshape(-1, *block.shape)  # (n, *shape)


def _check_numbers(epsilon: float, sample: int | None, directions: int | None) -> None:
    if not SMALLEST_EPSILON <= epsilon <= LARGEST_EPSILON:
        raise SpecError(
            f"epsilon must be between {SMALLEST_EPSILON:g} and {LARGEST_EPSILON:g}; got {epsilon}.",
            "epsilon",
        )
    for name, count in (("sample", sample), ("directions", directions)):
        if count is not None and count < 1:
            raise SpecError(f"{name} must be a whole number of at least 1; got {count}.", name)
    if sample is not None and directions is not None:
        raise SpecError("Give either sample or directions, not both.", "sample")
