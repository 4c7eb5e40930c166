"""A cost function and a gradient of your own, checked as a network's are: a student's code."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.gradient_check.blame import (
    EXPLAINED,
    UNEXPLAINED,
    all_agree,
    factor_between,
    left_out,
)
from engine.gradient_check.blame import factor_words as words_of_factor
from engine.gradient_check.given import as_numbers, named
from engine.gradient_check.report import BlockReport, BlockSlopes, GradientReport, block_report
from engine.gradient_check.verdicts import judged, round_off, worst_verdict
from engine.network.parts import ParameterSlice

Array = np.ndarray
Parameters = Mapping[str, Array]
KINK = 1e-3
"""A slope that changes within epsilon by this share of the largest one has a kink there."""
NOISY = 10
"""...unless so many times the round-off explains the change."""
THETA = "theta"
"""The name of a parameter that is passed in as one array."""


def check_own(
    cost: Callable[[Any], float], parameters: Any, gradient: Any, epsilon: float, examples: int
) -> GradientReport:
    """Compare a gradient with (J(theta + e) - J(theta - e)) / 2e of any cost function.

    cost: takes parameters as they are passed in, and gives J. parameters: an array of any shape,
    or a dictionary of arrays. gradient: of the same form, its names with or without a leading d, or
    a function of the parameters that returns it. examples: m, or 0 if it is not known: with it, a
    forgotten 1/m is named. The caller's arrays stay as they are.
    Example: check_gradients(lambda t: float((t**2).sum()), theta, 2 * theta).
    Source: course 2, week 1, "Gradient checking". Raises DataError where the parts do not fit.
    """
    many = isinstance(parameters, Mapping)
    theta = {
        str(name): as_numbers(f"The parameter '{name}'", values)
        for name, values in (parameters if many else {THETA: parameters}).items()
    }
    if not any(values.size for values in theta.values()):
        raise DataError("There are no parameters to check.")
    found = gradient(_handed(theta, many)) if callable(gradient) else gradient
    exact = named(found if many else {THETA: found}, {n: v.shape for n, v in theta.items()})
    J = _value(cost(_handed(theta, many)))
    noise = round_off(J, epsilon, 1)

    def value(changed: Parameters) -> float:
        return _value(cost(_handed(changed, many)))

    sides = {name: _one_sided(value, theta, name, J, epsilon) for name in theta}
    jump = KINK * max(float(np.abs(each).max(initial=0.0)) for each in sides.values())
    slopes = [
        _slopes(block, sides[block.key], exact[block.key], noise, jump + NOISY * noise)
        for block in _blocks(theta)
    ]
    return _report(slopes, J, epsilon, examples)


def _handed(theta: Parameters, many: bool) -> Any:
    """Copies in the form in which the caller handed them in: a cost function may change them."""
    copies = {name: values.copy() for name, values in theta.items()}
    return copies if many else copies[THETA]


def _value(J: Any) -> float:
    J = as_numbers("The cost", J)
    if J.size != 1 or not math.isfinite(J.item()):
        raise DataError(f"The cost must be one finite number; got {J!r:.80}.")
    return float(J.item())


def _blocks(theta: Parameters) -> list[ParameterSlice]:
    blocks: list[ParameterSlice] = []
    for index, (name, values) in enumerate(theta.items()):
        start = blocks[-1].stop if blocks else 0
        shape = values.shape or (1,)
        blocks.append(ParameterSlice.at(start, "", name, shape, True, index, name))
    return blocks


def _one_sided(
    cost: Callable[[Parameters], float], theta: Parameters, name: str, J: float, epsilon: float
) -> Array:
    """The slopes of J to the right and to the left of every component of one array: (2, n)."""
    values = theta[name]
    slopes = np.empty((2, values.size))
    for side, step in enumerate((epsilon, -epsilon)):
        for index in range(values.size):
            changed = values.copy()
            changed.flat[index] += step
            slopes[side, index] = (cost({**theta, name: changed}) - J) / step
    return slopes


def _slopes(
    block: ParameterSlice, sides: Array, exact: Array, noise: float, jump: float
) -> BlockSlopes:
    """Both gradients of one array. noise: the round-off of one component. jump: a difference
    between right and left from which on a kink lies between them."""
    numerical, kink = sides.mean(axis=0), np.abs(sides[0] - sides[1]) > jump
    places, bound = np.arange(numerical.size), noise * max(1, int((~kink).sum())) ** 0.5
    return BlockSlopes(block, places, numerical, exact.ravel(), kink, bound)


def _judged_block(slopes: BlockSlopes, examples: int) -> BlockReport:
    report = block_report(slopes)
    if report.passed:
        return report
    factor = factor_between(slopes.numerical[~slopes.kink], slopes.exact[~slopes.kink])
    plain = factor is None or abs(factor - 1) < 10 * EXPLAINED
    cause = UNEXPLAINED if plain else words_of_factor(factor or 0.0, examples)
    return BlockReport(**{**vars(report), "factor": factor, "cause": cause})


def _report(slopes: list[BlockSlopes], J: float, epsilon: float, examples: int) -> GradientReport:
    blocks = tuple(_judged_block(each, examples) for each in slopes)
    numerical, exact = (
        np.concatenate([getattr(each, side)[~each.kink] for each in slopes])
        for side in ("numerical", "exact")
    )
    error, verdict = judged(numerical, exact, math.hypot(*(each.bound for each in slopes)))
    bad = [block for block in blocks if not block.passed]
    rest = ". Every other gradient agrees." if 0 < len(bad) < len(blocks) else "."
    text = "; ".join(block.finding for block in bad) + rest if bad else all_agree(blocks, J)
    full = [np.where(s.kink, np.nan, getattr(s, n)) for n in ("numerical", "exact") for s in slopes]
    return GradientReport(
        relative_error=error,
        verdict=worst_verdict(verdict, (block.verdict for block in blocks)),
        blocks=blocks,
        blamed=tuple(block.name for block in bad),
        sentence=text + left_out(blocks),
        epsilon=epsilon,
        cost=J,
        examples=examples,
        parameters=sum(block.size for block in blocks),
        checked=numerical.size,
        kinks=sum(block.kinks for block in blocks),
        mode="all",
        dropout=False,
        fault="",
        numerical=np.concatenate(full[: len(slopes)]),
        exact=np.concatenate(full[len(slopes) :]),
    )
