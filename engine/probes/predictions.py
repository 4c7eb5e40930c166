"""Judged: what a network says of every example of a set, ready to be counted. No Qt."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from engine.data import Dataset, Splits
from engine.metrics import Cells, ThresholdSweep, cells, sweep
from engine.probes.example_pictures import picture_shape, pixels_of
from engine.probes.private_pass import own_network
from engine.probes.snapshot import Snapshot
from engine.targets import Targets

Array = np.ndarray

MOST_DRAWN = 500
"""Thresholds on the curves."""


class MetricsWish(NamedTuple):
    """part: "dev" or "train". label: which one of a multi-label task."""

    part: str = "dev"
    label: int = 0


class Judged:
    """One set, with predictions P: (n_y, m). What cannot be counted has no classes.

    One output, or one label of several, is decided by a threshold.
    """

    def __init__(
        self, P: Array, targets: Targets, data: Splits, part: Dataset, label: int = 0
    ) -> None:
        self.P, self.targets, self.data, self.part = P, targets, data, part
        self.label = label if targets.separate else 0
        self.picture: tuple[int, int, int] | None = None
        self.iteration = 0
        if self.has_threshold:
            self._sort()
        elif self.classes:
            self._cells: Cells = cells(P, part.Y, task=targets.kind)

    @classmethod
    def of(cls, snapshot: Snapshot, wish: MetricsWish) -> Judged:
        """Predict a set; runs on a background thread."""
        network = own_network(snapshot)
        part = snapshot.data.train if wish.part == "train" else snapshot.data.dev
        judged = cls(
            network.predict_first(part.X), network.task.targets, snapshot.data, part, wish.label
        )
        judged.picture = picture_shape(network, part)
        judged.iteration = snapshot.iteration
        return judged

    @property
    def is_train(self) -> bool:
        """Whether this is the training set."""
        return self.part is self.data.train

    @property
    def has_threshold(self) -> bool:
        """Whether a threshold decides."""
        return self.targets.has_threshold

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that exclude each other; none for a regression."""
        if self.targets.separate:
            name = self.part.classes[self.label]
            return f"not {name}", name
        return self.part.classes

    @cached_property
    def curves(self) -> ThresholdSweep:
        """Precision and recall at every threshold."""
        row = slice(self.label, self.label + 1)
        return sweep(self.P[row], self.part.Y[row])

    @cached_property
    def drawn(self) -> ThresholdSweep:
        """The same at fewer thresholds, for drawing."""
        return self.curves.thinned(MOST_DRAWN)

    def matrix(self, threshold: float) -> Array:
        """(classes, classes): true classes are rows. Cheap at any threshold."""
        if not self.has_threshold:
            return self._cells.matrix
        rows = []
        for sorted_p in (self._negative, self._positive):
            below = int(np.searchsorted(sorted_p, threshold, side="left"))
            rows.append([below, len(sorted_p) - below])
        return np.array(rows)

    def examples(self, true: int, called: int, threshold: float) -> Array:
        """The examples in one cell, those that the network is surest about in front."""
        if self.has_threshold:
            decided = self._p >= threshold
            found = np.flatnonzero((self._y == true) & (decided == bool(called)))
            sureness = self._p[found] if called else -self._p[found]
        else:
            found = self._cells.examples(true, called)
            sureness = self.P[called, found]
        return found[np.argsort(-sureness, kind="stable")]

    def probability(self, example: int, called: int) -> float:
        """Of the class that an example was taken for."""
        if not self.has_threshold:
            return float(self.P[called, example])
        p = float(self._p[example])
        return p if called else 1 - p

    def pixels(self, numbers: Array) -> Array | None:
        """(n, height, width, channels) of examples that are pictures."""
        if self.picture is None:
            return None
        return pixels_of(self.data, self.part, numbers, self.picture)

    def features(self, numbers: Array) -> Array:
        """(n_x, n) in the units of the data."""
        X = self.part.X[:, numbers]
        normalization = self.data.normalization
        return X if normalization is None else normalization.undo(X)

    def _sort(self) -> None:
        self._p = np.asarray(self.P[self.label], np.float64)
        self._y = np.asarray(self.part.Y[self.label], np.float64)
        self._negative, self._positive = (np.sort(self._p[self._y == value]) for value in (0, 1))
