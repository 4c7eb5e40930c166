"""SeenFile: a file as it was last read or written, to tell whether somebody changed it since."""

from __future__ import annotations

import hashlib
import os
from enum import StrEnum
from pathlib import Path
from typing import Self

from engine.limits import MAX_MODEL_BYTES
from engine.regular_file import open_regular, size_of

NO_FILE, UNREADABLE = "", "unreadable"


class FileState(StrEnum):
    """What became of a file: nothing, other content, or it was deleted or moved away."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"


class SeenFile:
    """path: of the file. checksum: of its content as it was then; NO_FILE where there was none."""

    def __init__(self, path: str | Path, checksum: str) -> None:
        self.path, self.checksum = Path(path), checksum
        self._facts: tuple[int, ...] | None = None

    @classmethod
    def now(cls, path: str | Path) -> Self:
        """As it is now. Before a file is read, so that no later change goes unnoticed."""
        return cls(path, _checksum(Path(path)))

    @classmethod
    def written(cls, path: str | Path, content: bytes) -> Self:
        """As it is with this content."""
        return cls(path, hashlib.sha256(content).hexdigest())

    def state(self) -> FileState:
        """What became of it. The content is read only where size, time or identity differ."""
        facts = _facts(self.path)
        if facts is not None and facts == self._facts:
            return FileState.SAME
        found = _checksum(self.path)
        if found == self.checksum != NO_FILE:
            self._facts = facts  # from before the content was read
            return FileState.SAME
        return FileState.GONE if found == NO_FILE else FileState.CHANGED


def _facts(path: Path) -> tuple[int, ...] | None:
    """What changes with the content of a file; None where it cannot be said."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _checksum(path: Path) -> str:
    """Of a regular file; never waits for a pipe or a device, nor reads what is too large for us."""
    try:
        with open_regular(path) as file:
            if size_of(file) > MAX_MODEL_BYTES:
                return UNREADABLE
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return NO_FILE
    except (OSError, ValueError):
        return UNREADABLE if os.path.lexists(path) else NO_FILE
