"""Waiting: for the run to come so far, or for the window to have nothing left to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from studio.panels.panel import is_seen
from studio.running.run_state import AT_REST, words_of
from studio.running.session import State
from studio.shell.parts import WindowParts
from studio.shell.staging.stage_error import StageError

POLL_MS = 5
IDLE_LOOKS = 3
"""Nothing is to be done at so many looks, one after the other: work may hand on to other work."""
JOB_THREADS = ("job",)
ENDED = (*AT_REST, State.READY, State.EMPTY)


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Let the window go on until the condition holds; False where it does not hold in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        loop = QEventLoop()
        QTimer.singleShot(POLL_MS, loop.quit)
        loop.exec()
    return True


def process(times: int = 2) -> None:
    """What waits to be told and painted."""
    for _ in range(times):
        QCoreApplication.processEvents()


def settle_commands(window: WindowParts, seconds: float) -> None:
    """Until the run has heard of all that was asked for."""
    heard = window.session.call(lambda _trainer: None)
    if not until(heard.done, seconds):
        raise StageError(f"The run did not answer within {seconds:g} seconds.")
    process()


def is_idle(window: WindowParts) -> bool:
    """Whether nothing trains, computes or waits to be painted."""
    if window.session.state in (State.RUNNING, State.PREPARING):
        return False
    if any(thread.name in JOB_THREADS for thread in threading.enumerate()):
        return False
    if _is_any_busy(window):
        return False
    window.dashboard.tick()
    behind = (view for view in window.dashboard.panels if view.behind)
    return not any(is_seen(view) if isinstance(view, QWidget) else True for view in behind)


def _is_any_busy(window: WindowParts) -> bool:
    """Whether a view is about to begin, or waits for, what no thread works on yet."""
    race, explorer = window.windows.race, window.data_views.explorer
    return (
        window.data_panel.is_busy
        or (race is not None and race.is_busy)
        or (explorer is not None and explorer.loading)
    )


def wait_idle(window: WindowParts, seconds: float) -> bool:
    """Until the window is idle; False where it is not in time."""
    end, looks = time.monotonic() + seconds, 0
    while looks < IDLE_LOOKS:
        left = end - time.monotonic()
        if left <= 0:
            return False
        if not all(until(heard.done, left) for heard in _heard(window)):
            return False
        process()
        looks = looks + 1 if is_idle(window) else 0
        until(lambda: False, POLL_MS / 1_000)
    return True


def _heard(window: WindowParts) -> list[Future[Any]]:
    """Done once all that was asked for so far is known where it is worked on."""
    race = window.windows.race.heard() if window.windows.race is not None else None
    heard: list[Future[Any]] = [window.session.call(lambda _trainer: None)]
    return [*heard, window.workbench.submit(int), *([race] if race is not None else [])]


def wait_state(window: WindowParts, wanted: State, seconds: float) -> None:
    """Until the run is in a state. Raises StageError where it ends in another one, or in time."""
    session = window.session
    until(lambda: session.state == wanted or session.state in ENDED, seconds)
    process()
    if session.state == wanted:
        return
    progress = session.progress
    raise StageError(
        f"The run is {words_of(session.state)} at iteration {progress.iteration:,} of "
        f"{progress.iterations:,}, and not {words_of(wanted)} (waited {seconds:g} seconds at most)."
    )
