"""Evidence: what a run shows about the next remedy, beside its errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from engine.data import Dataset
from engine.training.history import History

LAST_PART = 4
"""The last quarter of the evaluations decides whether the cost still falls."""
STILL_FALLING = 0.05
"""A cost that loses a twentieth or more of itself in that part still falls."""
EARLIER = 0.75
"""The best dev evaluation lies early if less than this share of the epochs was done by then..."""
WORSE = 1.05
"""...and the dev cost has risen by a twentieth or more since."""

FAR = 10
"""Targets so many times larger or smaller than 1, or so many spreads from 0, are a trouble."""


class TargetSize(NamedTuple):
    """mean, spread: of the regression target that is farthest from numbers of size 1."""

    mean: float
    spread: float

    @classmethod
    def of(cls, train: Dataset) -> Self | None:
        """That of a training set, (n_y, m) in the units of the data; None for classes."""
        if train.targets.has_classes:
            return None
        Y = np.asarray(train.Y, np.float64)
        known = [y[~np.isnan(y)] for y in Y]
        sizes = [cls(float(y.mean()), float(y.std())) for y in known if y.size]
        return max(sizes, key=lambda size: size.distance, default=None)

    @property
    def distance(self) -> float:
        """How many times the target is too large, too small or too far from 0; 1 at best."""
        spread = self.spread or 1.0
        return max(spread, 1 / spread, abs(self.mean) / max(spread, 1.0))

    @property
    def is_far(self) -> bool:
        """Whether weights of the usual size take very long to get there."""
        return self.distance > FAR


@dataclass(frozen=True)
class Evidence:
    """still_falling: the training loss was on its way down when training ended. best_epoch: that
    of the lowest dev cost, where it lies well before the end, else None. stopped_early: whether a
    stop rule ended the run. picture: (channels, height, width) of examples that are pictures.
    more_data_helps: what the learning curve says of this project; None where none was drawn.
    targets: the size of a regression's targets, in the units of the data."""

    still_falling: bool = False
    best_epoch: int | None = None
    stopped_early: bool = False
    picture: tuple[int, int, int] | None = None
    more_data_helps: bool | None = None
    targets: TargetSize | None = None

    @classmethod
    def of(cls, history: History, learned: Dataset | None = None) -> Self:
        """Read off the evaluations; nothing is claimed from fewer than four of them. learned: the
        training set of the run, where it is at hand."""
        picture = learned.image_shape if learned else None
        targets = TargetSize.of(learned) if learned else None
        _, train = history.evaluated("train_cost")
        epoch, dev = history.evaluated("dev_cost")
        stopped = any(mark.kind == "early" for mark in history.marks)
        count = len(train)
        if count < LAST_PART:
            return cls(stopped_early=stopped, picture=picture, targets=targets)
        before = train[count - 1 - count // LAST_PART]
        falling = bool(before - train[-1] >= STILL_FALLING * abs(before) > 0)
        best = int(dev.argmin())
        early = epoch[best] < EARLIER * epoch[-1] and dev[-1] > WORSE * dev[best]
        best_epoch = int(epoch[best]) if early else None
        return cls(falling, best_epoch, stopped, picture, targets=targets)
