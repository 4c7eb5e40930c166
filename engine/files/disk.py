"""Reading and writing whole files so that a failure never costs what was there before."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from engine.errors import FileError
from engine.limits import MAX_MODEL_BYTES
from engine.regular_file import cause, check_kind, is_link, is_there, open_regular, size_of

PRIVATE = stat.S_IRUSR | stat.S_IWUSR
WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
NAME_IN_PART = 40
"""Letters of a file's name in that of its temporary file, which must not become too long."""


def read_bytes(path: str | Path, most: int = MAX_MODEL_BYTES) -> bytes:
    """The content of a file of at most so many bytes. Raises FileError with the cause."""
    path = checked_name(path)
    try:
        with open_regular(path) as file:
            content = file.read(most + 1) if size_of(file) <= most else None
    except FileNotFoundError:
        raise FileError(f"There is no file '{path}'.", hint="Check its name and folder.") from None
    except OSError as error:
        raise FileError(f"'{path.name}' cannot be read: {cause(error)}.") from error
    if content is None or len(content) > most:
        raise FileError(
            f"'{path.name}' is larger than {most // 10**6:,} MB,"
            " so it cannot be a Backprop Studio project."
        )
    return content


def write_safely(path: str | Path, content: bytes, private: bool = False) -> None:
    """Write `content` as `replacing` does."""
    with replacing(path, private) as file:
        file.write(content)


@contextmanager
def replacing(path: str | Path, private: bool = False) -> Iterator[BinaryIO]:
    """A temporary file that takes the place of `path` in one step when the block ends well.

    A symbolic link stays and the file that it names is written; hard links go on sharing one file.
    private: nobody else may read it. If anything fails, or the file is read-only, the old file
    stays as it was and FileError says why.
    """
    temporary: Path | None = None
    try:
        target = _writable_file(path)
        temporary, file = _part_beside(target)
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _put_in_place(temporary, target, PRIVATE if private else _mode(target))
    except OSError as error:
        raise _unsaved(path, error) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def check_writable(path: str | Path) -> None:
    """Raises FileError where `write_safely` would fail, as far as that can be known before."""
    try:
        target = _writable_file(path)
        temporary, file = _part_beside(target)
        file.close()
        temporary.unlink()
        if _is_shared(target):
            with target.open("r+b"):
                pass
    except OSError as error:
        raise _unsaved(path, error) from error


def checked_name(path: str | Path) -> Path:
    """The path. Raises FileError where no file of this system can have such a name."""
    if not str(path):
        raise FileError("The name of the file is empty.", hint="Give it a name.")
    try:
        sound = b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        sound = False
    if not sound or not Path(path).name:
        raise FileError(f"{str(path)!a} is not the name of a file.", hint="Give it another name.")
    return Path(path)


def real_file(path: str | Path) -> Path:
    """Where a file is written: behind all links. Raises FileError or OSError for what is none."""
    target = Path(os.path.realpath(checked_name(path)))
    check_kind(target)
    return target


def folder_of(path: str | Path) -> Path:
    """The folder that paths inside a file are relative to: the real one behind a link."""
    path = Path(path)
    return Path(os.path.realpath(path)).parent if is_link(path) else path.parent


def is_read_only(path: str | Path) -> bool:
    """Whether a file is there that must not be written, as a teacher's template may be.

    The owner's mark counts even for those whom the system would let write all the same.
    """
    try:
        target = real_file(path)
        return not target.stat().st_mode & WRITABLE or not os.access(target, os.W_OK)
    except (FileError, OSError):
        return False


def _writable_file(path: str | Path) -> Path:
    """As `real_file`; raises OSError for a file that is read-only, too."""
    target = real_file(path)
    if is_read_only(target):
        raise OSError(errno.EACCES, "it is read-only")
    return target


def _part_beside(target: Path) -> tuple[Path, BinaryIO]:
    """A new temporary file in the folder of `target`, open for writing."""
    prefix = f".{target.name[:NAME_IN_PART]}."
    handle, name = tempfile.mkstemp(prefix=prefix, suffix=".part", dir=target.parent)
    return Path(name), os.fdopen(handle, "wb")


def _put_in_place(temporary: Path, target: Path, mode: int) -> None:
    if _is_shared(target):
        _overwrite(target, temporary.read_bytes())
        return
    temporary.chmod(mode)
    temporary.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Let a new name in a folder outlast a power failure, where the system offers that."""
    if os.name == "nt":
        return  # there, folders cannot be opened
    with suppress(OSError):  # nor can they be synced on some network drives: the file is there
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _is_shared(path: Path) -> bool:
    """Whether hard links give the file other names, which a replacement would cut off."""
    return path.exists() and path.stat().st_nlink > 1


def _overwrite(target: Path, content: bytes) -> None:
    """Write into the same file; where that fails, the old content is put back."""
    old = target.read_bytes()
    try:
        _write_over(target, content)
    except OSError:
        _write_over(target, old)
        raise


def _write_over(target: Path, content: bytes) -> None:
    with target.open("r+b") as file:
        file.write(content)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced, or those of any new file."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _unsaved(path: str | Path, error: OSError) -> FileError:
    kept = "The previous file is unchanged. " if is_there(Path(path)) else ""
    return FileError(
        f"'{Path(path).name}' cannot be saved: {cause(error)}.",
        hint=f"{kept}Try another folder.",
    )
