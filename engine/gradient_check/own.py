"""A cost function and a gradient of one's own, checked as a network's are: a student's code."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.gradient_check.blame import EXPLAINED, UNEXPLAINED, all_agree, factor_between
from engine.gradient_check.blame import factor_words as words_of_factor
from engine.gradient_check.given import as_numbers, named
from engine.gradient_check.report import BlockReport, BlockSlopes, GradientReport, block_report
from engine.gradient_check.verdicts import judged, round_off, worst_verdict
from engine.network.parts import Block

Array = np.ndarray
Parameters = Mapping[str, Array]
THETA = "theta"
"""The name of a parameter that is handed in as one array."""


def check_own(
    cost: Callable[[Any], float], parameters: Any, gradient: Any, epsilon: float, examples: int
) -> GradientReport:
    """Compare a gradient with (J(theta + e) - J(theta - e)) / 2e of any cost function.

    cost: takes parameters as they are handed in, and gives J. parameters: an array of any shape,
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

    slopes = [_slopes(value, theta, block, exact, epsilon, noise) for block in _blocks(theta)]
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


def _blocks(theta: Parameters) -> list[Block]:
    blocks: list[Block] = []
    for index, (name, values) in enumerate(theta.items()):
        start = blocks[-1].stop if blocks else 0
        shape = values.shape or (1,)
        blocks.append(Block.at(start, "", name, shape, True, index, name))
    return blocks


def _slopes(
    cost: Callable[[Parameters], float],
    theta: Parameters,
    block: Block,
    exact: Parameters,
    epsilon: float,
    noise: float,
) -> BlockSlopes:
    """Both gradients of one array, component by component; noise: the round-off of one."""
    name, values = block.key, theta[block.key]
    numerical = np.empty(values.size)
    for index in range(values.size):
        ends = []
        for step in (epsilon, -epsilon):
            changed = values.copy()
            changed.flat[index] += step
            ends.append(cost({**theta, name: changed}))
        numerical[index] = (ends[0] - ends[1]) / (2 * epsilon)
    none = np.zeros(values.size, bool)
    places, bound = np.arange(values.size), noise * values.size**0.5
    return BlockSlopes(block, places, numerical, exact[name].ravel(), none, bound)


def _judged_block(slopes: BlockSlopes, examples: int) -> BlockReport:
    report = block_report(slopes)
    if report.passed:
        return report
    factor = factor_between(slopes.numerical, slopes.exact)
    plain = factor is None or abs(factor - 1) < 10 * EXPLAINED
    cause = UNEXPLAINED if plain else words_of_factor(factor or 0.0, examples)
    return BlockReport(**{**vars(report), "factor": factor, "cause": cause})


def _report(slopes: list[BlockSlopes], J: float, epsilon: float, examples: int) -> GradientReport:
    blocks = tuple(_judged_block(each, examples) for each in slopes)
    numerical, exact = (
        np.concatenate([getattr(each, side) for each in slopes]) for side in ("numerical", "exact")
    )
    error, verdict = judged(numerical, exact, math.hypot(*(each.bound for each in slopes)))
    bad = [block for block in blocks if not block.passed]
    rest = ". Every other gradient agrees." if 0 < len(bad) < len(blocks) else "."
    return GradientReport(
        relative_error=error,
        verdict=worst_verdict(verdict, (block.verdict for block in blocks)),
        blocks=blocks,
        blamed=tuple(block.name for block in bad),
        sentence="; ".join(block.finding for block in bad) + rest if bad else all_agree(blocks, J),
        epsilon=epsilon,
        cost=J,
        examples=examples,
        parameters=numerical.size,
        checked=numerical.size,
        kinks=0,
        mode="all",
        dropout=False,
        fault="",
        numerical=numerical,
        exact=exact,
    )
