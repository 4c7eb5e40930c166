"""Mode: what a layer must know of a pass besides its inputs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.layers.masks import Masks


class Mode(NamedTuple):
    """How a pass runs. One object serves all layers of a pass,
    unless there are masks.

    training: batch statistics and dropout, as in a training step; False for evaluation.
    rng: what a layer draws from; None where no randomness is wanted.
    masks: for each of xs (T, m) booleans, True where a step belongs to the sequence, or None where
    every step does; empty where no input has a mask.
    """

    training: bool = False
    rng: np.random.Generator | None = None
    masks: Masks = ()


EVALUATION = Mode()
"""Running statistics, no randomness, no masks."""
TRAINING = Mode(training=True)
"""Batch statistics, but no randomness."""
