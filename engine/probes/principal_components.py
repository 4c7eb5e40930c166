"""The principal components of a training set, computed once for each data set."""

from __future__ import annotations

import threading
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from engine.data import Splits

Array = np.ndarray

MOST = 8
"""So many components are offered."""


MOST_EXAMPLES = 4_000
"""They are computed from this many examples of the training set."""


class Components(NamedTuple):
    """mean: (n_x,). directions: (n_x, k), of length 1, the one with the most variance first.
    shares: (k,) of the whole variance."""

    mean: Array
    directions: Array
    shares: Array


def components_of(data: Splits) -> Components:
    """The first components of the training set's inputs, as the network takes them.

    The left singular vectors of the centered inputs, which are those of the covariance
    C = 1/m sum (x - mean)(x - mean)^T, too. The largest entry of each is positive, so that a
    picture does not turn over from one machine to the next.
    Source: C. Bishop, Pattern Recognition and Machine Learning, 2006, section 12.1.
    """
    with _computing:
        if data not in _known:
            _known[data] = principal_components(data.train.X)
        return _known[data]


def principal_components(X: Array) -> Components:
    """The same of X: (n_x, m)."""
    mean = X.mean(axis=1, dtype=np.float64)  # (n_x,)
    centered = X[:, :MOST_EXAMPLES] - mean[:, np.newaxis].astype(X.dtype)
    directions, variances = _directions(centered)
    directions = directions[:, :MOST]
    largest = np.abs(directions).argmax(axis=0)
    directions = directions * np.sign(directions[largest, np.arange(directions.shape[1])])
    whole = float(variances.sum()) or 1.0
    return Components(mean, directions, variances[:MOST] / whole)


def _directions(centered: Array) -> tuple[Array, Array]:
    """Directions (n_x, k) and their variances (k,), by the smaller of two matrices."""
    n_x, m = centered.shape
    if n_x <= m:
        covariance = (centered @ centered.T).astype(np.float64) / m  # (n_x, n_x)
        directions, variances, _ = np.linalg.svd(covariance, hermitian=True)
        return directions, variances
    directions, singular, _ = np.linalg.svd(centered.astype(np.float64), full_matrices=False)
    return directions, singular**2 / m


_known: WeakKeyDictionary[Splits, Components] = WeakKeyDictionary()
_computing = threading.Lock()
