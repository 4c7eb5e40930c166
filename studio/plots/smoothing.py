"""How much the curves are smoothed: the windows of the slider, and beta for each of them.

The average itself is engine.averages.exponentially_weighted_average.
"""

from __future__ import annotations

WINDOWS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
"""Iterations that v averages over, about: 1/(1 - beta). One means no smoothing."""

WARM_UP = 5
"""A window of the curve begins so many times 1/(1 - beta) earlier: older ones weigh < 1 %."""


def beta_of(window: int) -> float:
    """The beta that averages over about `window` values: 10 -> 0.9."""
    return 1.0 - 1.0 / window
