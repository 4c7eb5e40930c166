"""Pyramid: minima and maxima of a growing column, so that any stretch of it is drawn fast.

Level 0 is the column itself. A bucket of level k holds minimum and maximum of 16 buckets of level
k - 1. New values touch the last bucket of each level only, and a window of the column is read from
the level that has about as many buckets as the window has pixels: neither depends on the length.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray

FACTOR = 16
WIDEST_BY_COLUMN = 32
MOST_PER_UPDATE = 131_072
"""Values taken in at once: a long history, as from a file, arrives over several updates."""


class Envelope(NamedTuple):
    """A window of a column in n buckets. centers: (n,) of the buckets, counted from 0.

    low, high: (n,) or (n, width), NaN where a bucket has nothing to draw; mean likewise, or None.
    step: values in a bucket; with 1, low and high are the values themselves.
    """

    centers: Array
    low: Array
    high: Array
    mean: Array | None
    step: int


class Pyramid:
    """The levels above one column of shape (length,) or (length, width).

    positive: leave out values that a logarithmic axis cannot show. Values that are not finite
    are always left out. means: keep the buckets' means too.
    """

    def __init__(self, width: int = 0, *, positive: bool = False, means: bool = False) -> None:
        self.length = 0
        self.positive = positive
        self._row = (width,) if width else ()
        self._values: Array = np.empty((0, *self._row))
        self._levels: list[_Level] = []
        self._means = means
        self._low, self._high = math.inf, -math.inf

    def update(self, values: Array) -> bool:
        """Take in what is new in `values`, the whole column; True when all has been taken in.

        values: (length,) or (length, width), longer than or as long as at the last call.
        """
        most = max(1, MOST_PER_UPDATE // (self._row[0] if self._row else 1))
        length = min(len(values), self.length + most)
        self._values = values
        if length > self.length:
            self._extend(length)
        return self.length == len(values)

    def extremes(self) -> tuple[float, float] | None:
        """Least and greatest of all that can be drawn; None if nothing can."""
        return (self._low, self._high) if self._low <= self._high else None

    @property
    def nbytes(self) -> int:
        """The memory that the levels take, without the column itself."""
        return sum(level.nbytes for level in self._levels)

    def window(self, start: int, stop: int, most: int) -> Envelope:
        """Values start..stop-1 in at most about `most` buckets, aligned so that they stay put."""
        start, stop = max(0, start), min(stop, self.length)
        step = 1
        while stop - start > most * step:
            step *= 2
        if step == 1 or stop <= start:
            return self._exact(start, max(start, stop))
        level, unit = 0, 1
        while unit * FACTOR <= step and level < len(self._levels):
            level, unit = level + 1, unit * FACTOR
        return self._reduced(level, start // step, -(-stop // step), step // unit, step)

    def _exact(self, start: int, stop: int) -> Envelope:
        low, high, _ = _prepared(self._values[start:stop], self.positive)
        shown = np.where(low == high, low, np.nan)
        return Envelope(np.arange(start, stop), shown, shown, shown if self._means else None, 1)

    def _reduced(self, level: int, first: int, last: int, factor: int, step: int) -> Envelope:
        """Buckets first..last-1 of `step` values, each from `factor` entries of a level."""
        span = slice(first * factor, last * factor)
        if level == 0:
            rows = self._values[: self.length][span]
            low, high, total = _prepared(rows, self.positive)
        else:
            low, high, total = self._levels[level - 1].read(span)
        low, high = _fold(low, factor, np.minimum, np.inf), _fold(high, factor, np.maximum, -np.inf)
        starts = np.arange(first, first + len(low)) * step
        stops = np.minimum(starts + step, self.length)
        empty = low > high
        mean = None
        if self._means:
            mean = _fold(total, factor, np.add, 0.0) / (stops - starts)
        low = np.where(empty, np.nan, low)
        high = np.where(empty, np.nan, high)
        return Envelope((starts + stops - 1) / 2, low, high, mean, step)

    def _extend(self, length: int) -> None:
        begin = self.length // FACTOR  # the first bucket of the level that changes
        rows = self._values[begin * FACTOR : length]
        low, high, total = _prepared(rows, self.positive)
        self._low = min(self._low, float(low.min()))
        self._high = max(self._high, float(high.max()))
        count, level = length, 0
        while count > FACTOR:
            if level == len(self._levels):
                self._levels.append(_Level(self._row, self._values.dtype, self._means))
            here = self._levels[level]
            if not here.length:  # a new level: take all of what lies below
                begin, (low, high, total) = 0, self._below(level, length)
            here.write(begin, low, high, total)
            count = here.length
            begin //= FACTOR
            low, high, total = here.read(slice(begin * FACTOR, None))
            level += 1
        self.length = length

    def _below(self, level: int, length: int) -> tuple[Array, Array, Array]:
        if level == 0:
            return _prepared(self._values[:length], self.positive)
        return self._levels[level - 1].read(slice(None))


class _Level:
    """Minima, maxima and sums of the buckets of one size; the last bucket may be incomplete."""

    def __init__(self, row: tuple[int, ...], dtype: np.dtype[Any], sums: bool) -> None:
        self.length = 0
        self._low: Array = np.empty((FACTOR, *row), dtype)
        self._high: Array = np.empty((FACTOR, *row), dtype)
        self._sums: Array | None = np.empty(FACTOR) if sums else None

    @property
    def nbytes(self) -> int:
        """The memory that it takes."""
        sums = 0 if self._sums is None else self._sums.nbytes
        return self._low.nbytes + self._high.nbytes + sums

    def read(self, span: slice) -> tuple[Array, Array, Array]:
        low, high = self._low[: self.length][span], self._high[: self.length][span]
        return low, high, low if self._sums is None else self._sums[: self.length][span]

    def write(self, begin: int, low: Array, high: Array, total: Array) -> None:
        """Replace the buckets from `begin` on by those of the entries below."""
        low, high = _fold(low, FACTOR, np.minimum, np.inf), _fold(high, FACTOR, np.maximum, -np.inf)
        self.length = begin + len(low)
        self._reserve(self.length)
        self._low[begin : self.length], self._high[begin : self.length] = low, high
        if self._sums is not None:
            self._sums[begin : self.length] = _fold(total, FACTOR, np.add, 0.0)

    def _reserve(self, length: int) -> None:
        if length > len(self._low):
            self._low, self._high = _grown(self._low, length), _grown(self._high, length)
            self._sums = None if self._sums is None else _grown(self._sums, length)


def _prepared(rows: Array, positive: bool) -> tuple[Array, Array, Array]:
    """Minima, maxima and sums of single values; what cannot be drawn counts as (inf, -inf, 0)."""
    drawn = np.isfinite(rows)
    if positive:
        drawn &= rows > 0
    if drawn.all():
        return rows, rows, rows
    low, high, total = (np.where(drawn, rows, fill) for fill in (np.inf, -np.inf, 0.0))
    return low, high, total


def _fold(values: Array, factor: int, combine: np.ufunc, fill: float) -> Array:
    """Every `factor` rows to one; the last may have fewer.

    Column by column: a reduction along so short an axis takes several times as long.
    """
    if factor == 1 or len(values) == 0:
        return values
    missing = -len(values) % factor
    if missing:
        padding = np.full((missing, *values.shape[1:]), fill, values.dtype)
        values = np.concatenate([values, padding])
    grouped = values.reshape(-1, factor, *values.shape[1:])  # (n / factor, factor, ...)
    if factor > WIDEST_BY_COLUMN:
        return np.asarray(combine.reduce(grouped, axis=1))
    folded = np.array(grouped[:, 0])
    for column in range(1, factor):
        combine(folded, grouped[:, column], out=folded)
    return folded


def _grown(values: Array, length: int) -> Array:
    grown = np.empty((length + length // 4 + FACTOR, *values.shape[1:]), values.dtype)
    grown[: len(values)] = values
    return grown
