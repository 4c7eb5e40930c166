"""TrainingThread: does one thing at a time: first what it is sent, then the next step of the
run."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Protocol

from engine.data.progress import stopped_by

THREAD_NAME = "training"
"""A daemon, so that a failure while the window is being made does not keep the process alive."""
PATIENCE_S = 1.0
"""How long closing waits for what cannot be stopped at once."""
Work = Callable[[], None]


class SteppedRun(Protocol):
    """What the thread works on, all of it on that thread."""

    def train(self, nothing_waits: Callable[[], bool]) -> None:
        """Make steps as long as nothing waits, the run goes on, and the next step is due."""

    def seconds_to_step(self) -> float | None:
        """Until the next step is due; None where no run is on."""

    def fail(self, error: Exception) -> None:
        """A step, or something that was sent, raised this. Never raises."""


class TrainingThread:
    """Starts immediately and ends with `close`."""

    def __init__(self, run: SteppedRun) -> None:
        self._run = run
        self._closing = threading.Event()
        self._waiting: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=THREAD_NAME, daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it takes more work."""
        return self._thread.is_alive() and not self._closing.is_set()

    def send(self, work: Work) -> None:
        """Do this after what was sent before, and before the next step."""
        self._waiting.put(work)

    def close(self) -> None:
        """End the thread; returns when it has ended, or after a moment where it waits for a disk or
        a network drive: then it is left to itself, and ends with the program."""
        self._closing.set()
        self._waiting.put(None)
        self._thread.join(PATIENCE_S)

    def _work(self) -> None:
        with stopped_by(self._closing.is_set):
            self._work_until_closed()

    def _work_until_closed(self) -> None:
        while True:
            self._guarded(lambda: self._run.train(self._waiting.empty))
            try:
                work = self._next()
            except queue.Empty:
                continue
            if work is None:
                return
            self._guarded(work)

    def _next(self) -> Work | None:
        """Waits for work while no run is on, or until the next step is due: then it raises
        queue.Empty."""
        seconds = self._run.seconds_to_step()
        if seconds is None:
            return self._waiting.get()
        return self._waiting.get(timeout=seconds) if seconds else self._waiting.get_nowait()

    def _guarded(self, work: Work) -> None:
        try:
            work()
        except Exception as error:  # the edge: whatever fails, the window must live and say why
            if not self._closing.is_set():
                self._run.fail(error)
