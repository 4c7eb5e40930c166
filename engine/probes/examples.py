"""Which pictures the network gets wrong, and how sure it is. NumPy only, no Qt."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.data import Dataset, Splits
from engine.errors import DataError
from engine.network import Network
from engine.network.inputs import checked_inputs
from engine.probes.example_pictures import picture_shape, pixels_of

Array = np.ndarray

MOST_JUDGED = 2_000
"""Examples of a set that are predicted each time; of a larger set, these are its first ones."""
MOST_SHOWN = 200
ALL_CLASSES = -1


class ExamplesWish(NamedTuple):
    """Which examples to show: of which set, of which class (or ALL_CLASSES), only the wrong ones.

    order: numbers of the examples to show, as they were sorted before; None sorts again.
    """

    part: str = "dev"
    label: int = ALL_CLASSES
    only_wrong: bool = False
    order: tuple[int, ...] | None = None


class JudgedPictures(NamedTuple):
    """Pictures with what the network says of them.

    numbers: (n,) places in their set. labels: (n,) the true classes.
    pixels: (n, height, width, channels) of uint8, where 0 and 255 stand for the smallest and the
    largest value of all that are shown. probabilities: (classes, n).
    judged, wrong: how many of the set were predicted, and how many of them the network gets wrong.
    ink: see Dataset.
    """

    numbers: Array
    pixels: Array
    labels: Array
    probabilities: Array
    classes: tuple[str, ...]
    judged: int
    wrong: int
    ink: bool = False

    @property
    def predicted(self) -> Array:
        """(n,) the most probable class of each example."""
        return np.argmax(self.probabilities, axis=0)


def look_at(network: Network, data: Splits, wish: ExamplesWish) -> JudgedPictures | None:
    """The examples that are wished for, the wrong ones first; None if they are no pictures, or
    have no classes."""
    chosen = data.train if wish.part == "train" else data.dev
    shape = picture_shape(network, chosen)
    labels = _labels(chosen)
    if shape is None or labels is None:
        return None
    judged = min(chosen.m, MOST_JUDGED)
    labels, probabilities = labels[:judged], _probabilities(network, chosen, judged)
    order = wish.order
    if order is None:
        order = tuple(_sorted(probabilities, labels, wish)[:MOST_SHOWN].tolist())
    numbers = np.array(order, int)
    return JudgedPictures(
        numbers,
        pixels_of(data, chosen, numbers, shape),
        labels[numbers],
        probabilities[:, numbers],
        chosen.classes,
        int((labels >= 0).sum()),
        int(((np.argmax(probabilities, axis=0) != labels) & (labels >= 0)).sum()),
        chosen.ink,
    )


def _labels(data: Dataset) -> Array | None:
    """(m,) the class of each example; None where an example may have several, or none."""
    try:
        return data.labels
    except DataError:
        return None


def _sorted(probabilities: Array, labels: Array, wish: ExamplesWish) -> Array:
    """Numbers of the examples to show: wrong ones first, the most confident mistake in front; then
    the right ones, the least confident in front."""
    predicted, confidence = np.argmax(probabilities, axis=0), np.max(probabilities, axis=0)
    right = predicted == labels
    wanted = labels >= 0
    if wish.label != ALL_CLASSES:
        wanted &= labels == wish.label
    if wish.only_wrong:
        wanted &= ~right
    order = np.lexsort((np.where(right, confidence, -confidence), right))
    return order[wanted[order]]


def _probabilities(network: Network, data: Dataset, count: int) -> Array:
    """(classes, count); the one sigmoid of two classes gives the probability of the second."""
    X = checked_inputs(network, data.X[:, :count])  # (n_x, count)
    with np.errstate(over="ignore", invalid="ignore"):
        p = network.predictions(network.logits(X))
    return np.concatenate([1 - p, p]) if len(p) == 1 else p  # (classes, count)
