"""CurrentRun: the trainer, with the project that it currently follows."""

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
    """What the window may read at any time: it is replaced as one value.

    run: the key of the run. version: changes with each change of design or settings during the run.
    """

    trainer: Trainer
    project: Project
    run: str
    version: int

    @property
    def origin(self) -> Origin:
        """The current position of the run, for pictures made from it."""
        history, iteration, epoch = self.trainer.history, -1, 0
        while iteration != len(history):  # a step may end meanwhile
            iteration, epoch = len(history), self.trainer.epoch
        return Origin(self.run, iteration, epoch, self.version, self.project, history.weights_of)


class CurrentRun:
    """Changed on the training thread only; others read `at_work` and plain values.

    project: the one that the run follows now. begun: as it was when the weights were drawn. owner:
    see `RunRecorder`. versions: numbers not used before in this session. known: the record of a
    resumed run. deferred: settings that wait for Rewind, because they only matter when weights are
    drawn. iterations: of the whole run.
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
        """The number of the opened project that the run belongs to."""
        return self._recorder.owner

    @property
    def as_trained(self) -> Project:
        """The project that would repeat this run, with the initializers that drew its weights."""
        return self.project.drawn_like(self.begun)

    def use_threads(self) -> None:
        """Use as many threads as suit the network; a race may have changed the number."""
        use_threads_for(self.trainer.network, self.trainer.batch_size)

    def stepped(self) -> None:
        """The trainer has taken a step with the current project."""
        self._recorder.stepped(self.project)

    def adopt(self, project: Project) -> str:
        """Adopt what can change during a run; it takes effect at the next step.

        Returns what cannot be adopted (see `Moment.stale`); then the run continues unchanged.
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
        """Add an event to the history at the current iteration."""
        self.trainer.history.marks.append(Mark(self.trainer.iteration, kind, text))

    def record(self, state: State) -> Run | None:
        """The record of the run for the project; None if there is nothing new."""
        trainer = self.trainer
        run = self._recorder.record(trainer.history, _at_rest(state))
        return None if run is None else with_measures(run, trainer.network, trainer.data.dev)

    def copy(self, state: State) -> RunCopy:
        """The run with its weights. Raises TrainingError if no step was taken."""
        record = self._recorder.as_it_stands(self.trainer.history, _at_rest(state))
        if record is None:
            raise TrainingError("No step has been taken yet.", hint="Press Play.")
        return RunCopy(TrainedModel.of(self.as_trained, self.trainer), record)

    def snapshot(self) -> Snapshot:
        """A copy of the weights as they are now."""
        return Snapshot.of(self.trainer, self.at_work.origin)

    def _publish(self) -> None:
        """Make the current state visible to moments."""
        self.iterations = iterations_of(self.trainer)
        self.at_work = AtWork(self.trainer, self.project, self._recorder.key, self._version)


def _at_rest(state: State) -> str:
    """A run that is recorded while it continues counts as stopped."""
    return str(state if state in AT_REST else State.STOPPED)
