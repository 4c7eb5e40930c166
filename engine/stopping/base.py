"""The contract of a stop rule: when a run ends before its last epoch, and which weights it keeps.

To add one, put a class into a file of this package: menus, files and tests find it by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from engine.spec import Family


class StopRule(Family):
    """Base of all stop rules; its functions let a run go on to its last epoch."""

    @property
    def watches(self) -> bool:
        """Whether the best weights must be kept."""
        return False

    @property
    def watched_output(self) -> str | None:
        """The one output whose figures decide; None for those of the network as a whole."""
        return None

    def with_renamed_output(self, old: str, new: str) -> Self:
        """The rule after an output has got another name."""
        return self

    @property
    def needs_train_set(self) -> bool:
        """Whether its evaluations need the training set; the dev set alone costs less."""
        return False

    def improves(self, new: Mapping[str, float], best: Mapping[str, float]) -> bool:
        """Whether an evaluation (see History.evaluations) beats the best one before it."""
        return True

    def ends(self, new: Mapping[str, float], best: Mapping[str, float]) -> bool:
        """Whether the run is over after an evaluation that did not improve."""
        return False


class LastEpoch(StopRule):
    """The run goes on to its last epoch and keeps its last weights."""

    title = "After the last epoch"
