"""Some of many examples, always the same ones, and what is said about that."""

from __future__ import annotations

import numpy as np

from engine.data import Dataset

Array = np.ndarray
FEW_FEATURES, SAMPLE = 20, 500


def some(data: Dataset, most: int) -> Array:
    """Indices of at most this many examples, from all over the data, in rising order."""
    if data.m <= most:
        return np.arange(data.m)
    step = data.m / most
    return (np.arange(most) * step).astype(np.int64)


def most_varied(data: Dataset, most: int) -> list[int]:
    """The two features that vary most, of the first `most`; of few features the first two.

    The corner of a picture is the same in all examples, and tells nothing.
    """
    count = min(data.n_x, most)
    if count <= FEW_FEATURES:
        return [0, min(1, count - 1)]
    variances = data.X[:count, some(data, SAMPLE)].var(axis=1)
    return sorted(np.argsort(-variances, kind="stable")[:2].tolist())


def groups_of(data: Dataset, chosen: Array) -> Array:
    """(n,) the classes of some examples; 0 where they have no single one. All would take longer."""
    if data.targets.exclusive:
        return data.targets.labels(data.of_target().Y[:, chosen])
    return np.zeros(chosen.size, dtype=np.int64)


def class_words(data: Dataset, index: int) -> str:
    """The target of an example in words: its class, its labels, or its number."""
    return data.targets.words(data.of_target().Y[:, index], data.classes)
