"""Evidence: what a run shows about the next remedy, beside its errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from engine.training.history import History

LAST_PART = 4
"""The last quarter of the evaluations decides whether the cost still falls."""
STILL_FALLING = 0.05
"""A cost that loses a twentieth or more of itself in that part still falls."""
EARLIER = 0.75
"""The best dev evaluation lies early if less than this share of the epochs was done by then..."""
WORSE = 1.05
"""...and the dev cost has risen by a twentieth or more since."""


@dataclass(frozen=True)
class Evidence:
    """still_falling: the training loss was on its way down when training ended. best_epoch: that
    of the lowest dev cost, where it lies well before the end, else None. stopped_early: whether a
    stop rule ended the run. picture: (channels, height, width) of examples that are pictures.
    more_data_helps: what the learning curve says of this project; None where none was drawn."""

    still_falling: bool = False
    best_epoch: int | None = None
    stopped_early: bool = False
    picture: tuple[int, int, int] | None = None
    more_data_helps: bool | None = None

    @classmethod
    def of(cls, history: History, picture: tuple[int, int, int] | None = None) -> Self:
        """Read off the evaluations; nothing is claimed from fewer than four of them."""
        _, train = history.evaluated("train_cost")
        epoch, dev = history.evaluated("dev_cost")
        stopped = any(mark.kind == "early" for mark in history.marks)
        count = len(train)
        if count < LAST_PART:
            return cls(stopped_early=stopped, picture=picture)
        before = train[count - 1 - count // LAST_PART]
        falling = bool(before - train[-1] >= STILL_FALLING * abs(before) > 0)
        best = int(dev.argmin())
        early = epoch[best] < EARLIER * epoch[-1] and dev[-1] > WORSE * dev[best]
        return cls(falling, int(epoch[best]) if early else None, stopped, picture)
