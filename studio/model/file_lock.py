"""FileLock: says when a design is already open in another window.

The lock file is in the user's state folder, under a hash of the design's path. Next to the design,
it would litter the user's folders, and fail in read-only ones.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from PySide6.QtCore import QLockFile, QSysInfo

from studio.look.translate import translator
from studio.model.recovery import state_folder


class FileLock:
    """The claim of one window on the file that it shows."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or state_folder("locks")
        self._path: Path | None = None
        self._lock: QLockFile | None = None

    @property
    def held(self) -> bool:
        """Whether the file is this window's own."""
        return self._lock is not None and self._lock.isLocked()

    def take(self, path: Path | None) -> str:
        """Claim a file and release the previous one; None is a project without a file.

        Returns a sentence if another window has it, otherwise an empty string. Can be called any
        number of times: a file in use is reported once, and claimed as soon as it is free.
        """
        path = path.resolve() if path is not None else None
        told = path == self._path
        if not told:
            self.release()
            self._path = path
        if path is None or self.held or self._try(path) or told:
            return ""
        return self._sentence()

    def release(self) -> None:
        """Release the file, as when the window closes."""
        if self._lock is not None:
            self._lock.unlock()
        self._path = self._lock = None

    def _try(self, path: Path) -> bool:
        """Whether the file is free; if locks cannot be written, this is unknown, and the answer is
        yes."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            return True
        key = hashlib.sha256(os.fsencode(path)).hexdigest()[:32]
        self._lock = QLockFile(str(self._folder / f"{key}.lock"))
        self._lock.setStaleLockTime(0)  # only the end of its process frees a lock, not its age
        taken = self._lock.tryLock(0)
        return taken or self._lock.error() != QLockFile.LockError.LockFailedError

    def _sentence(self) -> str:
        assert self._lock is not None
        process, host, _program = self._lock.getLockInfo()[-3:]
        where = _tr("process {0}").format(process) if process else _tr("another process")
        if process and host and host != QSysInfo.machineHostName():
            where = _tr("process {0} on {1}").format(process, host)
        return _tr(
            "This design is open in another window ({0}). "
            "Saving asks before it overwrites their changes."
        ).format(where)


_tr = translator("FileLock")
