"""largest_class(train, labels): the accuracy that needs no network at all.

Where 97 % of the examples are of one class, a network with an accuracy of 97 % may have learned
nothing: answering that class for every example does as well.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

Array = np.ndarray

UNBALANCED = 1.2
"""Classes are unbalanced if the largest one has this many times its equal share of the examples:
60 % of two classes, 12 % of ten."""


class Baseline(NamedTuple):
    """label: the largest class of the training set. accuracy: that of always answering it."""

    label: int
    accuracy: float


def largest_class(train: Array, labels: Array, classes: int) -> Baseline | None:
    """The baseline on a set; None where the classes of the training set are about equally large.

    train, labels: (m,) of whole numbers from 0 to classes - 1; -1 where one is unknown.
    Example: largest_class([0, 0, 0, 1], [0, 1], 2) is (0, 0.5).
    """
    train, labels = (found[found >= 0] for found in (np.asarray(train), np.asarray(labels)))
    counts = np.bincount(train, minlength=classes)  # (classes,)
    label = int(counts.argmax())
    if not labels.size or counts[label] * classes < UNBALANCED * counts.sum():
        return None
    return Baseline(label, float(np.mean(labels == label)))
