"""Session: the run. It owns the training thread, its trainer and its History.

The thread does one thing at a time: commands first, then a step if it is running. What happens
rarely (a state, a failure) is a signal; what happens at each step a timer reads from `history`.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from engine import EngineError, Network, Trainer, TrainingError
from engine.doctor import with_measures
from engine.files import TrainedModel
from engine.probes.moment import Moment, difference
from engine.probes.snapshot import Origin, Snapshot
from engine.project import Project, Sets, same_data, same_run
from engine.project.differences import Difference, differences
from engine.project.runs import Run
from engine.training.history import History, Mark
from engine.training.threads import use_threads_for
from studio.model.recovery_file import RunCopy
from studio.running.change_marks import ChangeMarks
from studio.running.pace import Pace
from studio.running.priority_gate import Gate
from studio.running.run_recorder import RunRecorder
from studio.running.run_state import AT_REST, Progress, State, iterations_of
from studio.running.shared_snapshot import SharedSnapshot

__all__ = ["Progress", "Session", "State"]

THREAD_NAME = "training"
"""A daemon, so that a failure while the window is being made does not keep the process alive."""


class AtWork(NamedTuple):
    """The run that is on, replaced as one value: the window may look at any time."""

    trainer: Trainer
    project: Project
    run: str
    version: int


class Session(QObject):
    """Start, pause, step and stop a run; every method returns at once.

    state_changed(state): a State. failed(message, node): whole sentences; node may be "".
    stale_changed(stale): True while the open design is not the one that is being trained.
    deferred_changed(differences): the settings of the open project that this run cannot take over
    any more, because they only matter when weights are drawn; empty when there are none.
    run_recorded(run, owner): a Run came to rest or makes room for another one; owner: the value of
    `change_owner` when it began.
    """

    state_changed = Signal(object)
    failed = Signal(str, str)
    stale_changed = Signal(bool)
    deferred_changed = Signal(object)
    run_recorded = Signal(object, int)

    def __init__(self, parent: QObject | None = None, sets: Sets | None = None) -> None:
        """sets: builds the data; shared with the views of the same project."""
        super().__init__(parent)
        self.sets = sets or Sets()
        self.state = State.EMPTY
        self.history: History | None = None
        self.stale, self._stale_in = False, ""
        self.deferred: tuple[Difference, ...] = ()
        self._begun: Project | None = None
        self._project: Project | None = None
        self._trainer: Trainer | None = None
        self._running = False
        self._until_epoch = 0
        self._iterations = 0
        self._seconds, self._resumed_at = 0.0, 0.0
        self._pace = Pace()
        self._owner, self._version = 0, 0
        self._at_work: AtWork | None = None
        self._shared = SharedSnapshot(self.snapshot)
        self._recorder, self._changes = RunRecorder(0), ChangeMarks()
        self._commands: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._gate = Gate(self)
        self._thread = threading.Thread(target=self._work, name=THREAD_NAME, daemon=True)
        self._thread.start()

    # Called on the GUI thread.

    def play(self, project: Project) -> None:
        """Train: go on where the run stands, or begin anew if it ended or its design changed."""
        self._send(lambda: self._play(project))

    def pause(self) -> None:
        """Hold after the step at work."""
        self._send(self._pause)

    def step(self, project: Project) -> None:
        """Train on exactly one mini-batch, then hold."""
        self._send(lambda: self._step_once(project))

    def step_epoch(self, project: Project) -> None:
        """Train to the next end of an epoch, then hold."""
        self._send(lambda: self._play_epoch(project))

    def limit_speed(self, steps_per_second: float | None) -> None:
        """Train at most so fast, for demonstrations; None: as fast as possible."""
        self._send(lambda: self._pace.limit(steps_per_second))

    def stop(self) -> None:
        """End the run; its weights stay until the next one begins."""
        self._send(self._stop)

    def rewind(self, project: Project) -> None:
        """Back to the initial weights of the project's seed; the curves begin anew."""
        self._send(lambda: self._begin(project))

    def adopt(self, project: Project) -> None:
        """The project changed: take over what can change in mid-run, from the next step on."""
        self._send(lambda: self._adopt(project))

    def set_aside(self, project: Project) -> None:
        """The project changed, and cannot run: what the run shows is not about it."""
        self._send(lambda: self._set_aside(project))

    def open_model(self, model: TrainedModel) -> None:
        """Put a saved run in the place of this one, ready to go on."""
        self._send(lambda: self._open(model))

    def resume(self, load: Callable[[], TrainedModel], record: Run, project: Project) -> None:
        """Go on with a run that `record` of the open project tells of; load: on the run's thread,
        gives its weights."""
        self._send(lambda: self._resume(load, record, project))

    def clear(self) -> None:
        """Forget the run, as for a design that cannot run."""
        self._send(self._clear)

    def change_owner(self, owner: int) -> None:
        """Runs that begin from now on belong to another project: see `run_recorded`."""
        self._send(lambda: self._change_owner(owner))

    def record(self) -> Future[Any]:
        """Tell the run as it stands by `run_recorded`; the future ends when that is sent."""
        return self.call(lambda _trainer: self._record())

    def call(self, work: Callable[[Trainer], Any]) -> Future[Any]:
        """Run `work` with the trainer on its thread, between two steps; the result is a Future,
        cancelled where the thread has ended."""
        future: Future[Any] = Future()
        if not self._thread.is_alive():
            future.cancel()
            return future
        self._send(lambda: self._fulfil(future, work))
        return future

    @property
    def progress(self) -> Progress:
        """Where the run stands now."""
        trainer = self._trainer
        if trainer is None:
            return Progress()
        seconds = self._seconds + (time.perf_counter() - self._resumed_at if self._running else 0)
        epochs = trainer.settings.epochs
        return Progress(trainer.iteration, trainer.epoch, epochs, self._iterations, seconds)

    def snapshot(self) -> Future[Snapshot]:
        """A copy of the weights as they are when the training thread comes to it."""
        return self.call(self._snapshot)

    @property
    def position(self) -> tuple[str, int]:
        """The key of the run, and how many steps were made."""
        at_work = self._at_work
        return ("", 0) if at_work is None else (at_work.run, at_work.trainer.iteration)

    def copy_of_run(self) -> Future[RunCopy]:
        """The run with its weights, between two steps; fails where none was made."""
        return self.call(self._copy_run)

    def moment(self) -> Moment:
        """The run as it is now, for views."""
        at_work, progress = self._at_work, self.progress
        stale = self._stale_in if self.stale else ""
        if at_work is None:
            return Moment(state=self.state)
        return Moment(
            _origin(at_work),
            at_work.trainer.history,
            self.state,
            progress.epochs,
            progress.iterations,
            progress.seconds,
            stale,
            _take=self._shared.of,
        )

    @property
    def stopped_early(self) -> bool:
        """Whether the run was ended by its stop rule."""
        trainer = self._trainer
        return trainer is not None and trainer.stopped_early

    @property
    def project_in_training(self) -> Project | None:
        """The open project as the run goes on with it; see `deferred` for what waits for Rewind."""
        return self._project

    @property
    def project_as_trained(self) -> Project | None:
        """The project that gives this run again: with the initializers that drew its weights."""
        project, begun = self._project, self._begun
        return project if project is None or begun is None else project.drawn_like(begun)

    def close(self) -> None:
        """End the thread; returns when it has ended."""
        if self._thread.is_alive():
            self._gate.release()
            self._send(None)
            self._thread.join()

    def _send(self, command: Callable[[], None] | None) -> None:
        self._commands.put(command)

    # Everything below runs on the training thread.

    def _work(self) -> None:
        while True:
            self._guarded(self._train)
            try:
                command = self._next_command()
            except queue.Empty:
                continue
            if command is None:
                return
            self._guarded(command)

    def _train(self) -> None:
        """Step after step, until a command waits, the run rests, or the pace asks for a break.

        Only commands change what is looked up before the loop.
        """
        if not self._running:
            return
        trainer, alone, pace = self._need(), self._commands.empty, self._pace
        step, give_way, recorder, project = (
            trainer.step,
            self._gate.wait,
            self._recorder,
            self._project,
        )
        assert project is not None
        unlimited = not pace.limited
        while alone() and (unlimited or not pace.seconds_left()):
            step()
            pace.stepped()
            recorder.stepped(project)
            if trainer.finished or (self._until_epoch and trainer.epoch >= self._until_epoch):
                self._note_scores()
                self._hold(State.FINISHED if trainer.finished else State.PAUSED)
                self._record()
                return
            give_way()

    def _next_command(self) -> Callable[[], None] | None:
        """Waits for one while nothing runs, or until the next step is due: then it raises
        queue.Empty."""
        if not self._running:
            return self._commands.get()
        left = self._pace.seconds_left()
        return self._commands.get(timeout=left) if left else self._commands.get_nowait()

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # the edge: whatever fails, the window must live and say why
            self._hold(State.FAILED)
            self.failed.emit(*_explain(error))
            self._guarded(self._record)

    def _make_step(self) -> Trainer:
        trainer = self._need()
        trainer.step()
        self._pace.stepped()
        assert self._project is not None
        self._recorder.stepped(self._project)
        return trainer

    def _play(self, project: Project) -> None:
        self._be_ready_for_a_step(project)
        self._run_to(0)

    def _play_epoch(self, project: Project) -> None:
        self._be_ready_for_a_step(project)
        self._run_to(self._need().epoch + 1)

    def _be_ready_for_a_step(self, project: Project) -> None:
        """Go on where the run stands, or begin anew."""
        if not self._can_go_on(project) or self._need().finished:
            self._begin(project)
        if not self._running:  # a race may have used other numbers of threads meanwhile
            trainer = self._need()
            use_threads_for(trainer.network, trainer.batch_size)

    def _run_to(self, epoch: int) -> None:
        """Make steps until so many epochs are done; 0: to the end."""
        if not self._running:
            self._resumed_at = time.perf_counter()
            self._pace.begin()
        self._until_epoch = epoch
        self._running = True
        self._enter(State.RUNNING)

    def _pause(self) -> None:
        if self._running:
            self._mark("pause", "paused")
            self._note_scores()
            self._hold(State.PAUSED)
            self._record()

    def _step_once(self, project: Project) -> None:
        self._be_ready_for_a_step(project)
        self._stop_clock()
        started = time.perf_counter()
        trainer = self._make_step()
        self._seconds += time.perf_counter() - started
        self._note_scores()
        self._enter(State.FINISHED if trainer.finished else State.PAUSED)
        self._record()

    def _stop(self) -> None:
        if self._trainer is not None and self.state in (State.RUNNING, State.PAUSED):
            self._mark("stop", "stopped")
            self._note_scores()
            self._hold(State.STOPPED)
            self._record()

    def _begin(self, project: Project) -> None:
        self._record()
        self._running = False
        self._enter(State.PREPARING)
        data = self.sets.of(project).data
        network = Network(project.design, project.training, data=data)
        self._take(Trainer(network, data), project)
        self._enter(State.READY)

    def _resume(self, load: Callable[[], TrainedModel], record: Run, project: Project) -> None:
        self._open(load(), record)
        self._adopt(project)

    def _open(self, model: TrainedModel, record: Run | None = None) -> None:
        self._record()
        self._running = False
        self._enter(State.PREPARING)
        trainer = model.trainer(self.sets.of(model.project).data)
        self._take(trainer, model.project, record)
        if trainer.finished:
            self._enter(State.FINISHED)
        else:
            self._enter(State.PAUSED if trainer.iteration else State.READY)

    def _clear(self) -> None:
        self._record()
        self._running = False
        self._trainer = self._project = self._begun = self.history = self._at_work = None
        self._set_stale("")
        self._defer(())
        self._enter(State.EMPTY)

    def _take(self, trainer: Trainer, project: Project, record: Run | None = None) -> None:
        use_threads_for(trainer.network, trainer.batch_size)
        self._trainer, self._project, self._begun = trainer, project, project
        self.history = trainer.history
        self._recorder, self._changes = RunRecorder(self._owner, project, record), ChangeMarks()
        self._seconds = 0.0
        self._iterations = iterations_of(trainer)
        self._publish()
        self._set_stale("")
        self._defer(())

    def _publish(self) -> None:
        """Let moments tell of the run as it is from now on."""
        assert self._trainer is not None and self._project is not None
        self._at_work = AtWork(self._trainer, self._project, self._recorder.key, self._version)

    def _copy_run(self, trainer: Trainer) -> RunCopy:
        record = self._recorder.as_it_stands(trainer.history, self._state_at_rest())
        project = self.project_as_trained
        if record is None or project is None:
            raise TrainingError("No step has been taken yet.", hint="Press Play.")
        return RunCopy(TrainedModel.of(project, trainer), record)

    def _state_at_rest(self) -> str:
        return str(self.state if self.state in AT_REST else State.STOPPED)

    def _snapshot(self, trainer: Trainer) -> Snapshot:
        assert self._at_work is not None
        return Snapshot.of(trainer, _origin(self._at_work))

    def _adopt(self, project: Project) -> None:
        trainer, old = self._trainer, self._project
        if trainer is None or old is None or same_run(project, old):
            self._set_stale("")
            self._project = project if old is not None else None
            if trainer is not None and old is not None:
                self._publish()
            return
        if not same_data(project, old) or project.training.seed != old.training.seed:
            self._set_stale(difference(project, old))
            return
        deferred = self._set_at_start(project)
        if deferred and not trainer.iteration:  # nothing is lost by drawing the weights anew
            self._set_stale(difference(project, old))
            return
        try:
            trainer.adopt(project.training, project.design)
        except EngineError:
            self._set_stale(difference(project, old))
            return
        self._project, self._version = project, self._version + 1
        self._publish()
        self._iterations = iterations_of(trainer)
        if trainer.iteration:
            self._changes.add(trainer.history, old, project)
        self._set_stale("")
        self._defer(deferred)
        if self.state is State.FINISHED and not trainer.finished:
            self._enter(State.PAUSED)

    def _set_aside(self, project: Project) -> None:
        if self._project is not None and not same_run(project, self._project):
            self._set_stale(difference(project, self._project))

    def _set_at_start(self, project: Project) -> tuple[Difference, ...]:
        """What is set otherwise now than when the weights were drawn, and mattered then only."""
        assert self._begun is not None
        found = differences(self._begun, project)
        return tuple(difference for difference in found if difference.at_start)

    def _defer(self, deferred: tuple[Difference, ...]) -> None:
        if deferred != self.deferred:
            self.deferred = deferred
            self.deferred_changed.emit(deferred)

    def _can_go_on(self, project: Project) -> bool:
        """Whether the trainer's run is that of the project, and not over."""
        if self._trainer is None or self._project is None:
            return False
        self._adopt(project)
        return not self.stale and self.state not in (State.STOPPED, State.FAILED)

    def _need(self) -> Trainer:
        if self._trainer is None:
            raise TrainingError("There is no run yet.", hint="Press Play.")
        return self._trainer

    def _fulfil(self, future: Future[Any], work: Callable[[Trainer], Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(work(self._need()))
        except Exception as error:
            future.set_exception(error)

    def _record(self) -> None:
        """Tell what there is to keep of the run, if it is new."""
        if self._trainer is None:
            return
        trainer = self._trainer
        run = self._recorder.record(trainer.history, self._state_at_rest())
        if run is not None:
            run = with_measures(run, trainer.network, trainer.data.dev)
            self.run_recorded.emit(run, self._recorder.owner)

    def _change_owner(self, owner: int) -> None:
        self._owner = owner

    def _hold(self, state: State) -> None:
        self._stop_clock()
        self._enter(state)

    def _note_scores(self) -> None:
        """Evaluate where the run comes to rest, so that its scores are those of its weights."""
        self._stop_clock()
        self._need().note_scores()

    def _stop_clock(self) -> None:
        if self._running:
            self._seconds += time.perf_counter() - self._resumed_at
        self._running, self._until_epoch = False, 0

    def _enter(self, state: State) -> None:
        self.state = state
        self.state_changed.emit(state)

    def _set_stale(self, what: str) -> None:
        """what: see `Moment.stale`."""
        self._stale_in = what
        if bool(what) != self.stale:
            self.stale = bool(what)
            self.stale_changed.emit(self.stale)

    def _mark(self, kind: str, text: str) -> None:
        trainer = self._need()
        trainer.history.marks.append(Mark(trainer.iteration, kind, text))


def _origin(run: AtWork) -> Origin:
    history, iteration, epoch = run.trainer.history, -1, 0
    while iteration != len(history):  # a step may end meanwhile
        iteration, epoch = len(history), run.trainer.epoch
    return Origin(run.run, iteration, epoch, run.version, run.project, history.weights_of)


def _explain(error: Exception) -> tuple[str, str]:
    if isinstance(error, EngineError):
        return str(error), error.node or ""
    if isinstance(error, MemoryError):
        return "There is not enough memory for this run. Use fewer units or a smaller batch.", ""
    return f"The run ended by an internal error: {type(error).__name__}: {error}.", ""
