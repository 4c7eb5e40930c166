"""Constants as arrays: made once, shared, and read-only.

NumPy handles an array without axes twice as fast as a plain number, which it must convert at every
call: 0.3 instead of 0.6 microseconds, dozens of times in one step of a small network.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

Array = np.ndarray
DType = np.dtype[Any]

LARGEST_KEPT_ZEROS = 1_000_000


@lru_cache(maxsize=1_024)
def number(value: float, dtype: DType) -> Array:
    """A number in a dtype, with shape ()."""
    return _frozen(np.array(value, dtype))


@lru_cache(maxsize=8)
def square_limit(dtype: DType) -> float:
    """The smallest number of a dtype whose square is a normal number: 1e-19 in float32.

    Below it, Adam's dW^2 is denormal, and a processor takes some hundred cycles for each product.
    """
    return math.sqrt(float(np.finfo(dtype).tiny))


@lru_cache(maxsize=32)
def zeros(shape: tuple[int, ...], dtype: DType) -> Array:
    """Zeros to compare with: NumPy computes the maximum of two arrays three times as fast as that
    of an array and a number. Very large arrays are not worth keeping: (1, ..., 1) instead."""
    size = math.prod(shape)
    return _frozen(np.zeros(shape if size <= LARGEST_KEPT_ZEROS else (1,) * len(shape), dtype))


@lru_cache(maxsize=64)
def mean_column(m: int, dtype: DType) -> Array:
    """m times 1/m, (m, 1): a product with it is the mean over m examples."""
    return _frozen(np.full((m, 1), 1 / m, dtype))


def _frozen(array: Array) -> Array:
    array.flags.writeable = False
    return array
