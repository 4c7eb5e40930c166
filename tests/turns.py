"""Workers that run tests side by side, and wait while one of them needs the machine for itself."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: tests that should be alone run beside others there
    fcntl = None


@contextlib.contextmanager
def taking_turns(place: Path, alone: bool) -> Iterator[None]:
    """Lets many in together, but someone `alone` only when nobody else is in.

    place: a folder that all share. Whoever waits for the room holds the door meanwhile, so that
    those who come later cannot keep out one who wants to be alone.
    """
    if fcntl is None:
        yield
        return
    with (place / "door").open("a") as door, (place / "room").open("a") as room:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield  # closing the files gives everything back
