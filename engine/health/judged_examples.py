"""JudgedExamples: enough examples to call a unit dead or saturated.

A unit that is 0 for one example may fire for the next: with a batch size of 1, most ReLUs of a
healthy network are 0 for the whole mini-batch. So the units of small mini-batches are judged on
examples of the training set, in a pass of its own that changes nothing.
"""

from __future__ import annotations

import math

import numpy as np

from engine.network import Network

Array = np.ndarray

JUDGED = 256
"""Examples on which units are judged, or all of a smaller training set."""
LARGEST_SHARE = 0.1
"""Of the time between two measurements, for that pass."""


class JudgedExamples:
    """Examples spread evenly over a training set; none where a mini-batch has enough itself.

    X: (*shape, m) of the training set. batch: examples in a mini-batch. pass_per_step: how long a
    pass over the judged examples takes, in training steps. spacing: steps between measurements.
    """

    def __init__(self, X: Array, batch: int, pass_per_step: float, spacing: int) -> None:
        m = X.shape[-1]
        count = min(JUDGED, m)
        self.X: Array | None = None
        if batch < count:
            chosen = np.linspace(0, m - 1, count).round().astype(int)
            self.X = np.asfortranarray(X[..., chosen])
        self._every = max(1, math.ceil(pass_per_step / (LARGEST_SHARE * spacing)))

    def values(self, network: Network, measurement: int, batch: list[Array]) -> list[Array] | None:
        """What each part gives for them, by slot; None where this measurement goes without.

        measurement: counted from 0. A large network with tiny mini-batches is judged less often.
        batch: the same for the mini-batch, where that is large enough.
        """
        if self.X is None:
            return batch
        return None if measurement % self._every else network.forward(self.X).values
