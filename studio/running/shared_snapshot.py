"""SharedSnapshot: views that ask at the same iteration share one copy of the weights."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

from engine.probes.moment import Moment
from engine.probes.snapshot import Snapshot


class SharedSnapshot:
    """Holds the newest copy only. Used on the window's thread.

    take: asks the training thread for a copy of the weights.
    """

    def __init__(self, take: Callable[[], Future[Snapshot]]) -> None:
        self._take = take
        self._asked: tuple[str, int, int] | None = None
        self._newest: Future[Snapshot] | None = None

    def of(self, moment: Moment) -> Future[Snapshot]:
        """The copy that was taken for this moment, or that turned out to match it; otherwise a new
        one. A failed copy is tried again."""
        key = moment.origin.key
        if self._newest is None or key not in (self._asked, _key(self._newest)):
            self._asked, self._newest = key, self._take()
        return self._newest


def _key(snapshot: Future[Snapshot]) -> tuple[str, int, int] | None:
    if not snapshot.done() or snapshot.cancelled() or snapshot.exception() is not None:
        return None
    return snapshot.result().origin.key
