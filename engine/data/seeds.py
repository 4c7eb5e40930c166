"""The random streams of the data: one a purpose, so that one draw never shifts another.

A data set drawn with seed 3 and its split with seed 3 come from different streams of the same seed:
changing the fractions of a split does not change a single point.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from engine.errors import DataError

POINTS_STREAM: Final = 0  # positions and noise of generated points
ORDER_STREAM: Final = 1  # the order in which generated examples come
SPLIT_STREAM: Final = 2  # which example goes into which set
TRAIN_DEV_STREAM: Final = 3  # which training example is held back as train-dev
MIXING_STREAM: Final = 4  # the order in which training examples of two sources come
FOLD_STREAM: Final = 5  # which example goes into which fold


def generator(seed: int, stream: int) -> np.random.Generator:
    """The Generator of one purpose. Raises DataError unless seed is a whole number, 0 or more."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise DataError(f"A seed must be a whole number, 0 or more; got {seed!r}.")
    return np.random.default_rng([int(seed), stream])
