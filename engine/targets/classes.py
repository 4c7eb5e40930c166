"""Targets of which each example has exactly one class: of two, or of many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from engine.errors import DataError
from engine.targets.base import THRESHOLD, Array, Labels, Targets, check_entries


class BinaryTargets(Targets):
    """Two classes in one row: y is 0 or 1, and a prediction is the probability of the second.

    Example: classes ("cat", "dog") and y = 1 mean a dog.
    """

    kind: ClassVar[str] = "binary"
    exclusive = True
    coloring = "sign"

    def rows(self, classes: int) -> int:
        return 1

    def class_count(self, rows: int) -> int:
        return 2

    def check(self, Y: Array) -> None:
        if len(Y) != 1:
            raise DataError(f"Y must be (1, m) for a binary task; got {len(Y)} rows.")
        hint = "For other numbers, choose the regression task."
        check_entries(Y, (Y != 0) & (Y != 1), "a binary target must be 0 or 1", hint)

    def fits(self, Y: Array) -> bool:
        return len(Y) == 1

    def posed_by(self, categories: Sequence[int]) -> bool:
        return list(categories) == [2]

    def labels(self, Y: Array) -> Labels:
        return np.asarray(Y[0], dtype=np.int64)

    def encode(self, labels: Array, classes: int) -> Array:
        return np.asarray(labels, dtype=np.float32).reshape(1, -1)  # (1, m)

    def decide(self, P: Array) -> Array:
        return np.asarray(P >= THRESHOLD, dtype=P.dtype)

    def confidence(self, P: Array) -> Array:
        return np.asarray(np.maximum(P, 1 - P)[0])

    def score(self, P: Array, Y: Array) -> float:
        return float(np.mean((P >= THRESHOLD) == (Y >= THRESHOLD)))

    def words(self, y: Array, classes: Sequence[str], digits: int = 6) -> str:
        return classes[int(y[0])]


class OneHotTargets(Targets):
    """One of C classes: y is one-hot, (C, m), and the most probable class is decided for.

    Example: y = (0, 0, 1) means the third class.
    """

    kind: ClassVar[str] = "multi_class"
    exclusive = True
    coloring = "classes"

    def matrix(self, Y: Array, rows: int) -> Array:
        """Labels, (m,) or (1, m), become one-hot."""
        if Y.ndim == 1 or Y.shape[0] == 1 < rows:
            return _one_hot(Y.ravel(), rows)
        return Y

    def check(self, Y: Array) -> None:
        if len(Y) < 2:
            raise DataError(f"Y must be one-hot, (classes, m), for multi-class; got {len(Y)} row.")
        hint = "Make it with engine.data.one_hot(labels, classes)."
        check_entries(Y, (Y != 0) & (Y != 1), "a one-hot target must be 0 or 1", hint)
        ones = Y.sum(axis=0)
        wrong = np.flatnonzero(ones != 1)
        if wrong.size:
            count = f"Column {wrong[0]} of Y has {ones[wrong[0]]:g} ones"
            raise DataError(f"{count}; one-hot targets have exactly one.", hint=hint)

    def posed_by(self, categories: Sequence[int]) -> bool:
        return len(categories) == 1 and categories[0] > 2

    def from_columns(self, found: Array, categories: Sequence[int]) -> Array:
        return self.encode(found[0], categories[0])

    def labels(self, Y: Array) -> Labels:
        return np.asarray(np.argmax(Y, axis=0), dtype=np.int64)

    def encode(self, labels: Array, classes: int) -> Array:
        matches = np.asarray(labels) == np.arange(classes)[:, np.newaxis]  # (C, m)
        return np.asarray(matches, dtype=np.float32)

    def decide(self, P: Array) -> Array:
        numbers = np.arange(len(P)).reshape(-1, *(1,) * (P.ndim - 1))
        return np.asarray(P.argmax(axis=0) == numbers, dtype=P.dtype)  # (C, ..., m)

    def confidence(self, P: Array) -> Array:
        return np.asarray(P.max(axis=0))

    def errors(self, P: Array, Y: Array, variance: float = 1.0) -> Array:
        return np.asarray(P.argmax(axis=0) != Y.argmax(axis=0), dtype=np.float64)

    def score(self, P: Array, Y: Array) -> float:
        return float(np.mean(np.argmax(P, axis=0) == np.argmax(Y, axis=0)))

    def words(self, y: Array, classes: Sequence[str], digits: int = 6) -> str:
        return classes[int(np.argmax(y))]


def _one_hot(labels: Array, classes: int) -> Array:
    wrong = (labels < 0) | (labels >= classes) | (labels != np.floor(labels))
    if wrong.any():
        bad = labels[wrong][0]
        raise DataError(f"Labels must be whole numbers from 0 to {classes - 1}; got {bad:g}.")
    encoded: Array = np.eye(classes)[:, labels.astype(int)]  # (C, m)
    return encoded
