"""The exponentially weighted average: smooth curves, and the idea behind momentum and Adam."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import DataError

LARGEST_SCALE = 1e150
"""Within a block, weights beta^-t stay below this, so that values up to 1e150 do not overflow."""


def exponentially_weighted_average(
    values: ArrayLike, beta: float, bias_correction: bool = False
) -> NDArray[np.floating[Any]]:
    """The exponentially weighted (moving) average v_1, ..., v_T of theta_1, ..., theta_T.

    v_0 = 0,   v_t = beta * v_(t-1) + (1 - beta) * theta_t
    v_t / (1 - beta^t) instead of v_t, with bias_correction

    values: (T,) or (T, ...), one theta_t per row; float32 stays float32, integers become float64.
    beta: from 0 (no smoothing) to below 1; v_t averages over about the last 1 / (1 - beta) values.
    Returns v of the same shape. Values must be finite, for one NaN would spoil all that follow.

    This is pandas' `ewm(alpha=1 - beta, adjust=True)` with bias correction; without, pandas'
    `adjust=False` starts from v_1 = theta_1, the lectures from v_0 = 0.

    Example: values [40, 49] and beta = 0.9 give [4, 8.5], with bias correction [40, 44.74].

    Source: Deep Learning Specialization, course 2, week 2, "Exponentially weighted averages".
    """
    theta = _checked(values)
    if not 0.0 <= beta < 1.0:
        raise DataError(f"Beta must be at least 0 and below 1; got {beta!r}.")
    averages = (1.0 - beta) * _weighted_sums(theta, beta)
    if bias_correction:
        t_column = np.arange(1, len(theta) + 1).reshape(-1, *[1] * (theta.ndim - 1))  # (T, 1, ...)
        averages /= 1.0 - beta**t_column
    return averages.astype(theta.dtype)


def average_of_known(
    values: NDArray[np.floating[Any]], beta: float, step: int = 1
) -> NDArray[np.floating[Any]]:
    """The same with bias correction, where some values are unknown: gaps (NaN) carry no weight.

    values: (T,) or (T, ...), each standing for `step` values, which raises beta to that power.
    Returns averages of the same shape, in float64, with the same gaps.
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


def _checked(values: ArrayLike) -> NDArray[np.floating[Any]]:
    theta = np.asarray(values)
    if theta.dtype.kind not in "fiu":
        raise DataError(f"An average needs numbers; got values of type {theta.dtype}.")
    if theta.ndim == 0:
        raise DataError("An average needs a row of values; got a single number.")
    if theta.dtype.kind != "f":
        theta = theta.astype(np.float64)
    if not np.isfinite(theta).all():
        raise DataError("An average needs finite values; some are infinite or not a number.")
    return theta
