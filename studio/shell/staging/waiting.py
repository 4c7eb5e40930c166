"""Waiting: until the run reaches a state, or the window has nothing left to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from studio.running.run_state import AT_REST, words_of
from studio.running.session import State
from studio.shell.parts import WindowParts
from studio.shell.staging.stage_error import StageError

POLL_MS = 5
ANSWER_S = 30.0
IDLE_LOOKS = 3
"""The window must be idle this many times in a row, because work may start other work."""
JOB_THREADS = ("job",)
ENDED = (*AT_REST, State.READY, State.EMPTY)


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Process events until the condition holds; False if it does not hold in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        loop = QEventLoop()
        QTimer.singleShot(POLL_MS, loop.quit)
        loop.exec()
    return True


def process(times: int = 2) -> None:
    """Process pending events and painting."""
    for _ in range(times):
        QCoreApplication.processEvents()


def settle_commands(window: WindowParts, seconds: float) -> None:
    """Wait until the run has received everything that was sent."""
    heard = window.session.call(lambda _trainer: None)
    if not until(heard.done, seconds):
        raise StageError(f"The run did not respond within {seconds:g} seconds.")
    process()


def what_goes_on(window: WindowParts) -> str:
    """What trains, computes, or waits to be painted, in a few words; "" if nothing does."""
    if window.session.state in (State.RUNNING, State.PREPARING):
        return f"the run is {words_of(window.session.state)}"
    if window.run_control.is_about_to_prepare:
        return "weights are about to be drawn again"
    if any(thread.name in JOB_THREADS for thread in threading.enumerate()):
        return "a job is running in the background"
    busy = _busy_view(window)
    if busy:
        return f"“{busy}” is not done"
    window.dashboard.tick()
    waiting = window.dashboard.waiting
    return f"{type(waiting[0]).__name__} is waiting to be painted" if waiting else ""


def _busy_view(window: WindowParts) -> str:
    """A view that is about to start, or waits for, work that no thread does yet; "" for none."""
    race, explorer = window.windows.race, window.data_views.explorer
    busy = {
        "data": window.data_panel.is_busy,
        "race": race is not None and race.is_busy,
        "explorer": explorer is not None and explorer.loading,
    }
    return next((id for id, is_busy in busy.items() if is_busy), "")


def wait_idle(window: WindowParts, seconds: float) -> str:
    """Wait until the window is idle; returns what is still going on after that time, or ""."""
    end, looks, busy = time.monotonic() + seconds, 0, ""
    while looks < IDLE_LOOKS:
        left = end - time.monotonic()
        if left <= 0:
            return busy
        if not all(until(heard.done, left) for heard in _heard(window)):
            return "a thread is not responding"
        process()
        busy = what_goes_on(window)
        looks = 0 if busy else looks + 1
        until(lambda: False, POLL_MS / 1_000)
    return ""


def _heard(window: WindowParts) -> list[Future[Any]]:
    """Done once everything that was sent so far has been received."""
    race = window.windows.race.heard() if window.windows.race is not None else None
    heard: list[Future[Any]] = [window.session.call(lambda _trainer: None)]
    return [*heard, window.workbench.submit(int), *([race] if race is not None else [])]


def wait_state(window: WindowParts, wanted: State, seconds: float) -> None:
    """Wait until the run is in a state. Raises StageError if it ends in another one, or takes too
    long."""
    session = window.session
    until(lambda: session.state == wanted or session.state in ENDED, seconds)
    settle_commands(window, ANSWER_S)  # the reason is reported just after the state has changed
    if session.state == wanted:
        return
    progress = session.progress
    raise StageError(
        f"The run is {words_of(session.state)} at iteration {progress.iteration:,} of "
        f"{progress.iterations:,}, and not {words_of(wanted)} (waited {seconds:g} seconds at most)."
    )
