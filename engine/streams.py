"""The one place where randomness begins: a Generator for each purpose, all from one seed.

Each purpose has a stream of its own, so that turning dropout on does not change the initial
weights, and a longer run does not change the first epochs' shuffling.
"""

from __future__ import annotations

import numpy as np

PURPOSES = ("initialization", "shuffle", "dropout", "augmentation", "sampling")


def stream(seed: int, purpose: str, index: int = 0) -> np.random.Generator:
    """A fresh Generator; the same three arguments give the same numbers.

    purpose: one of PURPOSES. index: tells the streams of one purpose apart, such as the epoch.
    """
    return np.random.default_rng([seed, PURPOSES.index(purpose), index])
