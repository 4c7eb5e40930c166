"""Decisions: what is called positive, what is positive and what is known, checked once for all.

P: (n_y, m) probabilities (predictions, for regression); Y: (n_y, m) targets. A single row is
binary; several rows are one-hot multi-class or multi-label; labels of several classes may come as
(m,) or (1, m). NaN in Y is a missing label and is
left out. Where a formula divides by zero, the value is 0.0 (scikit-learn's zero_division=0).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.targets import Targets
from engine.targets.classes import one_hot_of

Array = NDArray[Any]


def right_and_known(
    P: Array, Y: Array, threshold: float, task: str | None
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which decisions are right and which are known: (1, m), or (n_y, m) for multi-label."""
    called, true, known, targets = decisions(P, Y, threshold, task)
    right = called == true
    if targets.exclusive:
        return right.all(axis=0, keepdims=True), known[:1]
    return right, known


def counts(P: Array, Y: Array, threshold: float, task: str | None) -> tuple[Array, Array, Array]:
    """Per class (n_y,): true positives, examples called positive, examples that are positive."""
    called, true, known, _ = decisions(P, Y, threshold, task)
    called, true = called & known, true & known
    return (called & true).sum(axis=1), called.sum(axis=1), true.sum(axis=1)


def decisions(
    P: Array, Y: Array, threshold: float, task: str | None
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_], Targets]:
    """What is called positive, what is positive, what is known, all (n_y, m); and of which kind."""
    P, Y = checked(P, _indicators(P, Y))
    known = ~np.isnan(Y)
    if not ((Y == 0) | (Y == 1) | ~known).all():
        raise DataError("Y must hold only 0, 1, or NaN (a missing label) for this metric.")
    targets = _targets(Y, task)
    if targets.has_threshold:
        called = threshold <= P  # (n_y, m)
    else:
        called = targets.indicators(targets.decide(P), len(P)) == 1
    return called, Y == 1, known, targets


def _indicators(P: Any, Y: Any) -> Array:
    """Labels of several classes, (m,) or (1, m), as one-hot columns."""
    P, Y = np.asarray(P), np.asarray(Y)
    is_labels = P.ndim == 2 and len(P) > 1 and (Y.ndim == 1 or (Y.ndim == 2 and len(Y) == 1))
    return one_hot_of(np.asarray(Y, np.float64).reshape(1, -1), len(P)) if is_labels else Y


def _targets(Y: Array, task: str | None) -> Targets:
    """The targets of a classification that Y holds: those asked for, or the first that fit Y."""
    kinds = {kind: Targets.of(kind) for kind in Targets.registry if Targets.of(kind).has_classes}
    if task is None:
        return next(targets for targets in kinds.values() if targets.fits(Y))
    if task not in kinds:
        raise DataError(f"A task must be one of {', '.join(kinds)}; got {task!r}.")
    if not kinds[task].fits(Y):
        kinds[task].check(Y)  # which says why
    return kinds[task]


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
