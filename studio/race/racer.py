"""Racer: trains the variants in lock-step, on one thread, from the same seed and data."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.data.progress import stopped_by
from engine.experiments.races import Race, RaceEntry, RaceLane
from engine.project import Sets
from engine.training.threads import use_threads_for
from studio.running.jobs import sentence
from studio.running.pace import Pace
from studio.running.priority_gate import Gate
from studio.running.session import State
from studio.running.training_thread import PATIENCE_S

THREAD_NAME = "race"

Commands = queue.SimpleQueue[Callable[[], None] | None]


class Racer(QObject):
    """Every method returns at once, but for `close`.

    state_changed(state): a State. failed(sentence): the race could not be made ready.
    lanes: those of the present race, complete whenever the state is not PREPARING. sets: builds
    its data.
    """

    state_changed = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None, sets: Sets | None = None) -> None:
        super().__init__(parent)
        self.state = State.EMPTY
        self._sets = sets or Sets()
        self._race: Race | None = None
        self._running = False
        self._commands: Commands = queue.SimpleQueue()
        self._pace = Pace()
        self._gate: Gate | None = None
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    @property
    def lanes(self) -> tuple[RaceLane, ...]:
        """The variants on their way; none without a race."""
        race = self._race
        return race.lanes if race is not None else ()

    @property
    def is_on(self) -> bool:
        """Whether there is a race, or one is being made ready."""
        return self._thread is not None

    # Called on the window's thread.

    def prepare(self, entries: Sequence[RaceEntry]) -> None:
        """Draw the initial weights of all variants; a race that was on ends."""
        self._start()
        self._commands.put(lambda: self._prepare(tuple(entries)))

    def play(self) -> None:
        """Train all of them, one mini-batch each in turn."""
        self._commands.put(self._play)

    def pause(self) -> None:
        """Hold after the round at work."""
        self._commands.put(self._pause)

    def step(self) -> None:
        """One mini-batch each, then hold."""
        self._commands.put(self._step_once)

    def limit_speed(self, steps_per_second: float | None) -> None:
        """At most this many rounds a second; None: as fast as possible."""
        self._commands.put(lambda: self._pace.limit(steps_per_second))

    def call(self, work: Callable[[tuple[RaceLane, ...]], Any]) -> Future[Any]:
        """Run `work` with the lanes between two rounds."""
        future: Future[Any] = Future()
        self._commands.put(lambda: self._fulfil(future, work))
        return future

    def close(self) -> None:
        """Forget the race; returns when its thread has ended. Another one may be prepared."""
        if self._thread is not None and self._gate is not None:
            self._gate.release()
            self._closing.set()
            self._commands.put(None)
            self._thread.join(PATIENCE_S)
            self._gate.deleteLater()
        self._thread = self._gate = None
        self._commands = queue.SimpleQueue()
        self._pace = Pace()
        self._race, self._running = None, False
        if self.state is not State.EMPTY:
            self._enter(State.EMPTY)

    def _start(self) -> None:
        """The thread and its gate live while there is a race: an idle window pays nothing."""
        if self._thread is None:
            self._gate = Gate(self)
            self._closing = threading.Event()
            work = (self._commands, self._gate, self._closing)
            self._thread = threading.Thread(
                target=self._work_until_closed, args=work, name=THREAD_NAME, daemon=True
            )
            self._thread.start()

    # Everything below runs on the race's thread.

    def _work_until_closed(self, commands: Commands, gate: Gate, closing: threading.Event) -> None:
        with stopped_by(closing.is_set):
            self._work(commands, gate)

    def _work(self, commands: Commands, gate: Gate) -> None:
        while True:
            try:
                left = self._pace.seconds_left() if self._running else None
                command = commands.get_nowait() if left == 0 else commands.get(timeout=left)
            except queue.Empty:
                self._guarded(self._round)
                gate.wait()
                continue
            if command is None:
                return
            self._guarded(command)

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # the edge: whatever fails, the window must live and say why
            self._running = False
            if self._closing.is_set():
                return
            self._enter(State.FAILED)
            self.failed.emit(sentence(error))

    def _prepare(self, entries: tuple[RaceEntry, ...]) -> None:
        self._running = False
        self._race = None
        self._enter(State.PREPARING)
        race = Race(entries, self._sets.of(entries[0].project).data)
        use_threads_for(race.largest.network, race.largest.batch_size)
        self._race = race
        self._enter(State.READY)

    def _play(self) -> None:
        if self._race is not None and not self._race.over:
            self._pace.begin()
            self._running = True
            self._enter(State.RUNNING)

    def _pause(self) -> None:
        if self._running:
            self._running = False
            self._enter(State.PAUSED)

    def _step_once(self) -> None:
        race = self._race
        if race is not None and not race.over:
            self._running = False
            self._round()
            if not race.over:
                self._enter(State.PAUSED)

    def _round(self) -> None:
        """One mini-batch for each that is not over."""
        race = self._race
        assert race is not None
        race.round()
        self._pace.stepped()
        if race.over:
            self._running = False
            self._enter(State.FINISHED)

    def _fulfil(self, future: Future[Any], work: Callable[[tuple[RaceLane, ...]], Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(work(self.lanes))
        except Exception as error:
            future.set_exception(error)

    def _enter(self, state: State) -> None:
        self.state = state
        self.state_changed.emit(state)
