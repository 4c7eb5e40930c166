"""Reading the arrays of a bundled .npz file so that damage to it becomes a sentence."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from engine.data.checks import Array
from engine.errors import FileError

_DAMAGE = (OSError, EOFError, KeyError, ValueError, NotImplementedError, zlib.error, BadZipFile)


def read_arrays(file: Path, *names: str, what: str) -> list[Array]:
    """The arrays of these names. what: a noun for messages, such as "digits". Raises FileError."""
    try:
        with zipfile.ZipFile(file) as archive:
            return [_array(archive, name) for name in names]
    except _DAMAGE as error:
        raise unreadable(file, what, str(error.args[-1])) from error


def unreadable(file: Path, what: str, reason: str) -> FileError:
    """The error that says why a bundled file cannot be used."""
    return FileError(
        f"The {what} in '{file}' cannot be read: {reason.strip().rstrip('.')}.",
        hint="Install Backprop Studio again, or restore this file.",
    )


def _array(archive: zipfile.ZipFile, name: str) -> Array:
    """One array of an .npz file. np.load leaves damaged files open and takes text for a pickle."""
    data = io.BytesIO(archive.read(f"{name}.npy"))
    return np.asarray(np.lib.format.read_array(data, allow_pickle=False))
