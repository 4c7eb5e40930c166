"""Accuracy, error, precision, recall and F1: shares of decisions that are right, or wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.errors import DataError
from engine.metrics.decisions import Array, counts, right_and_known
from engine.targets import THRESHOLD


def accuracy(P: Array, Y: Array, *, threshold: float = THRESHOLD, task: str | None = None) -> float:
    """The share of right decisions.

    accuracy = (1/m) sum_i 1{y_hat(i) = y(i)}

    Multi-class: the most probable class decides. Multi-label: the mean over all known labels, not
    the share of examples with every label right (scikit-learn's `accuracy_score`).

    task: the kind of the targets, such as "binary"; None takes the first kind that Y can be, so
    several rows with exactly one 1 in each column are multi-class.

    Example: P = [[0.9, 0.4, 0.6]], Y = [[1, 0, 0]] gives 2/3.

    Source: Deep Learning Specialization, course 2, week 1.
    """
    right, known = right_and_known(P, Y, threshold, task)
    return _ratio(float((right & known).sum()), float(known.sum()))


def zero_one_error(
    P: Array, Y: Array, *, threshold: float = THRESHOLD, task: str | None = None
) -> float:
    """The share of wrong decisions, 1 - accuracy: what the lectures call the error of a classifier.

    Example: P = [[0.9, 0.4, 0.6]], Y = [[1, 0, 0]] gives 1/3.

    Source: Deep Learning Specialization, course 2, week 1, "Bias and variance".
    """
    right, known = right_and_known(P, Y, threshold, task)
    return _ratio(float((~right & known).sum()), float(known.sum()))


def weighted_error(
    P: Array,
    Y: Array,
    weights: Array,
    *,
    threshold: float = THRESHOLD,
    task: str | None = None,
) -> float:
    """The error with some mistakes worse than others.

    error = sum_i w(i) 1{y_hat(i) != y(i)} / sum_i w(i)

    weights: (m,) or (1, m), a number of 0 or more per example; 0.0 is returned if all are 0.

    Example: three examples, the last one wrong, with weights [1, 1, 10] give 10/12.

    Source: Deep Learning Specialization, course 3, week 1, "When to change dev/test sets and
    metrics" (whose slide corrects 1/m to 1 / sum_i w(i)).
    """
    right, known = right_and_known(P, Y, threshold, task)
    shares = known * _checked_weights(weights, known.shape[1])
    return _ratio(float((shares * ~right).sum()), float(shares.sum()))


def precision(
    P: Array,
    Y: Array,
    *,
    threshold: float = THRESHOLD,
    task: str | None = None,
    macro: bool = False,
) -> Any:
    """Of the examples called positive, the share that is.

    precision = TP / (TP + FP), per class: (n_y,); with macro, the mean over the classes.

    Binary: one class, the positive one. A class that is never predicted has precision 0.0.

    Example: P = [[0.9, 0.4, 0.6]], Y = [[1, 0, 0]] gives [0.5].

    Source: Deep Learning Specialization, course 3, week 1, "Single number evaluation metric".
    """
    hits, called, _ = counts(P, Y, threshold, task)
    return _per_class(hits, called, macro)


def recall(
    P: Array,
    Y: Array,
    *,
    threshold: float = THRESHOLD,
    task: str | None = None,
    macro: bool = False,
) -> Any:
    """Of the positive examples, the share that is found.

    recall = TP / (TP + FN), per class: (n_y,); with macro, the mean over the classes.

    Binary: one class, the positive one. A class without an example has recall 0.0.

    Example: P = [[0.9, 0.4, 0.6]], Y = [[1, 1, 0]] gives [0.5].

    Source: Deep Learning Specialization, course 3, week 1, "Single number evaluation metric".
    """
    hits, _, positives = counts(P, Y, threshold, task)
    return _per_class(hits, positives, macro)


def f1(
    P: Array,
    Y: Array,
    *,
    threshold: float = THRESHOLD,
    task: str | None = None,
    macro: bool = False,
) -> Any:
    """The harmonic mean of precision and recall.

    f1 = 2 / (1/precision + 1/recall) = 2 TP / (2 TP + FP + FN), per class: (n_y,); with macro, the
    mean over the classes (not the f1 of the means).

    Example: precision 0.5 and recall 1 give 2/3.

    Source: Deep Learning Specialization, course 3, week 1, "Single number evaluation metric".
    """
    hits, called, positives = counts(P, Y, threshold, task)
    return _per_class(2.0 * hits, called + positives, macro)


def _checked_weights(weights: Array, m: int) -> Array:
    weights = np.asarray(weights, dtype=np.float64)
    if weights.shape not in ((m,), (1, m)):
        raise DataError(f"Weights must be ({m},), one per example; got shape {weights.shape}.")
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise DataError("Weights must be finite and 0 or more.")
    return weights.reshape(1, m)  # (1, m)


def _per_class(part: Array, whole: Array, macro: bool) -> Any:
    shares = np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)
    return float(shares.mean()) if macro else shares


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else 0.0
