"""Metrics: numbers that people read, next to the cost that training lowers.

P: (n_y, m) probabilities (predictions, for regression); Y: (n_y, m) targets. A single row is
binary; several rows are one-hot multi-class or multi-label. NaN in Y is a missing label and is
left out. Where a formula divides by zero, the value is 0.0 (scikit-learn's zero_division=0).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError

Array = NDArray[Any]
Classes = Literal["binary", "multi_class", "multi_label"]
CLASSIFICATION = ("binary", "multi_class", "multi_label")
THRESHOLD = 0.5


@dataclass(frozen=True)
class Metric:
    """A metric for menus. better: which direction is good; value(P, Y) is a plain float."""

    name: str
    title: str
    better: Literal["higher", "lower"]
    tasks: tuple[str, ...]
    value: Callable[[Array, Array], float]


def accuracy(
    P: Array, Y: Array, *, threshold: float = THRESHOLD, task: Classes | None = None
) -> float:
    """The share of right decisions.

    accuracy = (1/m) sum_i 1{y_hat(i) = y(i)}

    Multi-class: the most probable class decides. Multi-label: the mean over all known labels, not
    the share of examples with every label right (scikit-learn's `accuracy_score`).

    task: "binary", "multi_class" or "multi_label"; None reads it off Y, where several rows with
    exactly one 1 in each column are multi-class.

    Example: P = [[0.9, 0.4, 0.6]], Y = [[1, 0, 0]] gives 2/3.

    Source: Deep Learning Specialization, course 2, week 1.
    """
    right, known = _right(P, Y, threshold, task)
    return _ratio(float((right & known).sum()), float(known.sum()))


def zero_one_error(
    P: Array, Y: Array, *, threshold: float = THRESHOLD, task: Classes | None = None
) -> float:
    """The share of wrong decisions, 1 - accuracy: what the lectures call the error of a classifier.

    Example: P = [[0.9, 0.4, 0.6]], Y = [[1, 0, 0]] gives 1/3.

    Source: Deep Learning Specialization, course 2, week 1, "Bias and variance".
    """
    right, known = _right(P, Y, threshold, task)
    return _ratio(float((~right & known).sum()), float(known.sum()))


def weighted_error(
    P: Array,
    Y: Array,
    weights: Array,
    *,
    threshold: float = THRESHOLD,
    task: Classes | None = None,
) -> float:
    """The error with some mistakes worse than others.

    error = sum_i w(i) 1{y_hat(i) != y(i)} / sum_i w(i)

    weights: (m,) or (1, m), a number of 0 or more per example; 0.0 is returned if all are 0.

    Example: three examples, the last one wrong, with weights [1, 1, 10] give 10/12.

    Source: Deep Learning Specialization, course 3, week 1, "When to change dev/test sets and
    metrics" (whose slide corrects 1/m to 1 / sum_i w(i)).
    """
    right, known = _right(P, Y, threshold, task)
    shares = known * _checked_weights(weights, known.shape[1])
    return _ratio(float((shares * ~right).sum()), float(shares.sum()))


def precision(
    P: Array,
    Y: Array,
    *,
    threshold: float = THRESHOLD,
    task: Classes | None = None,
    macro: bool = False,
) -> Any:
    """Of the examples called positive, the share that is.

    precision = TP / (TP + FP), per class: (n_y,); with macro, the mean over the classes.

    Binary: one class, the positive one. A class that is never predicted has precision 0.0.

    Example: P = [[0.9, 0.4, 0.6]], Y = [[1, 0, 0]] gives [0.5].

    Source: Deep Learning Specialization, course 3, week 1, "Single number evaluation metric".
    """
    hits, called, _ = _counts(P, Y, threshold, task)
    return _per_class(hits, called, macro)


def recall(
    P: Array,
    Y: Array,
    *,
    threshold: float = THRESHOLD,
    task: Classes | None = None,
    macro: bool = False,
) -> Any:
    """Of the positive examples, the share that is found.

    recall = TP / (TP + FN), per class: (n_y,); with macro, the mean over the classes.

    Binary: one class, the positive one. A class without an example has recall 0.0.

    Example: P = [[0.9, 0.4, 0.6]], Y = [[1, 1, 0]] gives [0.5].

    Source: Deep Learning Specialization, course 3, week 1, "Single number evaluation metric".
    """
    hits, _, positives = _counts(P, Y, threshold, task)
    return _per_class(hits, positives, macro)


def f1(
    P: Array,
    Y: Array,
    *,
    threshold: float = THRESHOLD,
    task: Classes | None = None,
    macro: bool = False,
) -> Any:
    """The harmonic mean of precision and recall.

    f1 = 2 / (1/precision + 1/recall) = 2 TP / (2 TP + FP + FN), per class: (n_y,); with macro, the
    mean over the classes (not the f1 of the means).

    Example: precision 0.5 and recall 1 give 2/3.

    Source: Deep Learning Specialization, course 3, week 1, "Single number evaluation metric".
    """
    hits, called, positives = _counts(P, Y, threshold, task)
    return _per_class(2.0 * hits, called + positives, macro)


def confusion_matrix(
    P: Array, Y: Array, *, threshold: float = THRESHOLD, task: Classes | None = None
) -> NDArray[np.int64]:
    """How many examples of each true class (row) were taken for which class (column).

    Binary: (2, 2), classes 0 and 1. Multi-class: (C, C). Multi-label: (C, 2, 2), one binary matrix
    per label. Same orientation as scikit-learn's.

    Example: P = [[0.9, 0.4, 0.6]], Y = [[1, 0, 0]] gives [[1, 1], [0, 1]].

    Source: Stehman 1997, "Selecting and interpreting measures of thematic classification accuracy".
    """
    called, true, known, kind = _decisions(P, Y, threshold, task)
    if kind == "multi_class":
        return _crossed(np.argmax(true, axis=0), np.argmax(called, axis=0), len(true))
    pairs = zip(called, true, known, strict=True)
    tables = np.stack([_crossed(y[k], p[k], 2) for p, y, k in pairs])  # (n_y, 2, 2)
    return tables[0] if kind == "binary" else tables


def mean_squared_error(P: Array, Y: Array) -> float:
    """The mean squared distance of predictions from targets, over outputs and examples.

    MSE = (1 / (n_y m)) sum_ki (p_k(i) - y_k(i))^2

    Example: P = [[3, 1]], Y = [[1, 1]] gives 2. The squared-error loss has a factor 1/2 and sums
    over the outputs.

    Source: Gauss 1809; scikit-learn's `mean_squared_error`.
    """
    P, Y = _checked(P, Y)
    _refuse_missing(Y)
    return float(np.square(P - Y).mean())


def r2(P: Array, Y: Array) -> float:
    """The share of the targets' variance that the predictions explain: 1 is best, 0 is the mean's.

    R^2 = 1 - sum_ki (p_k(i) - y_k(i))^2 / sum_ki (y_k(i) - mean_k)^2

    Several outputs are pooled: scikit-learn's `r2_score(multioutput="variance_weighted")`, whereas
    its default is the mean over the outputs. Targets without variance give 0.0.

    Example: P = [[1, 2, 4]], Y = [[1, 2, 3]] gives 1 - 1/2 = 0.5.

    Source: Wright 1921, "Correlation and causation".
    """
    P, Y = _checked(P, Y)
    _refuse_missing(Y)
    spread = float(np.square(Y - Y.mean(axis=1, keepdims=True)).sum())
    return 1.0 - float(np.square(P - Y).sum()) / spread if spread > 0.0 else 0.0


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("accuracy", "Accuracy", "higher", CLASSIFICATION, accuracy),
        Metric("zero_one_error", "Error", "lower", CLASSIFICATION, zero_one_error),
        Metric("precision", "Precision", "higher", CLASSIFICATION, partial(precision, macro=True)),
        Metric("recall", "Recall", "higher", CLASSIFICATION, partial(recall, macro=True)),
        Metric("f1", "F1", "higher", CLASSIFICATION, partial(f1, macro=True)),
        Metric("mean_squared_error", "MSE", "lower", ("regression",), mean_squared_error),
        Metric("r2", "R²", "higher", ("regression",), r2),
    )
}


def _right(
    P: Array, Y: Array, threshold: float, task: Classes | None
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which decisions are right and which are known: (1, m), or (n_y, m) for multi-label."""
    called, true, known, kind = _decisions(P, Y, threshold, task)
    right = called == true
    if kind == "multi_class":
        return right.all(axis=0, keepdims=True), known[:1]
    return right, known


def _counts(
    P: Array, Y: Array, threshold: float, task: Classes | None
) -> tuple[Array, Array, Array]:
    """Per class (n_y,): true positives, examples called positive, examples that are positive."""
    called, true, known, _ = _decisions(P, Y, threshold, task)
    called, true = called & known, true & known
    return (called & true).sum(axis=1), called.sum(axis=1), true.sum(axis=1)


def _decisions(
    P: Array, Y: Array, threshold: float, task: Classes | None
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_], Classes]:
    """What is called positive, what is positive, what is known, all (n_y, m); and the task."""
    P, Y = _checked(P, Y)
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


def _checked(P: Array, Y: Array) -> tuple[Array, Array]:
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


def _refuse_missing(Y: Array) -> None:
    if not np.isfinite(Y).all():
        raise DataError("Y must be finite for regression; it has infinite values or NaN.")


def _checked_weights(weights: Array, m: int) -> Array:
    weights = np.asarray(weights, dtype=np.float64)
    if weights.shape not in ((m,), (1, m)):
        raise DataError(f"Weights must be ({m},), one per example; got shape {weights.shape}.")
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise DataError("Weights must be finite and 0 or more.")
    return weights.reshape(1, m)  # (1, m)


def _crossed(true: Array, called: Array, classes: int) -> NDArray[np.int64]:
    """A table (classes, classes) of how often each pair (true, called) occurs."""
    cells = np.bincount(true.astype(np.int64) * classes + called, minlength=classes**2)
    return cells.reshape(classes, classes).astype(np.int64)  # (classes, classes)


def _per_class(part: Array, whole: Array, macro: bool) -> Any:
    shares = np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
    return float(shares.mean()) if macro else shares


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else 0.0
