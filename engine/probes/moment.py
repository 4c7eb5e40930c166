"""Moment: a run as it stood after one iteration, which is all that a view is given.

The newest moment is "live"; a replay hands out older ones, and nothing in a view changes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field

from engine.errors import TrainingError
from engine.probes.snapshot import NOWHERE, Origin, Snapshot
from engine.project import Project, same_data
from engine.project.sets import is_test_set_open
from engine.training.history import PER_EVALUATION, History

DESIGN, DATA, SEED = "design", "data", "seed"
"""What the open project may have otherwise than the run."""


@dataclass(frozen=True, eq=False)
class Moment:
    """origin: the run, its iteration, and the project as it was in force. history: of the run up to
    there; that of a live run may have grown by a few iterations since. state: what the run is
    doing, such as "running" or "paused". epochs, iterations: of the whole run, as far as its
    settings tell. seconds: of training, without pauses. stale: what the open project has otherwise
    than the run (DESIGN, DATA or SEED), or "".
    """

    origin: Origin = NOWHERE
    history: History | None = None
    state: str = "empty"
    epochs: int = 0
    iterations: int = 0
    seconds: float = 0.0
    stale: str = ""
    live: bool = True
    _take: Callable[[Moment], Future[Snapshot]] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, snapshot: Snapshot, history: History) -> Moment:
        """An older moment, as a replay hands it out. history: of the whole run, or longer."""
        taken: Future[Snapshot] = Future()
        taken.set_result(snapshot)
        return cls(
            snapshot.origin,
            history.until(snapshot.iteration),
            "paused",
            live=False,
            _take=lambda _moment: taken,
        )

    @property
    def run(self) -> str:
        """The key of the run; "" before there is one."""
        return self.origin.run

    @property
    def iteration(self) -> int:
        """Steps that are done."""
        return self.origin.iteration

    @property
    def epoch(self) -> int:
        """Epochs that are complete."""
        return self.origin.epoch

    @property
    def project(self) -> Project | None:
        """The project as it is in force in the run."""
        return self.origin.project

    @property
    def data_kind(self) -> tuple[str, tuple[int, ...]] | None:
        """Source and shape of the run's data; None before there is a run. A plane that was chosen
        for other data has no meaning for these."""
        source = self.project.data.source if self.project is not None else None
        return (source.kind, source.fit().shape) if source is not None else None

    @property
    def test_is_open(self) -> bool:
        """Whether views may show the test set: it was opened on record."""
        return self.project is not None and is_test_set_open(self.project)

    @property
    def running(self) -> bool:
        """Whether the run makes steps, so that the next moment is near."""
        return self.state == "running"

    @property
    def can_be_seen(self) -> bool:
        """Whether there are weights to look at: not while data are loaded and weights drawn."""
        return self.history is not None and self.state != "preparing"

    @property
    def news(self) -> Hashable:
        """Equal for two moments between which nothing has changed that a view could show."""
        history = self.history
        if history is None:
            return self.state, self.stale
        evaluations = len(history.evaluations[PER_EVALUATION[-1]])
        events = len(history.marks) + len(history.alarms)
        opened = len(self.project.openings) if self.project is not None else 0
        key = self.origin.key
        return key, len(history), evaluations, events, opened, self.state, self.stale

    def snapshot(self) -> Future[Snapshot]:
        """The weights, copied between two steps. Taken only if somebody asks, and then once; that
        of a live run may be a few iterations younger than the moment: its origin says which."""
        if self._take is not None:
            return self._take(self)
        refused: Future[Snapshot] = Future()
        refused.set_exception(TrainingError("There is no run yet.", hint="Press Play."))
        return refused


def difference(project: Project, run: Project) -> str:
    """What a project has otherwise than that of a run which cannot take it over."""
    if not same_data(project, run):
        return DATA
    return SEED if project.training.seed != run.training.seed else DESIGN
