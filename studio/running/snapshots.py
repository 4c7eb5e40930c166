"""Snapshots: heavy views compute from copies of the weights, in the background.

    feed = SnapshotFeed(workbench, compute)     # compute(snapshot, question) must not touch Qt
    feed.ready.connect(show)                    # on the window's thread
    feed.ask(moment, question)                  # at each refresh

The training thread only copies the weights, between two steps; one background thread, shared by all
heavy views of a window, computes; the window's thread only shows the result. A view that does not
ask costs nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.probes.moment import Moment
from engine.probes.snapshot import Origin, Snapshot
from studio.running.jobs import sentence

LEAST_INTERVAL_S = 0.25
"""A heavy view is computed at most four times a second..."""
LARGEST_SHARE = 0.04
"""...and less often if it would take more than this share of a core during training."""
THREAD_NAME = "views"


class Workbench(QObject):
    """The background thread of all heavy views of a window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor: ThreadPoolExecutor | None = None
        self._closed = False

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Run `work(*arguments)` after what is already waiting; cancelled once this is closed."""
        if self._closed:
            future: Future[Any] = Future()
            future.cancel()
            return future
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, THREAD_NAME)
        return self._executor.submit(work, *arguments)

    def close(self) -> None:
        """End the thread; returns when it has ended. May be called twice."""
        self._closed = True
        executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=True, cancel_futures=True)


class SnapshotFeed(QObject):
    """What one view computes from snapshots, at most once at a time.

    busy: whether an answer is on its way. ready(result, question, origin): on the window's thread;
    origin: of the snapshot that it was computed from. failed(sentence).
    """

    ready = Signal(object, object, object)
    failed = Signal(str)
    _done = Signal(object, object)

    def __init__(
        self, workbench: Workbench, compute: Callable[[Snapshot, Any], Any], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._compute = compute
        self.busy = False
        self._asked_at = -LEAST_INTERVAL_S
        self._seconds = 0.0
        self._done.connect(self._finish)

    def ask(self, moment: Moment, question: Any = None) -> bool:
        """Start to compute; False if an answer is on its way, or the last one is too recent.

        question: what the view wants to know, as an immutable value.
        """
        now = time.monotonic()
        rest = max(LEAST_INTERVAL_S, self._seconds / LARGEST_SHARE if moment.running else 0.0)
        if self.busy or now - self._asked_at < rest:
            return False
        self.busy, self._asked_at = True, now

        def hand_over(snapshot: Future[Snapshot]) -> None:
            """On the training thread: pass the snapshot on, or the failure to take one."""
            if snapshot.cancelled() or snapshot.exception() is not None:
                self._done.emit(snapshot, question)
                return
            answer = self._workbench.submit(self._timed, snapshot.result(), question)
            answer.add_done_callback(lambda future: self._done.emit(future, question))

        moment.snapshot().add_done_callback(hand_over)
        return True

    def _timed(self, snapshot: Snapshot, question: Any) -> tuple[Any, Origin]:
        """On the background thread: compute, and remember how long that took of a core."""
        begun = time.thread_time()
        try:
            return self._compute(snapshot, question), snapshot.origin
        finally:
            self._seconds = time.thread_time() - begun

    def _finish(self, answer: Future[Any], question: Any) -> None:
        self.busy = False
        try:
            result, origin = answer.result()
        except CancelledError:
            return
        except Exception as error:  # the edge: a view that fails must not take down the window
            self.failed.emit(sentence(error))
            return
        self.ready.emit(result, question, origin)
