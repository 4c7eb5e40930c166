"""RunDriver: begins, steps, and ends runs, on the training thread."""

from __future__ import annotations

import itertools
import traceback
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from engine import EngineError, Network, Trainer, TrainingError
from engine.files import TrainedModel
from engine.probes.moment import difference
from engine.project import Project, Sets, same_run
from engine.project.differences import Difference
from engine.project.runs import Run
from studio.running.current_run import CurrentRun
from studio.running.pace import Pace
from studio.running.run_clock import RunClock
from studio.running.run_state import State


class RunDriver(QObject):
    """Does what `Session` sends to its thread; others only read state, stale, run, and clock.

    give_way(): called after each step; waits while the window has work to do. stale: how the open
    project differs from the run (see `Moment.stale`), or "". The signals are those of Session.
    """

    state_changed = Signal(object)
    failed = Signal(str, str)
    stale_changed = Signal(bool)
    deferred_changed = Signal(object)
    run_recorded = Signal(object, int)

    def __init__(self, sets: Sets, give_way: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self.state = State.EMPTY
        self.stale = ""
        self.deferred: tuple[Difference, ...] = ()
        self.run: CurrentRun | None = None
        self.clock = RunClock()
        self.pace = Pace()
        self.owner = 0
        self._sets, self._give_way = sets, give_way
        self._versions = itertools.count()
        self._until_epoch = 0

    # What the thread calls.

    def train(self, nothing_waits: Callable[[], bool]) -> None:
        """Take steps until something waits, the run stops, or the next step is not due yet.

        What is looked up before the loop changes only through what is sent.
        """
        if not self.clock.ticking:
            return
        run, pace, give_way = self.need(), self.pace, self._give_way
        trainer, step, stepped = run.trainer, run.trainer.step, run.stepped
        unlimited = not pace.limited
        while nothing_waits() and (unlimited or not pace.seconds_left()):
            step()
            pace.stepped()
            stepped()
            if trainer.finished or (self._until_epoch and trainer.epoch >= self._until_epoch):
                self._note_scores()
                self._hold(State.FINISHED if trainer.finished else State.PAUSED)
                self.record()
                return
            give_way()

    def seconds_to_step(self) -> float | None:
        """Seconds until the next step is due; None if no run is on."""
        return self.pace.seconds_left() if self.clock.ticking else None

    def fail(self, error: Exception) -> None:
        """The run has failed; its record is kept."""
        self._hold(State.FAILED)
        self.failed.emit(*_explained(error))
        try:
            self.record()
        except Exception as another:
            self.failed.emit(*_explained(another))

    # What a person asks for.

    def play(self, project: Project) -> None:
        """Train to the end."""
        self._be_ready_for_a_step(project)
        self._run_to(0)

    def play_epoch(self, project: Project) -> None:
        """Train to the next end of an epoch."""
        self._be_ready_for_a_step(project)
        self._run_to(self.need().trainer.epoch + 1)

    def pause(self) -> None:
        """Pause, if a run is on."""
        if self.clock.ticking:
            self.need().mark("pause", "paused")
            self._note_scores()
            self._hold(State.PAUSED)
            self.record()

    def step(self, project: Project) -> None:
        """Train on one mini-batch, then pause."""
        self._be_ready_for_a_step(project)
        run = self.need()
        self.clock.start()
        run.trainer.step()
        self.pace.stepped()
        run.stepped()
        self._note_scores()
        self._enter(State.FINISHED if run.trainer.finished else State.PAUSED)
        self.record()

    def stop(self) -> None:
        """End the run."""
        if self.run is not None and self.state in (State.RUNNING, State.PAUSED):
            self.run.mark("stop", "stopped")
            self._note_scores()
            self._hold(State.STOPPED)
            self.record()

    def begin(self, project: Project) -> None:
        """Draw new weights for a new run."""
        self._prepare()
        data = self._sets.of(project).data
        network = Network(project.design, project.training, data=data)
        self._take(Trainer(network, data), project)
        self._enter(State.READY)

    def open(self, model: TrainedModel, known: Run | None = None) -> None:
        """Put a saved run in the place of this one. known: its record in the open project."""
        self._prepare()
        trainer = model.trainer(self._sets.of(model.project).data)
        self._take(trainer, model.project, known)
        if trainer.finished:
            self._enter(State.FINISHED)
        else:
            self._enter(State.PAUSED if trainer.iteration else State.READY)

    def clear(self) -> None:
        """Forget the run."""
        self.record()
        self._rest()
        self.run = None
        self._compare("")
        self._enter(State.EMPTY)

    def adopt(self, project: Project) -> None:
        """Adopt what can change during a run, and signal what cannot."""
        run = self.run
        self._compare(run.adopt(project) if run is not None else "")
        if self.state is State.FINISHED and run is not None and not run.trainer.finished:
            self._enter(State.PAUSED)

    def set_aside(self, project: Project) -> None:
        """Signal that the open project, which cannot run, is not the one being trained."""
        if self.run is not None and not same_run(project, self.run.project):
            self._compare(difference(project, self.run.project))

    def record(self) -> None:
        """Signal the record of the run, if it is new."""
        if self.run is not None:
            found = self.run.record(self.state)
            if found is not None:
                self.run_recorded.emit(found, self.run.owner)

    def need(self) -> CurrentRun:
        """The run. Raises TrainingError if there is none."""
        if self.run is None:
            raise TrainingError("There is no run yet.", hint="Press Play.")
        return self.run

    # Helpers.

    def _be_ready_for_a_step(self, project: Project) -> None:
        """Continue the run, or begin a new one if it is over or does not fit the project."""
        if self.run is not None:
            self.adopt(project)
        over = self.state in (State.STOPPED, State.FAILED)
        if self.run is None or self.stale or over or self.run.trainer.finished:
            self.begin(project)
        elif not self.clock.ticking:
            self.run.use_threads()

    def _run_to(self, epoch: int) -> None:
        """Train until this many epochs are done; 0: to the end."""
        if not self.clock.ticking:
            self.pace.begin()
        self.clock.start()
        self._until_epoch = epoch
        self._enter(State.RUNNING)

    def _prepare(self) -> None:
        self.record()
        self._rest()
        self._enter(State.PREPARING)

    def _take(self, trainer: Trainer, project: Project, known: Run | None = None) -> None:
        self.run = CurrentRun(trainer, project, self.owner, self._versions, known)
        self.clock = RunClock()
        self._compare("")

    def _compare(self, stale: str) -> None:
        """Signal how the open project differs from the run: see `Moment.stale` and `deferred`."""
        before, self.stale = self.stale, stale
        if bool(stale) != bool(before):
            self.stale_changed.emit(bool(stale))
        deferred = self.run.deferred if self.run is not None else ()
        if deferred != self.deferred:
            self.deferred = deferred
            self.deferred_changed.emit(deferred)

    def _hold(self, state: State) -> None:
        self._rest()
        self._enter(state)

    def _note_scores(self) -> None:
        """Evaluate when the run pauses, so that its scores are those of its weights."""
        self._rest()
        self.need().trainer.note_scores()

    def _rest(self) -> None:
        self.clock.stop()
        self._until_epoch = 0

    def _enter(self, state: State) -> None:
        self.state = state
        self.state_changed.emit(state)


def _explained(error: Exception) -> tuple[str, str]:
    """A whole sentence, and the layer at fault or ""."""
    if isinstance(error, EngineError):
        return str(error), error.node or ""
    if isinstance(error, MemoryError):
        return "There is not enough memory for this run. Use fewer units or a smaller batch.", ""
    traceback.print_exception(error)  # a fault of the program: the terminal has the details
    return f"An internal error ended the run: {type(error).__name__}: {error}.", ""
