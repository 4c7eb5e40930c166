"""Which examples are the same: a 64-bit hash of each row of features."""

from __future__ import annotations

import numpy as np

from engine.data.checks import Array
from engine.data.dataset import Dataset
from engine.errors import DataError

CHUNK_VALUES = 2_000_000  # hashed at a time: 16 MB
HASH_SEED = 20_240_229  # any; the multipliers must be the same for all sets


def hashes(X: Array) -> Array:
    """A number for each example of X: (n_x, m): (m,) of uint64.

    The bits of each value times a random odd number, summed modulo 2^64, and mixed. Equal examples
    have equal numbers; two different ones share theirs with a probability of about 2^-64.
    """
    rows = np.ascontiguousarray(X.T, dtype=np.float32) + np.float32(0)  # (m, n_x); -0 becomes 0
    bits = rows.view(np.uint32)
    factors = _factors(X.shape[0])
    step = max(1, CHUNK_VALUES // X.shape[0])
    found = np.empty(len(bits), dtype=np.uint64)
    for start in range(0, len(bits), step):
        piece = bits[start : start + step].astype(np.uint64)
        found[start : start + step] = _mixed(piece * factors).sum(axis=1, dtype=np.uint64)
    return found


def without_repeats(train: Dataset, *others: Dataset | None) -> Dataset:
    """The training examples that are in no other set. Raises DataError if none is left."""
    held = np.concatenate([hashes(data.X) for data in others if data is not None])
    new = np.flatnonzero(~np.isin(hashes(train.X), held))
    if not new.size:
        raise DataError(
            "Every training example also is in the dev or test set.",
            hint="Turn off “Remove duplicates”, or use other data.",
        )
    return train if new.size == train.m else train.take(new)


def _factors(n_x: int) -> Array:
    rng = np.random.default_rng(HASH_SEED)
    return rng.integers(0, 2**63, n_x, dtype=np.uint64) * np.uint64(2) + np.uint64(1)


def _mixed(values: Array) -> Array:
    """High bits into low ones: a product alone leaves the lowest bits of a float's few."""
    values ^= values >> np.uint64(32)
    return values * np.uint64(0x9E3779B97F4A7C15)
