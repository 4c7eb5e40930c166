"""A metric in one file."""

from __future__ import annotations

import numpy as np

from engine.metrics.decisions import Array
from engine.metrics.registry import Metric, numbers


def largest_error(P: Array, Y: Array) -> float:
    """The largest distance of a prediction from its target."""
    return float(np.abs(P - Y).max())


LARGEST_ERROR = Metric(
    "largest_error", "Largest error", "lower", numbers, largest_error, is_share=False
)
