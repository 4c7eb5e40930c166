"""check_gradients: back-propagation's gradient against central differences, with the blame."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from engine.errors import DataError, SpecError, TrainingError
from engine.gradient_check.blame import BlockGradients, cause_of, factor_between, located
from engine.gradient_check.faults import Fault, plant
from engine.gradient_check.given import write_gradient
from engine.gradient_check.own import check_own
from engine.gradient_check.perturb import Perturbation, Slopes
from engine.gradient_check.report import BlockReport, BlockSlopes, GradientReport, block_report
from engine.gradient_check.spread import Spread
from engine.gradient_check.verdicts import (
    CheckCancelledError,
    judged,
    norm,
    round_off,
    worst_verdict,
)
from engine.network import Network
from engine.network.inputs import checked_inputs, checked_targets
from engine.network.parts import ParameterSlice
from engine.streams import Draws

Array = np.ndarray

SMALLEST_EPSILON, LARGEST_EPSILON = 1e-15, 1.0
MOST_MEASURED = 50
"""Components of a block that fails by which its round-off is measured."""
OTHER_STEPS = (0.6, 0.8, 1.25, 1.6)
"""Steps for that, in epsilons: too near for the curvature to make a difference."""
NOISE_FACTOR = 4
"""Times the largest change that was seen: round-off is no more than that."""


def check_gradients(
    network: Network | Callable[[Any], float],
    X: Any,
    Y: Any,
    epsilon: float = 1e-7,
    *,
    gradient: Any = None,
    examples: int = 0,
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
    gradient: one that the caller computed, to be judged in place of back-propagation's: (P,) in
    theta's order, or an array for each name in network.parameters.
    In place of the network, a cost function J(theta) of your own; X is then theta, an array or a
    dictionary of arrays, Y its gradient or a function that returns it, and `examples` m, if a
    forgotten 1/m is to be named: check_gradients(J, parameters, gradients).
    dropout: False checks without; True draws one mask from `seed` and holds it. Batch norm uses
    the statistics of the batch. sample: at most this many random components of each parameter.
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
    if not isinstance(network, Network):
        return _check_function(network, X, Y, epsilon, examples)
    if fault is not None and gradient is not None:
        raise SpecError("Give either a fault or a gradient, not both.", "gradient")
    fault = None if fault is None else Fault.parse(fault)
    dropout = dropout or (fault is not None and fault.needs_dropout)
    rng = np.random.default_rng(seed)
    run = _Run(network, X, Y, epsilon, rng if dropout else None, fault, gradient)
    choice = _Choice(sample, directions, rng)
    slopes = list(run.slopes(choice, progress, cancel))
    return run.report(slopes, choice.mode, dropout, fault.title if fault else "")


def _check_function(
    cost: Any, theta: Any, gradient: Any, epsilon: float, examples: int
) -> GradientReport:
    if not callable(cost):
        raise DataError(
            f"check_gradients takes a Network or a cost function; got {type(cost).__name__}.",
            hint="For example check_gradients(network, X, Y) or check_gradients(J, theta, dtheta).",
        )
    return check_own(cost, theta, gradient, epsilon, examples)


class _Choice(NamedTuple):
    """What of each parameter is checked: all, `sample` components, or `directions` directions."""

    sample: int | None
    directions: int | None
    rng: np.random.Generator

    @property
    def mode(self) -> str:
        """See `GradientReport.mode`."""
        return "directions" if self.directions else "sample" if self.sample else "all"

    def count(self, block: ParameterSlice) -> int:
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
        gradient: Any,
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
        if gradient is not None:
            write_gradient(self.network, gradient)
        self.spread = Spread(self.network, passed.trace, Y)
        self.noise = round_off(self.cost, epsilon, self.m)

    def slopes(
        self,
        choice: _Choice,
        progress: Callable[[int, int], None] | None,
        cancel: Callable[[], bool] | None,
    ) -> Iterator[BlockSlopes]:
        """Both gradients of every block in turn."""
        total = sum(choice.count(block) for block in self.network.slices)
        done = 0
        for block in self.network.slices:
            step = Perturbation(self.spread, block, self.epsilon)
            directions = _unit_directions(choice, block) if choice.directions else None
            chunks = []
            for chunk in _chunks(step, choice, block, directions):
                chunks.append(chunk)
                done += len(chunk.indices)
                if progress is not None:
                    progress(done, total)
                if cancel is not None and cancel():
                    raise CheckCancelledError("The gradient check was canceled.")
            found = self._compared(block, Slopes.joined(chunks), directions)
            yield found if block_report(found).passed else self._steadied(found, directions)

    def _steadied(self, found: BlockSlopes, directions: Array | None) -> BlockSlopes:
        """The same, with a bound on the round-off that was measured where they differ most.

        The bound from J alone is too small where a small variance in batch norm magnifies the
        round-off of what comes before. Other steps of nearly the same length show how large it is;
        a wrong gradient differs by the same from all of them.
        """
        places = found.largest(MOST_MEASURED)
        here = found.numerical[places]
        noise = 0.0
        for factor in OTHER_STEPS:
            change = self._again(found, self.epsilon * factor, directions) - here
            noise = max(noise, NOISE_FACTOR * norm(change[np.isfinite(change)]))
        if norm(found.exact[places] - here) > noise:
            return found
        rest = found.kink.size / max(1, places.size)
        return replace(found, bound=max(found.bound, noise * rest**0.5))

    def _again(self, found: BlockSlopes, epsilon: float, directions: Array | None) -> Array:
        """The slopes that differ most, with another step; NaN where that crosses a kink."""
        places = found.largest(MOST_MEASURED)
        step = Perturbation(self.spread, found.block, epsilon)
        if directions is None:
            chunks = step.components(found.indices[places])
        else:
            chunks = step.directions(directions[places])
        slopes = Slopes.joined(list(chunks))
        return np.where(slopes.kink, np.nan, slopes.values)

    def _compared(
        self, block: ParameterSlice, slopes: Slopes, directions: Array | None
    ) -> BlockSlopes:
        exact = self.network.gradient[block.start : block.stop]
        if directions is None:
            exact = exact[slopes.indices]
        else:
            exact = directions.reshape(len(directions), -1) @ exact  # (n,)
        bound = self.noise * max(1, int((~slopes.kink).sum())) ** 0.5
        by_direction = directions is not None
        return BlockSlopes(
            block, slopes.indices, slopes.values, exact, slopes.kink, bound, by_direction
        )

    def block_report(self, slopes: BlockSlopes) -> BlockReport:
        """The report on a block, with the cause where it fails."""
        report = block_report(slopes)
        if report.passed:
            return report
        evidence = self._evidence(slopes)
        factor = factor_between(evidence.numerical, evidence.exact)
        return replace(report, factor=factor, cause=cause_of(self.network, evidence, self.m))

    def _evidence(self, slopes: BlockSlopes) -> BlockGradients:
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
        return BlockGradients(slopes.numerical[keep], slopes.exact[keep], l2[keep], penalty[keep])

    def report(
        self, slopes: Sequence[BlockSlopes], mode: str, dropout: bool, fault: str
    ) -> GradientReport:
        """The report on all blocks. mode, dropout, fault: see there."""
        blocks = tuple(self.block_report(found) for found in slopes)
        blamed, sentence = located(self.network, blocks, self.cost)
        found = np.concatenate([s.numerical[~s.kink] for s in slopes])
        wanted = np.concatenate([s.exact[~s.kink] for s in slopes])
        error, verdict = judged(found, wanted, math.hypot(*(s.bound for s in slopes)))
        numerical, exact = self.vectors(slopes)
        return GradientReport(
            relative_error=error,
            verdict=worst_verdict(verdict, (block.verdict for block in blocks)),
            blocks=blocks,
            blamed=blamed,
            sentence=sentence,
            epsilon=self.epsilon,
            cost=self.cost,
            examples=self.m,
            parameters=self.network.theta.size,
            checked=found.size,
            kinks=sum(block.kinks for block in blocks),
            mode=mode,
            dropout=dropout,
            fault=fault,
            numerical=numerical,
            exact=exact,
        )

    def vectors(self, slopes: Sequence[BlockSlopes]) -> tuple[Array, Array]:
        """Numerical and exact gradient in theta's order, NaN where not checked."""
        numerical, exact = np.full((2, self.network.theta.size), np.nan)
        for found in slopes:
            if not found.along_directions:
                places = found.block.start + found.indices
                numerical[places], exact[places] = found.numerical, found.exact
        return numerical, exact


def _chunks(
    step: Perturbation, choice: _Choice, block: ParameterSlice, directions: Array | None
) -> Iterator[Slopes]:
    if directions is not None:
        return step.directions(directions)
    if choice.sample:
        size = block.stop - block.start
        chosen = choice.rng.choice(size, choice.count(block), replace=False)
        return step.components(np.sort(chosen))
    return step.all_components()


def _unit_directions(choice: _Choice, block: ParameterSlice) -> Array:
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
