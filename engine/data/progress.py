"""Watch: how far a long reading has come, and whether somebody wants it to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from engine.errors import DataError


class ReadingCancelledError(DataError):
    """Somebody stopped a reading; nothing was changed."""


def _ignore(share: float) -> None:
    pass


def _never() -> bool:
    return False


_STOP: ContextVar[Callable[[], bool]] = ContextVar("stop", default=_never)


@contextmanager
def stopped_by(cancelled: Callable[[], bool]) -> Iterator[None]:
    """All readings of this thread within the block stop when `cancelled()` says so, however deep
    in the building of a project's data they are."""
    token = _STOP.set(cancelled)
    try:
        yield
    finally:
        _STOP.reset(token)


@dataclass(frozen=True)
class Watch:
    """progress: called now and then with the share that is done, 0 to 1. cancelled: asked as often.

    Both are called on the thread that reads, some ten times a second.
    """

    progress: Callable[[float], object] = _ignore
    cancelled: Callable[[], bool] = _never

    def step(self, share: float) -> None:
        """Tells how far it is. Raises ReadingCancelledError if it is to stop."""
        self.check()
        self.progress(min(share, 1.0))

    def check(self) -> None:
        """Raises ReadingCancelledError if it is to stop."""
        if self.cancelled() or _STOP.get()():
            raise ReadingCancelledError("Reading was canceled.", hint="Nothing was changed.")
