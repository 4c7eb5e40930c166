"""Overflow: rows that have become too many for memory rest in a temporary file."""

from __future__ import annotations

import errno
import mmap
import os
import tempfile
import weakref
from typing import Any

import numpy as np

Array = np.ndarray

PIECE_BYTES = 2**20
"""About what the file grows by; as much of it stays in memory."""


class Overflow:
    """Rows in a file without a name, mapped to memory: exact, and only what is in use takes room.

    row_shape: () for single numbers, (n,) for rows of n. The file goes when this object goes, or
    the program. Raises OSError where there is no room for it.
    """

    def __init__(self, row_shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self._row = np.empty(row_shape, dtype)
        self._piece = max(1, PIECE_BYTES // self._row.nbytes)
        self._length = 0
        self._file = tempfile.TemporaryFile(prefix="backprop-studio-", buffering=0)  # noqa: SIM115
        weakref.finalize(self, self._file.close)

    def extended(self, length: int) -> Array:
        """All rows with room for more than `length` of them.

        The rows written before are the same ones; mapping the file anew gives back the memory that
        they took. Zeros are written first, because a full disk must show here, as an error, and
        not at some later row, as a crash.
        """
        while self._length <= length:
            self._write(bytes(self._piece * self._row.nbytes))
            self._length += self._piece
        memory = mmap.mmap(self._file.fileno(), self._length * self._row.nbytes)
        rows = np.frombuffer(memory, self._row.dtype)
        return rows.reshape(self._length, *self._row.shape)

    def _write(self, zeros: bytes) -> None:
        if self._file.write(zeros) != len(zeros):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
