"""Batches: the training set, shuffled and cut into mini-batches epoch by epoch."""

from __future__ import annotations

import math

import numpy as np

from engine.data import Dataset
from engine.errors import DataError
from engine.network import Network
from engine.network.inputs import check_data
from engine.settings import TrainingSettings
from engine.streams import stream

Array = np.ndarray


class Examples:
    """One set of examples in the dtype of a network. Each example is contiguous in memory, and Y is
    scaled as the losses of the network need it.

    Raises DataError if it does not fit the network; `name` tells the sets apart.
    """

    def __init__(self, network: Network, data: Dataset, name: str) -> None:
        check_data(network, data, name)
        with np.errstate(over="ignore"):
            self.X: Array = np.asarray(data.X, network.dtype, order="F")
            self.Y: Array = _seen(network, data)
        if not np.isfinite(self.X).all() or np.isinf(self.Y).any():
            raise DataError(
                f"The {name} set holds values too large for {network.dtype}.",
                hint="Normalize the data, or train in float64.",
            )
        self.m = data.m


def _seen(network: Network, data: Dataset) -> Array:
    return np.asarray(network.loss_targets(data.Y, data.weights), network.dtype, order="F")


class Batches:
    """The position in the training set: the epoch, and how many of its examples are done.

    Shuffle and partition: every epoch has its own order, drawn only from the seed and the number of
    the epoch; the last batch is shorter if the size does not divide m. A full batch is not
    shuffled. seed: determines the order of the current epoch. Source: course 2, week 2.
    """

    def __init__(self, examples: Examples, settings: TrainingSettings) -> None:
        self.examples = examples
        self._whole = (np.ascontiguousarray(examples.X), np.ascontiguousarray(examples.Y))
        self._order: Array | None = None
        self.epoch = 0
        self.position = 0
        self._scheme = settings.streams
        self.adopt(settings)

    def adopt(self, settings: TrainingSettings) -> None:
        """Continue from the current position with another batch size (None: all at once).

        A new seed takes effect at the next epoch, so no example comes twice in the current one.
        """
        self.size = min(settings.batch_size or self.examples.m, self.examples.m)
        self._next_seed = settings.seed
        if self.position == 0:
            self.go_to(self.epoch, 0, settings.seed)

    @property
    def per_epoch(self) -> int:
        """Mini-batches in an epoch, including the shorter last one."""
        return math.ceil(self.examples.m / self.size)

    def smallest(self, size: int | None) -> int:
        """Examples in the smallest batch for this size: the last one of the current epoch, which
        continues from its position, or the last one of later epochs."""
        m = self.examples.m
        size = min(size or m, m)
        return min(left % size or size for left in (m, m - self.position))

    def peek(self) -> tuple[Array, Array]:
        """The next batch: X (n_x, batch), Y (n_y, batch). `advance` moves past it."""
        low = self.position
        high = min(low + self.size, self.examples.m)
        if low == 0 and high == self.examples.m:
            return self._whole
        if self._order is None:
            rng = stream(self.seed, "shuffle", self.epoch, self._scheme)
            self._order = rng.permutation(self.examples.m)
        chosen = self._order[low:high]
        # One example is contiguous in memory, so rows of the transposed array are gathered fast.
        X, Y = self.examples.X.T.take(chosen, axis=0), self.examples.Y.T.take(chosen, axis=0)
        return X.T, Y.T  # (n_x, batch), (n_y, batch)

    def advance(self, count: int) -> bool:
        """`count` examples are done; True at the end of an epoch."""
        self.position += count
        if self.position < self.examples.m:
            return False
        self.go_to(self.epoch + 1, 0, self._next_seed)
        return True

    def go_to(self, epoch: int, position: int, seed: int) -> None:
        """Continue from a saved position in the order that this seed gives the epoch."""
        self.epoch, self.position, self.seed, self._order = epoch, position, seed, None
