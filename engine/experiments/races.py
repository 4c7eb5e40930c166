"""Race: variants of a project, trained in lock-step from the same seed and the same data.

    race = Race([Entry("A", project), Entry("B", other)])
    while not race.over:
        race.round()                  # one mini-batch for each variant

Only the thread that makes the rounds may change the lanes; others look at them between two rounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.data import Splits
from engine.errors import EngineError
from engine.network import Network
from engine.project import Project
from engine.training import Trainer


class RaceEntry(NamedTuple):
    """A variant: how it is called, and the whole project as it will be trained."""

    title: str
    project: Project


class RaceLane:
    """One variant on its way. failure: why it does not go on, in a sentence, or ""."""

    def __init__(self, entry: RaceEntry, trainer: Trainer) -> None:
        self.entry, self.trainer = entry, trainer
        self.failure = ""

    @property
    def over(self) -> bool:
        """Whether it makes no more steps."""
        return bool(self.failure) or self.trainer.finished

    def step(self) -> None:
        """One mini-batch; a lane that breaks lets the others go on."""
        try:
            self.trainer.step()
        except EngineError as error:
            self.failure = str(error)


class Race:
    """The lanes of all entries, at iteration 0 at first.

    data: those of the entries, which all train on the same; built from the first one by default.
    Raises as data and networks do.
    """

    def __init__(self, entries: Sequence[RaceEntry], data: Splits | None = None) -> None:
        data = data or entries[0].project.build_data()
        self.lanes = tuple(RaceLane(entry, _trainer(entry.project, data)) for entry in entries)

    @property
    def over(self) -> bool:
        """Whether no lane makes any more steps."""
        return all(lane.over for lane in self.lanes)

    @property
    def largest(self) -> Trainer:
        """The one with the most parameters, which the number of threads has to suit."""
        return max((lane.trainer for lane in self.lanes), key=lambda t: t.network.theta.size)

    def round(self) -> None:
        """One mini-batch for each lane that is not over."""
        for lane in self.lanes:
            if not lane.over:
                lane.step()


def _trainer(project: Project, data: Splits) -> Trainer:
    return Trainer(Network(project.design, project.training, data=data), data)
