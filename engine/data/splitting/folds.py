"""k-fold cross-validation: k ways to share examples into train and dev, each example in dev once.

Source: M. Stone, Cross-validatory choice and assessment of statistical predictions, 1974; the
stratified folds are those of scikit-learn's StratifiedKFold, class by class the same counts.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.data.checks import Array
from engine.errors import DataError

MOST_FOLDS = 50


def fold_numbers(groups: Array, k: int, rng: np.random.Generator) -> Array:
    """The fold of each example: (m,) of 0 to k - 1.

    groups: (m,) the class of each example. Class after class is dealt out like cards, without a
    break between classes: the folds differ by one example at most, in each class and in all.

    Raises DataError unless k is from 2 to 50 and at most m.
    """
    m = groups.size
    if isinstance(k, bool) or not isinstance(k, int) or not 2 <= k <= min(MOST_FOLDS, m):
        raise DataError(
            f"The number of folds must be a whole number between 2 and {MOST_FOLDS}, and at most"
            f" the {m:,} examples that are shared out; got {k!r}."
        )
    shuffled = rng.permutation(m)
    dealt = shuffled[np.argsort(groups[shuffled], kind="stable")]
    numbers = np.empty(m, dtype=np.int64)
    numbers[dealt] = np.arange(m) % k
    return numbers


def fold_members(numbers: Array, rng: np.random.Generator) -> Iterator[tuple[Array, Array]]:
    """The training and the dev examples of each fold, as two shuffled arrays of indices."""
    for fold in range(int(numbers.max()) + 1):
        inside = numbers == fold
        yield rng.permutation(np.flatnonzero(~inside)), np.flatnonzero(inside)
