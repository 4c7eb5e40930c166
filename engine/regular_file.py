"""Regular files: what may be read. A pipe, a device, a socket or a folder never is: it may not end.

Every reader of a path that a person or a file names opens it here, so that nothing waits for a
writer that never comes.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

PIECE_BYTES = 4 * 2**20


def cause(error: OSError) -> str:
    """Why it failed, to follow a colon."""
    return (error.strerror or str(error)).lower()


def is_there(path: Path) -> bool:
    """Whether there is something; as the two below, not for a name that no file can have. (`Path`
    raises OSError for one that is too long.)"""
    return os.path.exists(path)  # noqa: PTH110


def is_folder(path: Path) -> bool:
    """Whether it is a folder, or a link to one."""
    return os.path.isdir(path)  # noqa: PTH112


def is_link(path: Path) -> bool:
    """Whether it is a symbolic link."""
    return os.path.islink(path)  # noqa: PTH114


def check_kind(path: Path) -> None:
    """Raises OSError for what is there and no regular file."""
    try:
        _check_mode(path.stat().st_mode)
    except FileNotFoundError:
        return


def open_regular(path: Path) -> BufferedReader:
    """The file, to be read. Raises OSError for anything else, without waiting for it.

    What it is is asked of the opened file itself: the path may name another one a moment later.
    """
    check_kind(path)  # to open a device may already do something
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    file = os.fdopen(handle, "rb")
    try:
        _check_mode(os.fstat(handle).st_mode)
    except OSError:
        file.close()
        raise
    return file


def size_of(file: BufferedReader) -> int:
    """Bytes in an opened file."""
    return os.fstat(file.fileno()).st_size


def pieces_of(file: BufferedReader, size: int = PIECE_BYTES) -> Iterator[bytes]:
    """The content, so many bytes at a time. Raises OSError for a file that grows meanwhile: it
    may never end."""
    left = size_of(file)
    while piece := file.read(size):
        left -= len(piece)
        if left < 0:
            raise OSError(errno.EFBIG, "it grows while it is read")
        yield piece


def _check_mode(mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, f"it is {_kind(mode)}, not a file")


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a pipe",
        stat.S_IFSOCK: "a socket",
    }
    return kinds.get(stat.S_IFMT(mode), "a device")
