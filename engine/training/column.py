"""GrowingColumn: numbers in order of arrival, appended by one thread and read by others.

A row is written before the length that announces it, so a reader never sees half a row, and no
lock is needed. When there are too many rows for memory, they move to a temporary file.
"""

from __future__ import annotations

import copy
import errno
import mmap
import os
import tempfile
import weakref
from typing import Any

import numpy as np

Array = np.ndarray

FIRST_CAPACITY = 1_024
LARGEST_IN_MEMORY = 2**20
"""Bytes. A larger column continues in a file, so a run of millions of iterations stays exact and
takes little memory."""
PIECE_BYTES = 2**20
"""The file grows by about this much at a time, and this much of it stays in memory."""


class GrowingColumn:
    """Numbers in order of arrival; width 0 for single numbers, n for rows of n."""

    def __init__(self, width: int = 0, dtype: str = "float64") -> None:
        shape = (FIRST_CAPACITY, width) if width else (FIRST_CAPACITY,)
        self._rows: Array = np.empty(shape, dtype)
        self._capacity = FIRST_CAPACITY
        self._length = 0
        self._overflow: Overflow | None = None

    def __len__(self) -> int:
        return self._length

    def append(self, row: Any) -> None:
        """Add one number (or one row)."""
        if self._length == self._capacity:
            self._grow()
        self._rows[self._length] = row
        self._length += 1

    @property
    def values(self) -> Array:
        """What has arrived so far, as a view: (length,) or (length, width)."""
        length = self._length  # first: rows up to here are complete in whatever array we get
        return self._rows[:length]

    def first(self, length: int) -> GrowingColumn:
        """The first rows as a separate column, which copies them only when it grows."""
        other = copy.copy(self)
        other._length = other._capacity = min(length, self._length)
        other._rows, other._overflow = self._rows[: other._length], None
        return other

    def fill(self, values: Array) -> None:
        """Replace everything by these values."""
        values = np.asarray(values, self._rows.dtype)
        spare = np.empty((FIRST_CAPACITY, *self._rows.shape[1:]), self._rows.dtype)
        self._overflow = None
        self._rows = np.concatenate([values, spare])
        self._capacity, self._length = len(self._rows), len(values)
        if values.nbytes > LARGEST_IN_MEMORY:
            self._grow()

    def _grow(self) -> None:
        rows = None
        if self._rows.nbytes >= LARGEST_IN_MEMORY:
            rows = self._in_file()
        self._rows = self._doubled() if rows is None else rows
        self._capacity = len(self._rows)

    def _doubled(self) -> Array:
        rows = np.empty((2 * self._length, *self._rows.shape[1:]), self._rows.dtype)
        rows[: self._length] = self.values
        return rows

    def _in_file(self) -> Array | None:
        """The rows in a file, with room for more; None if the disk is full."""
        try:
            if self._overflow is not None:
                return self._overflow.extended(self._length)
            overflow = Overflow(self._rows.shape[1:], self._rows.dtype)
            rows = overflow.extended(self._length)
        except OSError:
            self._overflow = None
            return None
        rows[: self._length] = self.values
        self._overflow = overflow
        return rows


class Overflow:
    """Rows in an unnamed file that is mapped to memory: exact, and only the rows in use take
    memory.

    row_shape: () for single numbers, (n,) for rows of n. The file is deleted with this
    object, or when the program ends. Raises OSError if there is no room for it.
    """

    def __init__(self, row_shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self._row = np.empty(row_shape, dtype)
        self._piece = max(1, PIECE_BYTES // self._row.nbytes)
        self._length = 0
        self._file = tempfile.TemporaryFile(prefix="backprop-studio-", buffering=0)  # noqa: SIM115
        weakref.finalize(self, self._file.close)

    def extended(self, length: int) -> Array:
        """All rows with room for more than `length` of them.

        The rows written before are unchanged; mapping the file again frees the memory that they
        used. Zeros are written first, so that a full disk raises an error here instead of crashing
        at some later row.
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
