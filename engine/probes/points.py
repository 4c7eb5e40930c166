"""Points: the examples of one set on a plane, and which of them the network gets wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.data import Dataset, Splits
from engine.network import Network
from engine.probes.plane import Plane
from engine.targets import Targets

Array = np.ndarray

MOST_POINTS = 500
"""Of each set; the sets are shuffled, so the first ones are a fair sample."""
SETS = ("train", "dev", "test")
UNKNOWN = -1


class Points(NamedTuple):
    """at: (2, m) on the plane. classes: (m,) of whole numbers, UNKNOWN where a label is missing;
    for numbers None. targets: (m,) of numbers. wrong: (m,) of bool. total: so many the set has.
    kinds: how many classes there are to tell apart: two for one of several labels.
    """

    name: str
    at: Array
    classes: Array | None
    targets: Array
    wrong: Array
    total: int
    kinds: int = 2


def points_of(data: Splits, name: str, network: Network, plane: Plane, output: int) -> Points:
    """The first examples of a set; output: the label, or the number, that is shown."""
    examples: Dataset = getattr(data, name)
    X, Y = examples.X[:, :MOST_POINTS], examples.Y[:, :MOST_POINTS]
    predictions = network.predictions(network.logits(X.astype(network.dtype)))
    classes, targets, wrong = judged(examples.targets, predictions, Y, output)
    return Points(
        name, plane.coordinates(X), classes, targets, wrong, examples.m, kinds_of(examples)
    )


def kinds_of(examples: Dataset) -> int:
    """How many classes a point can have: of several labels at once, one is shown, yes or no."""
    return len(examples.classes) if examples.targets.exclusive else 2


def judged(
    kind: Targets, predictions: Array, Y: Array, output: int
) -> tuple[Array | None, Array, Array]:
    """Classes, targets and errors of some examples, as `Points` holds them."""
    if not kind.has_classes:
        return None, Y[output], np.zeros(Y.shape[1], bool)
    if kind.exclusive:
        classes = kind.labels(Y)
        wrong = (classes >= 0) & (kind.labels(kind.decide(predictions)) != classes)
        return classes, classes, wrong
    targets = Y[output]
    known = ~np.isnan(targets)
    classes = np.where(known, targets, UNKNOWN).astype(int)
    return classes, targets, known & (kind.decide(predictions)[output] != targets)


def joined(sets: Sequence[Points]) -> dict[str, Array]:
    """All examples of several sets in one row: points (2, m), labels (m,) and wrong (m,)."""
    empty = np.zeros(0)
    labels = [each.targets if each.classes is None else each.classes for each in sets]
    return {
        "points": np.concatenate([each.at for each in sets] or [np.zeros((2, 0))], axis=1),
        "labels": np.concatenate(labels or [empty]),
        "wrong": np.concatenate([each.wrong for each in sets] or [empty.astype(bool)]),
    }
