"""Column: numbers in order of arrival, appended by one thread and read by others.

A row is written before the length that announces it, so a reader never sees half a row and no
lock is needed.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from engine.training.overflow import Overflow

Array = np.ndarray

FIRST_CAPACITY = 1_024
LARGEST_IN_MEMORY = 2**20
"""Bytes; a column that outgrows them goes on in a file, so that a run of millions of iterations
stays exact and takes little memory."""


class Column:
    """Numbers in order of arrival; width 0 for single numbers, n for rows of n."""

    def __init__(self, width: int = 0, dtype: str = "float64") -> None:
        shape = (FIRST_CAPACITY, width) if width else (FIRST_CAPACITY,)
        self._rows: Array = np.empty(shape, dtype)
        self._capacity = FIRST_CAPACITY
        self._length = 0
        self._overflow: Overflow | None = None

    def __len__(self) -> int:
        return self._length

    @property
    def in_file(self) -> bool:
        """Whether the rows rest in a temporary file, being too many for memory."""
        return self._overflow is not None

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

    def first(self, length: int) -> Column:
        """The first rows as a column of their own, without a copy of them until it grows."""
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
        """The rows in a file, with room for more; None where the disk has none."""
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
