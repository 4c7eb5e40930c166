"""Series: a column of the history with its x values, ready to be drawn at any zoom."""

from __future__ import annotations

import numpy as np

from engine.training.column import GrowingColumn
from studio.plots.plot import Plot
from studio.plots.pyramid import Envelope, Pyramid

Array = np.ndarray


class Series:
    """y over x. x: a GrowingColumn of ascending numbers, or None for 1, 2, 3... (iterations).

    width: 0 for a column of single numbers, else the numbers in a row.
    """

    def __init__(
        self,
        y: GrowingColumn,
        x: GrowingColumn | None = None,
        width: int = 0,
        *,
        positive: bool = False,
        means: bool = False,
    ) -> None:
        self.y, self.x = y, x
        self.pyramid = Pyramid(width, positive=positive, means=means)

    def __len__(self) -> int:
        return self.pyramid.length

    def update(self) -> bool:
        """Take in what is new; True when everything has been taken in."""
        values = self.y.values
        if self.x is not None:
            values = values[: len(self.x)]
        return self.pyramid.update(values)

    def window(self, plot: Plot, before: int = 0) -> tuple[Array, Envelope]:
        """x (n,) and the envelope of what is in view, and `before` values more on its left."""
        first, last = self._visible(plot)
        envelope = self.pyramid.window(first - before, last, plot.columns())
        return self._x_of(envelope.centers), envelope

    def _visible(self, plot: Plot) -> tuple[int, int]:
        low, high = plot.visible_x()
        if self.x is None:
            return int(max(0.0, low)) - 2, int(max(0.0, high)) + 2
        first, last = np.searchsorted(self.x.values[: len(self)], [low, high])
        return int(first) - 1, int(last) + 1

    def _x_of(self, index: Array) -> Array:
        if self.x is None:
            return index + 1.0
        return self.x.values[index.astype(int)]


def zigzag(x: Array, low: Array, high: Array, step: int) -> tuple[Array, Array]:
    """Points of a line that touches minimum and maximum of every bucket of `step` values.

    x, low, high: (n,). Buckets of one value give one point each, others two.
    """
    if step == 1:
        return x, low
    return np.repeat(x, 2), np.column_stack([low, high]).ravel()  # (2n,), (2n,)


def without_gaps(x: Array, y: Array) -> tuple[Array, Array]:
    """The points that there are, as one line: evaluations of the dev set alone leave none for the
    training set."""
    known = ~np.isnan(y)
    return x[known], y[known]


def logarithm(values: Array) -> Array:
    """log10, NaN where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(values)
    return np.where(np.isfinite(logs), logs, np.nan)
