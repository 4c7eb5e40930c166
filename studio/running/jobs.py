"""Jobs: long work in the background, with progress, cancel, and a result signal.

    job = jobs.start(lambda job: slow(progress=job.report, cancel=job.is_cancelled))
    job.succeeded.connect(show)

The work runs on its own thread; every signal arrives on the thread that made the job.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal

from engine import EngineError
from engine.data.progress import stopped_by
from studio.running.priority_gate import Gate

REPORT_EVERY_S = 0.05
"""More frequent progress would only keep the window busy."""
POLL_S = 0.05
PATIENCE_S = 1.0
"""How long closing waits for what cannot be stopped at once."""


class CancelledError(EngineError):
    """Raised inside the work when its job was cancelled."""


class Job(QObject):
    """One piece of work. Exactly one of succeeded, failed and cancelled comes, then ended.

    progressed(done, total), succeeded(result), failed(sentence). error: the exception behind the
    sentence of `failed`.
    """

    progressed = Signal(int, int)
    succeeded = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    ended = Signal()
    _moved = Signal(int, int)
    _outcome = Signal(str, object)
    """Both cross the threads; the public signals are emitted where the job was made."""

    def __init__(self, work: Callable[[Job], Any], gate: Gate | None = None) -> None:
        super().__init__()
        self.running = False
        self.error: Exception | None = None
        self._work = work
        self._gate = gate
        self._stop = threading.Event()
        self._reported_at = 0.0
        self._moved.connect(self._tell_progress)
        self._outcome.connect(self._tell)
        self._thread = threading.Thread(target=self._run, name="job", daemon=True)

    # Called on the window's thread.

    def start(self) -> None:
        """Begin; returns at once."""
        self.running = True
        self._thread.start()

    def cancel(self) -> None:
        """Ask the work to stop; it stops at its next report or check."""
        self._stop.set()

    def wait(self) -> None:
        """Return when the thread has ended and the outcome was signaled. A thread that waits for a
        disk or a network drive is left to itself after a moment and counts as canceled."""
        if self.running:
            self._thread.join(PATIENCE_S)
            QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)
        if self.running:
            self._stop.set()
            self._end("cancelled", None)

    # Called by the work, on the job's thread.

    def is_cancelled(self) -> bool:
        """Whether the work should stop."""
        return self._stop.is_set()

    def report(self, done: int, total: int) -> None:
        """Report progress, and yield to the window. Raises CancelledError."""
        if self._stop.is_set():
            raise CancelledError("Canceled.")
        now = time.perf_counter()
        if now - self._reported_at >= REPORT_EVERY_S or done == total:
            self._reported_at = now
            self._moved.emit(done, total)
        if self._gate is not None:
            self._gate.wait()

    def result_of(self, future: Future[Any]) -> Any:
        """Wait for a future's result. Raises CancelledError, or what the future raises."""
        while not wait_for([future], timeout=POLL_S).done:
            if self._stop.is_set():
                raise CancelledError("Canceled.")
        return future.result()

    def _run(self) -> None:
        try:
            with stopped_by(self._stop.is_set):
                kind, value = "succeeded", self._work(self)
        except Exception as error:  # the edge: whatever fails, the window must live and say why
            kind, value = ("cancelled", None) if self._stop.is_set() else ("failed", error)
        with suppress(RuntimeError):  # nobody waited for it, and this object is gone
            self._outcome.emit(kind, value)

    def _tell_progress(self, done: int, total: int) -> None:
        self.progressed.emit(done, total)

    def _tell(self, kind: str, value: Any) -> None:
        self._thread.join()
        if self.running:
            self._end(kind, value)

    def _end(self, kind: str, value: Any) -> None:
        self.running = False
        if kind == "cancelled":
            self.cancelled.emit()
        elif kind == "failed":
            self.error = value
            self.failed.emit(sentence(value))
        else:
            self.succeeded.emit(value)
        self.ended.emit()


class Jobs(QObject):
    """The jobs of one window or panel: starts them, and ends all of them when it closes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._gate: Gate | None = None
        self._jobs: list[Job] = []

    @property
    def busy(self) -> bool:
        """Whether any job runs."""
        return any(job.running for job in self._jobs)

    def start(self, work: Callable[[Job], Any]) -> Job:
        """Run `work(job)` on its own thread. Connect to the signals of the job right away."""
        self._jobs = [job for job in self._jobs if job.running]  # not sooner: they were signaling
        if self._gate is None:  # it watches the event loop, so it lives while a job does
            self._gate = Gate()
        job = Job(work, self._gate)
        self._jobs.append(job)
        job.ended.connect(self._rest)
        job.start()
        return job

    def close(self) -> None:
        """Cancel all jobs; returns when every thread has ended and signaled its outcome."""
        for job in self._jobs:
            job.cancel()
        self._release_gate()
        for job in self._jobs:
            job.wait()

    def _rest(self) -> None:
        if not self.busy:
            self._release_gate()

    def _release_gate(self) -> None:
        if self._gate is not None:
            self._gate.release()
            self._gate = None


def sentence(error: Exception) -> str:
    """What to tell a person about an error."""
    if isinstance(error, EngineError):
        return str(error)
    if isinstance(error, MemoryError):
        return "There is not enough memory for this."
    traceback.print_exception(error)  # a fault of the program: the terminal has the details
    return f"This failed because of an internal error: {type(error).__name__}: {error}."
