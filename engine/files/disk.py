"""Reading and writing whole files so that a failure never costs what was there before."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from engine.errors import FileError

MAX_BYTES = 2**31


def read_bytes(path: str | Path) -> bytes:
    """The content of a file. Raises FileError with the cause."""
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileError(f"'{path.name}' has more than 2 GB; this cannot be a project of ours.")
        return path.read_bytes()
    except FileNotFoundError:
        raise FileError(f"There is no file '{path}'.", hint="Check its name and folder.") from None
    except OSError as error:
        raise FileError(f"'{path.name}' cannot be read: {_cause(error)}.") from error


def write_safely(path: str | Path, content: bytes) -> None:
    """Write a temporary file beside `path`, then put it in its place in one step.

    If anything fails, the old file stays as it was and FileError says why.
    """
    path = Path(path)
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(path))
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise FileError(
            f"'{path.name}' cannot be saved: {_cause(error)}.",
            hint="What was there before is untouched. Try another folder.",
        ) from error


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced, or those of any new file."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _cause(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
