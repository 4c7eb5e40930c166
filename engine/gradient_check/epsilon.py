"""Why two-sided, and why epsilon = 1e-7: the error of a finite difference against its step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.gradient_check.perturb import Perturbation
from engine.gradient_check.spread import Spread
from engine.gradient_check.verdicts import CheckCancelledError, relative_error
from engine.network import Network
from engine.network.inputs import checked_inputs, checked_targets

Array = np.ndarray

EPSILONS = tuple(10.0**-exponent for exponent in range(1, 15))
"""1e-1 to 1e-14: from a step that is too coarse to one that drowns in round-off."""


def one_sided(f: Callable[[float], float], theta: float, epsilon: float) -> float:
    """(f(theta + e) - f(theta)) / e, with an error of the order of e.

    Example: f(theta) = theta^3 at 1 with e = 0.01 gives 3.0301; the derivative is 3.
    Source: course 2, week 1.
    """
    return (f(theta + epsilon) - f(theta)) / epsilon


def two_sided(f: Callable[[float], float], theta: float, epsilon: float) -> float:
    """(f(theta + e) - f(theta - e)) / 2e, with an error of the order of e^2.

    Example: f(theta) = theta^3 at 1 with e = 0.01 gives 3.0001; the derivative is 3.
    Source: course 2, week 1.
    """
    return (f(theta + epsilon) - f(theta - epsilon)) / (2 * epsilon)


@dataclass(frozen=True, eq=False)
class EpsilonCurve:
    """Relative errors of both differences by step; all are (n,). `best`: the step with the least.

    On logarithmic axes the one-sided error falls with slope 1 and the two-sided one with slope 2,
    until round-off, which grows as 1/e, takes over.
    """

    epsilons: Array
    one_sided: Array
    two_sided: Array

    @property
    def best(self) -> float:
        """The step with the smallest two-sided error."""
        return float(self.epsilons[int(np.argmin(self.two_sided))])


def error_against_epsilon(
    network: Network,
    X: Any,
    Y: Any,
    epsilons: Sequence[float] = EPSILONS,
    *,
    sample: int = 50,
    seed: int = 0,
    cancel: Callable[[], bool] | None = None,
) -> EpsilonCurve:
    """The relative error of both differences at each step, over `sample` components a parameter.

    Dropout is off. Nothing is left out: the kinks of ReLU networks bend the curve at large steps,
    as they should; tanh networks show the clean slopes. The network stays as it is.
    Raises DataError for arrays that do not fit, CheckCancelledError if `cancel` returns True.
    """
    other = network.copy()
    X = checked_inputs(other, X)
    Y = checked_targets(other, Y, X.shape[-1])
    passed = other.learn_from(X, Y, dropout=False)
    spread = Spread(other, passed.trace, Y)
    rng = np.random.default_rng(seed)
    sizes = [block.stop - block.start for block in other.slices]
    chosen = [np.sort(rng.permutation(size)[:sample]) for size in sizes]
    places = [block.start + index for block, index in zip(other.slices, chosen, strict=True)]
    exact = other.gradient[np.concatenate(places)]
    errors = np.empty((2, len(epsilons)))
    for number, epsilon in enumerate(epsilons):
        for side in (0, 1):
            if cancel is not None and cancel():
                raise CheckCancelledError("The comparison of steps was canceled.")
            slopes = _slopes(other, spread, chosen, epsilon, one_sided=side == 0)
            errors[side, number] = relative_error(slopes, exact)
    return EpsilonCurve(np.array(epsilons), *errors)


def _slopes(
    network: Network, spread: Spread, chosen: list[Array], epsilon: float, one_sided: bool
) -> Array:
    """Slopes of the chosen components of each block, one after the other."""
    found = []
    for block, indices in zip(network.slices, chosen, strict=True):
        step = Perturbation(spread, block, epsilon, one_sided=one_sided)
        found += [chunk.values for chunk in step.components(indices)]
    slopes: Array = np.concatenate(found)
    return slopes
