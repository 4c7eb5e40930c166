"""Confusion: which class was taken for which, how often, and by which examples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.metrics.decisions import Array, decisions
from engine.targets import THRESHOLD


def confusion_matrix(
    P: Array, Y: Array, *, threshold: float = THRESHOLD, task: str | None = None
) -> NDArray[np.int64]:
    """How many examples of each true class (row) were taken for which class (column).

    Binary: (2, 2), classes 0 and 1. Multi-class: (C, C). Multi-label: (C, 2, 2), one binary matrix
    per label. Same orientation as scikit-learn's.

    Example: P = [[0.9, 0.4, 0.6]], Y = [[1, 0, 0]] gives [[1, 1], [0, 1]].

    Source: Stehman 1997, "Selecting and interpreting measures of thematic classification accuracy".
    """
    called, true, known, targets = decisions(P, Y, threshold, task)
    if not targets.has_threshold:
        y, p = (array[:, known[0]].argmax(axis=0) for array in (true, called))
        return _crossed(y, p, len(true))
    pairs = zip(called, true, known, strict=True)
    tables = np.stack([_crossed(y[k], p[k], 2) for p, y, k in pairs])  # (n_y, 2, 2)
    return tables if targets.separate else tables[0]


def _crossed(true: Array, called: Array, classes: int) -> NDArray[np.int64]:
    """A table (classes, classes) of how often each pair (true, called) occurs."""
    cells = np.bincount(true.astype(np.int64) * classes + called, minlength=classes**2)
    return cells.reshape(classes, classes).astype(np.int64)  # (classes, classes)


@dataclass(frozen=True, eq=False)
class Cells:
    """Which examples lie in which cell of a confusion matrix.

    true, called: (m,) the class of each example and the class it was taken for, from 0; -1 in both
    where the label is missing. classes: how many there are.
    """

    true: NDArray[np.int64]
    called: NDArray[np.int64]
    classes: int

    @property
    def matrix(self) -> NDArray[np.int64]:
        """(classes, classes): true classes are rows, as in `confusion_matrix`."""
        known = self.true >= 0
        return _crossed(self.true[known], self.called[known], self.classes)

    def examples(self, true: int, called: int) -> NDArray[np.int64]:
        """The examples in one cell, by their columns in P and Y, in order."""
        return np.flatnonzero((self.true == true) & (self.called == called))

    @property
    def wrong(self) -> NDArray[np.int64]:
        """The examples off the diagonal."""
        return np.flatnonzero(self.true != self.called)


@dataclass(frozen=True)
class ClassScores:
    """One class against all others. examples: how many there are of it; called: how many were
    taken for it."""

    precision: float
    recall: float
    f1: float
    examples: int
    called: int


def cells(
    P: Array,
    Y: Array,
    *,
    threshold: float = THRESHOLD,
    task: str | None = None,
    label: int | None = None,
) -> Cells:
    """The cells of a task whose classes exclude each other, or of one label of a multi-label task.

    Raises DataError for a multi-label task without `label`.
    """
    said, true, known, targets = decisions(P, Y, threshold, task)
    if not targets.has_threshold:
        y, p = (np.where(known[0], array.argmax(axis=0), -1) for array in (true, said))
        return Cells(y, p, len(true))
    if targets.separate and (label is None or not 0 <= label < len(true)):
        raise DataError(
            f"One of the {len(true)} labels must be chosen, from 0; got {label}.",
            hint="With several labels, each has its own matrix.",
        )
    row = label or 0
    numbers = (np.where(known[row], values[row], -1) for values in (true, said))
    first, second = (values.astype(np.int64) for values in numbers)
    return Cells(first, second, 2)


def per_class(matrix: NDArray[np.int64]) -> list[ClassScores]:
    """Precision, recall, and F1 of every class, from a confusion matrix (classes, classes).

    precision_c = M_cc / sum_i M_ic, recall_c = M_cc / sum_j M_cj, f1_c = 2 M_cc / (both sums)

    Example: [[1, 1], [0, 1]] gives precision 1 and 1/2, recall 1/2 and 1, F1 2/3 and 2/3.
    """
    hits, called, examples = np.diag(matrix), matrix.sum(axis=0), matrix.sum(axis=1)
    return [
        ClassScores(_share(h, c), _share(h, e), _share(2 * h, c + e), e, c)
        for h, c, e in zip(hits.tolist(), called.tolist(), examples.tolist(), strict=True)
    ]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
