"""Session: the run, as the window sees it.

The training thread does one thing at a time: commands first, then a step if a run is on. What
happens rarely (a state, a failure) is a signal; what happens at each step a timer reads from
`history`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from engine import Trainer
from engine.files import TrainedModel
from engine.probes.moment import Moment
from engine.probes.snapshot import Snapshot
from engine.project import Project, Sets
from engine.project.differences import Difference
from engine.project.runs import Run
from engine.training.history import History
from studio.model.recovery_file import RunCopy
from studio.running.priority_gate import Gate
from studio.running.run_driver import RunDriver
from studio.running.run_state import Progress, State
from studio.running.shared_snapshot import SharedSnapshot
from studio.running.training_thread import TrainingThread

__all__ = ["Progress", "Session", "State"]


class Session(QObject):
    """Start, pause, step and stop a run; every method returns at once.

    state_changed(state): a State. failed(message, node): whole sentences; node may be "".
    stale_changed(stale): True while the open design is not the one that is being trained.
    deferred_changed(differences): settings of the open project that this run cannot adopt, because
    they matter only when weights are drawn; empty if there are none. run_recorded(run, owner): a
    Run paused, ended, or was replaced by another one; owner: the value of `change_owner` when it
    began.
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
        self._gate = Gate(self)
        self._driver = RunDriver(self.sets, self._gate.wait, self)
        self._pass_on(self._driver)
        self._shared = SharedSnapshot(self.snapshot)
        self._thread = TrainingThread(self._driver)

    # What a person asks for.

    def play(self, project: Project) -> None:
        """Train: continue the run, or start over if it ended or its design changed."""
        self._thread.send(lambda: self._driver.play(project))

    def pause(self) -> None:
        """Pause after the current step."""
        self._thread.send(self._driver.pause)

    def step(self, project: Project) -> None:
        """Train on exactly one mini-batch, then pause."""
        self._thread.send(lambda: self._driver.step(project))

    def step_epoch(self, project: Project) -> None:
        """Train to the next end of an epoch, then pause."""
        self._thread.send(lambda: self._driver.play_epoch(project))

    def limit_speed(self, steps_per_second: float | None) -> None:
        """Limit the speed, for demonstrations; None: as fast as possible."""
        self._thread.send(lambda: self._driver.pace.limit(steps_per_second))

    def stop(self) -> None:
        """End the run; its weights stay until the next one begins."""
        self._thread.send(self._driver.stop)

    def rewind(self, project: Project) -> None:
        """Back to the initial weights of the project's seed; the curves start over."""
        self._thread.send(lambda: self._driver.begin(project))

    # What follows the open project.

    def adopt(self, project: Project) -> None:
        """The project changed: adopt what can change during a run; it takes effect at the next
        step."""
        self._thread.send(lambda: self._driver.adopt(project))

    def set_aside(self, project: Project) -> None:
        """The project changed and cannot run: the run is not about it anymore."""
        self._thread.send(lambda: self._driver.set_aside(project))

    def open_model(self, model: TrainedModel) -> None:
        """Replace this run with a saved one, ready to continue."""
        self._thread.send(lambda: self._driver.open(model))

    def resume(self, load: Callable[[], TrainedModel], record: Run, project: Project) -> None:
        """Continue a run that `record` describes. load: reads its weights, on the training
        thread."""

        def go_on() -> None:
            self._driver.open(load(), record)
            self._driver.adopt(project)

        self._thread.send(go_on)

    def clear(self) -> None:
        """Forget the run, as for a design that cannot run."""
        self._thread.send(self._driver.clear)

    def change_owner(self, owner: int) -> None:
        """Runs that begin from now on belong to another project: see `run_recorded`."""
        self._thread.send(lambda: setattr(self._driver, "owner", owner))

    # What there is to know of the run.

    @property
    def state(self) -> State:
        """What the run is doing."""
        return self._driver.state

    @property
    def stale(self) -> bool:
        """Whether the open design is not the one that is being trained."""
        return bool(self._driver.stale)

    @property
    def deferred(self) -> tuple[Difference, ...]:
        """The settings that wait for Rewind."""
        return self._driver.deferred

    @property
    def history(self) -> History | None:
        """The history of the run, which grows with each step."""
        run = self._driver.run
        return run.trainer.history if run is not None else None

    @property
    def progress(self) -> Progress:
        """Where the run stands now."""
        run = self._driver.run
        if run is None:
            return Progress()
        trainer, seconds = run.trainer, self._driver.clock.seconds
        epochs = trainer.settings.epochs
        return Progress(trainer.iteration, trainer.epoch, epochs, run.iterations, seconds)

    @property
    def position(self) -> tuple[str, int]:
        """The key of the run, and the number of steps taken."""
        run = self._driver.run
        return ("", 0) if run is None else (run.at_work.run, run.trainer.iteration)

    @property
    def stopped_early(self) -> bool:
        """Whether the run was ended by its stop rule."""
        run = self._driver.run
        return run is not None and run.trainer.stopped_early

    @property
    def project_in_training(self) -> Project | None:
        """The open project as the run follows it; see `deferred` for what waits for Rewind."""
        run = self._driver.run
        return run.project if run is not None else None

    @property
    def project_as_trained(self) -> Project | None:
        """The project that would repeat this run, with the initializers that drew its weights."""
        run = self._driver.run
        return run.as_trained if run is not None else None

    def moment(self) -> Moment:
        """The run as it is now, for views."""
        run, progress = self._driver.run, self.progress
        if run is None:
            return Moment(state=self.state)
        return Moment(
            run.at_work.origin,
            run.trainer.history,
            self.state,
            progress.epochs,
            progress.iterations,
            progress.seconds,
            self._driver.stale,
            _take=self._shared.of,
        )

    # What takes a look at the run between two steps.

    def call(self, work: Callable[[Trainer], Any]) -> Future[Any]:
        """Run `work` with the trainer on its thread, between two steps; the result is a Future,
        canceled where the thread has ended."""
        return self._ask(lambda: work(self._driver.need().trainer))

    def record(self) -> Future[Any]:
        """Emit the current record by `run_recorded`; the future is done once it is emitted."""
        return self._ask(self._driver.record)

    def snapshot(self) -> Future[Snapshot]:
        """A copy of the weights, taken between two steps."""
        return self._ask(lambda: self._driver.need().snapshot())

    def copy_of_run(self) -> Future[RunCopy]:
        """The run with its weights, copied between two steps; fails if no step was taken."""
        return self._ask(lambda: self._driver.need().copy(self.state))

    def close(self) -> None:
        """End the thread; returns when it has ended."""
        if self._thread.is_alive:
            self._gate.release()
            self._thread.close()

    def _ask(self, work: Callable[[], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        if not self._thread.is_alive:
            future.cancel()
            return future

        def fulfil() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(work())
            except Exception as error:
                future.set_exception(error)

        self._thread.send(fulfil)
        return future

    def _pass_on(self, driver: RunDriver) -> None:
        """The driver's signals become this one's, at once and on its thread."""
        direct = Qt.ConnectionType.DirectConnection
        driver.state_changed.connect(self.state_changed, direct)
        driver.failed.connect(self.failed, direct)
        driver.stale_changed.connect(self.stale_changed, direct)
        driver.deferred_changed.connect(self.deferred_changed, direct)
        driver.run_recorded.connect(self.run_recorded, direct)
