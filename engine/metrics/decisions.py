"""Decisions: what is called positive, what is positive and what is known, checked once for all.

P: (n_y, m) probabilities (predictions, for regression); Y: (n_y, m) targets. A single row is
binary; several rows are one-hot multi-class or multi-label. NaN in Y is a missing label and is
left out. Where a formula divides by zero, the value is 0.0 (scikit-learn's zero_division=0).
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError

Array = NDArray[Any]
Classes = Literal["binary", "multi_class", "multi_label"]
CLASSIFICATION = ("binary", "multi_class", "multi_label")
THRESHOLD = 0.5


def right_and_known(
    P: Array, Y: Array, threshold: float, task: Classes | None
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which decisions are right and which are known: (1, m), or (n_y, m) for multi-label."""
    called, true, known, kind = decisions(P, Y, threshold, task)
    right = called == true
    if kind == "multi_class":
        return right.all(axis=0, keepdims=True), known[:1]
    return right, known


def counts(
    P: Array, Y: Array, threshold: float, task: Classes | None
) -> tuple[Array, Array, Array]:
    """Per class (n_y,): true positives, examples called positive, examples that are positive."""
    called, true, known, _ = decisions(P, Y, threshold, task)
    called, true = called & known, true & known
    return (called & true).sum(axis=1), called.sum(axis=1), true.sum(axis=1)


def decisions(
    P: Array, Y: Array, threshold: float, task: Classes | None
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_], Classes]:
    """What is called positive, what is positive, what is known, all (n_y, m); and the task."""
    P, Y = checked(P, Y)
    known = ~np.isnan(Y)
    if not ((Y == 0) | (Y == 1) | ~known).all():
        raise DataError("Y must hold only 0, 1 or NaN (a missing label) for this metric.")
    one_hot = bool((Y.sum(axis=0) == 1).all())
    kind = task or _guess(len(Y), one_hot)
    _check_task(kind, len(Y), one_hot)
    true = Y == 1
    if kind == "multi_class":
        called = np.argmax(P, axis=0) == np.arange(len(P))[:, None]  # (n_y, m)
        return called, true, known, kind
    return threshold <= P, true, known, kind


def _guess(rows: int, one_hot: bool) -> Classes:
    if rows == 1:
        return "binary"
    return "multi_class" if one_hot else "multi_label"


def _check_task(task: str, rows: int, one_hot: bool) -> None:
    if task not in CLASSIFICATION:
        raise DataError(f"A task must be one of {', '.join(CLASSIFICATION)}; got {task!r}.")
    if task == "binary" and rows != 1:
        raise DataError(f"P and Y must be (1, m) for a binary task; got {rows} rows.")
    if task == "multi_class" and not one_hot:
        raise DataError("Each column of Y must be one-hot for a multi-class task: one 1, else 0.")


def checked(P: Array, Y: Array) -> tuple[Array, Array]:
    P, Y = np.asarray(P), np.asarray(Y)
    if P.ndim != 2 or P.shape != Y.shape:
        raise DataError(
            f"P and Y must have the same shape (n_y, m); got P {P.shape} and Y {Y.shape}.",
            hint="Examples are columns.",
        )
    if P.size == 0:
        raise DataError(f"A metric needs one example or more; got P of shape {P.shape}.")
    if P.dtype.kind not in "fiub" or Y.dtype.kind not in "fiub":
        raise DataError(f"P and Y must be numbers; got {P.dtype} and {Y.dtype}.")
    if not np.isfinite(P).all():
        raise DataError("P must be finite; it has infinite values or NaN.")
    return P.astype(np.float64, copy=False), Y.astype(np.float64, copy=False)
