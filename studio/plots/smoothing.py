"""The exponentially weighted average of what is drawn, with bias correction, without a loop."""

from __future__ import annotations

import math

import numpy as np

Array = np.ndarray

WINDOWS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
"""Iterations that v averages over, about: 1/(1 - beta). One means no smoothing."""

LARGEST_SCALE = 1e150
"""Within a block, weights beta^-t stay below this, so that values up to 1e150 do not overflow."""
WARM_UP = 5
"""A window of the curve begins so many times 1/(1 - beta) earlier: older ones weigh < 1 %."""


def beta_of(window: int) -> float:
    """The beta that averages over about `window` values: 10 -> 0.9."""
    return 1.0 - 1.0 / window


def smoothed(values: Array, beta: float, step: int = 1) -> Array:
    """v_t / (1 - beta^t) with v_t = beta v_(t-1) + (1 - beta) x_t; gaps (NaN) carry no weight.

    values: (n,) or (n, width), each standing for `step` values, which raises beta to that power.
    Example: [40, 49] and beta = 0.9 give [40, 44.74]. Source: course 2, week 2.
    """
    known = np.isfinite(values)
    power = beta**step
    weighted = _weighted(np.where(known, values, 0.0), power)
    weights = _weighted(known.astype(float), power)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(known, weighted / weights, np.nan)


def _weighted(values: Array, beta: float) -> Array:
    """v_t = beta v_(t-1) + x_t in blocks: v_t = beta^t (sum of beta^-s x_s)."""
    if beta < 1 / LARGEST_SCALE:
        return values
    length = max(1, int(math.log(LARGEST_SCALE) / -math.log(beta)))
    result = np.empty(values.shape)
    last = np.zeros(values.shape[1:])
    for start in range(0, len(values), length):
        block = values[start : start + length]
        powers = beta ** np.arange(1, len(block) + 1)
        powers = powers.reshape(-1, *[1] * (values.ndim - 1))  # (block, 1, ...)
        sums = np.cumsum(block / powers, axis=0)
        result[start : start + length] = powers * (last + sums)
        last = result[start + len(block) - 1]
    return result
