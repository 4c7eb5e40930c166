"""CurrentRun: the trainer at work, with the project as it is in force in the run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from engine import EngineError, Trainer, TrainingError
from engine.doctor import with_measures
from engine.files import TrainedModel
from engine.probes.moment import difference
from engine.probes.snapshot import Origin, Snapshot
from engine.project import Project, same_data, same_run
from engine.project.differences import Difference, differences
from engine.project.runs import Run
from engine.training.history import Mark
from engine.training.threads import use_threads_for
from studio.model.recovery_file import RunCopy
from studio.running.change_marks import ChangeMarks
from studio.running.run_recorder import RunRecorder
from studio.running.run_state import AT_REST, State, iterations_of


class AtWork(NamedTuple):
    """What the window may look at at any time: it is replaced as one value.

    run: the key of the run. version: how often design or settings have changed in mid-run.
    """

    trainer: Trainer
    project: Project
    run: str
    version: int

    @property
    def origin(self) -> Origin:
        """Where the run stands now, for pictures that are made from it."""
        history, iteration, epoch = self.trainer.history, -1, 0
        while iteration != len(history):  # a step may end meanwhile
            iteration, epoch = len(history), self.trainer.epoch
        return Origin(self.run, iteration, epoch, self.version, self.project, history.weights_of)


class CurrentRun:
    """Changed on the training thread only; others read `at_work` and plain values.

    project: as it is in force now. begun: as it was when the weights were drawn. owner: see
    `RunRecorder`. versions: numbers that no run of the session had before. known: the record of a
    run that goes on. deferred: settings that wait for Rewind, because they only matter when weights
    are drawn. iterations: of the whole run.
    """

    def __init__(
        self,
        trainer: Trainer,
        project: Project,
        owner: int,
        versions: Iterator[int],
        known: Run | None = None,
    ) -> None:
        self.trainer, self.project, self.begun = trainer, project, project
        self.deferred: tuple[Difference, ...] = ()
        self._recorder, self._changes = RunRecorder(owner, project, known), ChangeMarks()
        self._versions = versions
        self._version = next(versions)
        self.use_threads()
        self._publish()

    @property
    def owner(self) -> int:
        """The number of the opened project that it belongs to."""
        return self._recorder.owner

    @property
    def as_trained(self) -> Project:
        """The project that gives this run again: with the initializers that drew its weights."""
        return self.project.drawn_like(self.begun)

    def use_threads(self) -> None:
        """As many as suit the network; a race may have used another number in the meantime."""
        use_threads_for(self.trainer.network, self.trainer.batch_size)

    def stepped(self) -> None:
        """The trainer has made a step with the project in force."""
        self._recorder.stepped(self.project)

    def adopt(self, project: Project) -> str:
        """Take over what can change in mid-run, from the next step on.

        Returns what cannot be taken over (see `Moment.stale`); then the run goes on as before.
        """
        trainer, old = self.trainer, self.project
        if same_run(project, old):
            self.project = project
            self._publish()
            return ""
        if not same_data(project, old) or project.training.seed != old.training.seed:
            return difference(project, old)
        deferred = tuple(d for d in differences(self.begun, project) if d.at_start)
        if deferred and not trainer.iteration:  # nothing is lost by drawing the weights again
            return difference(project, old)
        try:
            trainer.adopt(project.training, project.design)
        except EngineError:
            return difference(project, old)
        self.project, self.deferred, self._version = project, deferred, next(self._versions)
        self._publish()
        if trainer.iteration:
            self._changes.add(trainer.history, old, project)
        return ""

    def mark(self, kind: str, text: str) -> None:
        """Put an event into the history at the present iteration."""
        self.trainer.history.marks.append(Mark(self.trainer.iteration, kind, text))

    def record(self, state: State) -> Run | None:
        """What the project keeps of the run; None where there is nothing new."""
        trainer = self.trainer
        run = self._recorder.record(trainer.history, _at_rest(state))
        return None if run is None else with_measures(run, trainer.network, trainer.data.dev)

    def copy(self, state: State) -> RunCopy:
        """The run with its weights. Raises TrainingError where no step was made."""
        record = self._recorder.as_it_stands(self.trainer.history, _at_rest(state))
        if record is None:
            raise TrainingError("No step has been taken yet.", hint="Press Play.")
        return RunCopy(TrainedModel.of(self.as_trained, self.trainer), record)

    def snapshot(self) -> Snapshot:
        """A copy of the weights as they are now."""
        return Snapshot.of(self.trainer, self.at_work.origin)

    def _publish(self) -> None:
        """Let moments tell of the run as it is from now on."""
        self.iterations = iterations_of(self.trainer)
        self.at_work = AtWork(self.trainer, self.project, self._recorder.key, self._version)


def _at_rest(state: State) -> str:
    """A run that is recorded while it continues counts as stopped."""
    return str(state if state in AT_REST else State.STOPPED)
