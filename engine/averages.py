"""The exponentially weighted average: smooth curves, and the idea behind momentum and Adam."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

LARGEST_SCALE = 1e150
"""Within a block, weights beta^-t stay below this, so that values up to 1e150 do not overflow."""


def exponentially_weighted_average(
    values: NDArray[np.floating[Any]], beta: float, step: int = 1
) -> NDArray[np.floating[Any]]:
    """The exponentially weighted (moving) average of theta_1, ..., theta_T, with bias correction.

    v_0 = 0,   v_t = beta * v_(t-1) + (1 - beta) * theta_t,   average_t = v_t / (1 - beta^t)

    values: (T,) or (T, ...), one theta_t per row. Gaps (NaN) stay gaps and carry no weight.
    beta: from 0 (no smoothing) to below 1; averages reach over about the last 1 / (1 - beta)
    values. step: how many equal values each one stands for, which raises beta to that power.
    Returns averages of the same shape, in float64. pandas calls this `ewm(alpha=1 - beta)`.

    Example: values [40, 49] and beta = 0.9 give [40, 44.74].

    Source: Deep Learning Specialization, course 2, week 2, "Exponentially weighted averages".
    """
    known = np.isfinite(values)
    power = beta**step
    weighted = _weighted_sums(np.where(known, values, 0.0), power)
    weights = _weighted_sums(known.astype(float), power)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(known, weighted / weights, np.nan)


def _weighted_sums(values: NDArray[Any], beta: float) -> NDArray[np.float64]:
    """s_t = beta s_(t-1) + x_t, in blocks instead of a loop: s_t = beta^t (sum of beta^-k x_k)."""
    sums = np.array(values, np.float64)
    if beta < 1 / LARGEST_SCALE:
        return sums
    length = max(1, int(math.log(LARGEST_SCALE) / -math.log(beta)))
    last = np.zeros(values.shape[1:])
    for start in range(0, len(values), length):
        block = sums[start : start + length]
        powers = beta ** np.arange(1, len(block) + 1)
        powers = powers.reshape(-1, *[1] * (values.ndim - 1))  # (block, 1, ...)
        block[...] = powers * (last + np.cumsum(block / powers, axis=0))
        last = block[-1].copy()
    return sums
