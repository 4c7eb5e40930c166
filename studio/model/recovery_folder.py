"""RecoveryFolder: finds what windows of dead processes left behind.

Beside each recovery file there is a lock that the system knows to be stale once its process is
gone: a recovery file whose lock is free is an orphan.
"""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QLockFile

from engine.files import MODEL_SUFFIX
from studio.model.recovery_file import SUFFIX, Orphan, put_aside, read, remove

LEFT_OVER_S = 24 * 3_600
"""A temporary file of this age is one that no process goes on writing."""


class RecoveryFolder:
    """own: the recovery file of this window, which is none of its orphans."""

    def __init__(self, folder: Path, own: Path) -> None:
        self._folder, self._own = folder, own
        self._claims: dict[Path, QLockFile] = {}

    def orphans(self) -> list[Orphan]:
        """What was left behind, newest first; each is offered to one window only. Damaged files
        are put aside."""
        found = [self._claimed(path) for path in sorted(self._folder.glob(f"*{SUFFIX}"))]
        return sorted((o for o in found if o is not None), key=lambda o: o.saved_at, reverse=True)

    def discard(self, orphan: Orphan) -> None:
        """Delete what was recovered."""
        remove(orphan.path)
        self.release(orphan)

    def release(self, orphan: Orphan) -> None:
        """Let another window claim it."""
        lock = self._claims.pop(orphan.path, None)
        if lock is not None:
            lock.unlock()

    def release_all(self) -> None:
        """What was not decided on is offered at the next start."""
        for lock in self._claims.values():
            lock.unlock()
        self._claims.clear()

    def sweep(self) -> None:
        """Delete weights and temporary files of processes that died while they wrote them."""
        oldest = time.time() - LEFT_OVER_S
        for part in self._folder.glob(".*.part"):
            if part.stat().st_mtime < oldest:
                part.unlink(missing_ok=True)
        for weights in self._folder.glob(f"*{MODEL_SUFFIX}"):
            self._sweep_weights(weights)

    def _sweep_weights(self, weights: Path) -> None:
        owner = self._folder / f"{weights.stem.rpartition('-')[0]}{SUFFIX}"
        lock = lock_of(owner)
        if owner in (self._own, *self._claims) or owner.exists() or not lock.tryLock(0):
            return
        weights.unlink(missing_ok=True)
        lock.unlock()

    def _claimed(self, path: Path) -> Orphan | None:
        """An orphan that no other window has; None for files in use and for damaged ones."""
        if path == self._own:
            return None
        lock = self._claims.get(path) or lock_of(path)
        if not lock.isLocked() and not lock.tryLock(0):
            return None
        self._claims[path] = lock
        try:
            return read(path)
        except Exception:  # the edge: whatever one file holds, the others must be offered
            put_aside(path)
            self._claims.pop(path).unlock()
            return None


def lock_of(path: Path) -> QLockFile:
    """The lock of a recovery file."""
    lock = QLockFile(str(path.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # only the end of its process frees a lock, not its age
    return lock
