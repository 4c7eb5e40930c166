"""Targets of which each example has exactly one class: of two, or of many."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from engine.errors import DataError
from engine.targets.base import (
    THRESHOLD,
    UNKNOWN,
    Array,
    Labels,
    Targets,
    check_entries,
    from_codes,
    unknown,
)


class _Exclusive(Targets):
    """Base of targets with one class for each example: Y is its label, (1, m), NaN if unknown."""

    abstract = True
    exclusive = True

    def rows(self, outputs: int) -> int:
        return 1

    def matrix(self, Y: Array, outputs: int) -> Array:
        return Y.reshape(1, -1) if Y.ndim == 1 else Y  # (1, m)

    def labels(self, Y: Array) -> Labels:
        return np.asarray(np.where(np.isnan(Y[0]), -1, Y[0]), dtype=np.int64)

    def encode(self, labels: Array) -> Array:
        return from_codes(labels).reshape(1, -1)  # (1, m)

    def from_columns(self, found: Array, categories: Sequence[int]) -> Array:
        return self.encode(found[0])

    def score(self, P: Array, Y: Array) -> float:
        known = np.count_nonzero(Y == Y)  # noqa: PLR0124 - NaN alone differs from itself
        return np.count_nonzero(self.decide(P) == Y) / known if known else 0.0

    def words(self, y: Array, classes: Sequence[str], digits: int = 6) -> str:
        return UNKNOWN if np.isnan(y[0]) else classes[int(y[0])]


class BinaryTargets(_Exclusive):
    """Two classes: y is 0 or 1, and a prediction is the probability of the second.

    Example: classes ("cat", "dog") and y = 1 mean a dog.
    """

    kind: ClassVar[str] = "binary"
    coloring = "sign"

    def outputs(self, classes: int) -> int:
        return 1

    def class_count(self, outputs: int) -> int:
        return 2

    def check(self, Y: Array, outputs: int | None = None) -> None:
        if len(Y) != 1:
            raise DataError(f"Y must be (1, m) for a binary task; got {len(Y)} rows.")
        hint = "For other numbers, choose the regression task."
        wrong = (Y != 0) & (Y != 1) & ~unknown(Y)
        check_entries(Y, wrong, "a binary target must be 0 or 1, or NaN (unknown)", hint)

    def fits(self, Y: Array) -> bool:
        return len(Y) == 1

    def posed_by(self, categories: Sequence[int]) -> bool:
        return list(categories) == [2]

    def decide(self, P: Array) -> Array:
        return np.asarray(P >= THRESHOLD, dtype=P.dtype)

    def confidence(self, P: Array) -> Array:
        return np.asarray(np.maximum(P, 1 - P)[0])


class ClassTargets(_Exclusive):
    """One of C classes: y is the number of the class, 0 to C - 1, and the most probable class is
    decided for. One-hot matrices, (C, m), are taken in as well.

    Example: y = 2 means the third class, as (0, 0, 1) does.
    """

    kind: ClassVar[str] = "multi_class"
    coloring = "classes"

    def outputs_of(self, Y: Array, classes: Sequence[str] = ()) -> int:
        if len(Y) > 1 or classes:
            return max(len(Y), len(classes))
        known = Y[~unknown(Y)]
        return 1 + int(known.max()) if known.size else 2

    def matrix(self, Y: Array, outputs: int) -> Array:
        """One-hot columns become labels."""
        if Y.ndim == 2 and len(Y) == outputs > 1:
            _check_one_hot(Y)
            return labels_of(Y)
        return super().matrix(Y, outputs)

    def check(self, Y: Array, outputs: int | None = None) -> None:
        """Y: labels, or one-hot."""
        if len(Y) > 1:
            _check_one_hot(Y)
            return
        most = np.inf if outputs is None else outputs - 1
        with np.errstate(invalid="ignore"):
            sound = (Y >= 0) & (most >= Y) & (np.floor(Y) == Y) | unknown(Y)
        limit = "" if outputs is None else f" to {most}"
        check_entries(Y, ~sound, f"a label must be a whole number from 0{limit}, or NaN (unknown)")

    def indicators(self, Y: Array, outputs: int) -> Array:
        return one_hot_of(Y, outputs) if len(Y) == 1 < outputs else Y

    def posed_by(self, categories: Sequence[int]) -> bool:
        return len(categories) == 1 and categories[0] > 2

    def decide(self, P: Array) -> Array:
        return np.asarray(P.argmax(axis=0)[np.newaxis], dtype=P.dtype)  # (1, ..., m)

    def confidence(self, P: Array) -> Array:
        return np.asarray(P.max(axis=0))


def one_hot_of(labels: Array, classes: int) -> Array:
    """(C, ..., m) of 0 and 1 in the dtype of the labels, (1, ..., m); NaN for an unknown one."""
    matches = labels == _numbers(classes, labels.dtype, labels.ndim)  # (C, ..., m)
    encoded = matches.astype(labels.dtype)
    if np.count_nonzero(matches) < labels.size:  # only then look for what is unknown
        np.copyto(encoded, labels.dtype.type(np.nan), where=np.isnan(labels))
    return encoded


@lru_cache(maxsize=64)
def _numbers(classes: int, dtype: np.dtype[Any], axes: int) -> Array:
    """0 to C - 1 as (C, 1, ..., 1); making it takes longer than comparing a small batch with it."""
    numbers = np.arange(classes, dtype=dtype).reshape(-1, *(1,) * (axes - 1))  # (C, 1, ...)
    numbers.flags.writeable = False
    return numbers


def labels_of(one_hot: Array) -> Array:
    """(1, m) from one-hot columns, (C, m); NaN for one of NaN."""
    dtype = one_hot.dtype if one_hot.dtype.kind == "f" else np.float64
    labels = np.asarray(np.argmax(one_hot, axis=0)[np.newaxis], dtype=dtype)  # (1, m)
    return np.where(unknown(one_hot).any(axis=0), np.nan, labels).astype(dtype)


def _check_one_hot(Y: Array) -> None:
    hint = "Make it with engine.data.one_hot(labels, classes), or give the labels, (1, m)."
    nobody_knows = unknown(Y).all(axis=0)
    wrong = (Y != 0) & (Y != 1) & ~nobody_knows
    check_entries(Y, wrong, "a one-hot target must be 0 or 1", hint)
    ones = Y.sum(axis=0)
    wrong_columns = np.flatnonzero((ones != 1) & ~nobody_knows)
    if wrong_columns.size:
        first = wrong_columns[0]
        count = f"Column {first} of Y has {ones[first]:g} ones"
        raise DataError(f"{count}; one-hot targets have exactly one.", hint=hint)
