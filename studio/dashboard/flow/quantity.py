"""Quantity: what the strip shows of every layer over time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.training.history import History
from engine.training.trainer import STEPS_PER_PROBE
from studio.plots.pyramid import Pyramid

Array = np.ndarray


class HeatCells(NamedTuple):
    """A stretch of the strip. values: (n, layers), the greatest of each cell's time, NaN where
    there is none. left, width: of the whole stretch, in iterations."""

    values: Array
    left: float
    width: float


class FlowQuantity:
    """A number for every layer, recorded every `spacing` iterations from the first on."""

    spacing = 1

    def __init__(self, history: History) -> None:
        self.history = history
        self.pyramid = Pyramid(len(history.nodes), positive=True)

    @property
    def recorded(self) -> Array:
        """All that is recorded: (k, layers)."""
        return self.history.gradient_norm.values

    @property
    def iterations(self) -> Array:
        """The iterations of what is recorded: (k,)."""
        return np.arange(1, len(self.recorded) + 1)

    def update(self) -> bool:
        """Take in what is new; True when everything has been taken in."""
        return self.pyramid.update(self.recorded)

    def cells(self, low: float, high: float, most: int) -> HeatCells:
        """What was recorded between two iterations, in at most about `most` cells."""
        first, last = (int(max(0.0, x) / self.spacing) for x in (low, high))
        window = self.pyramid.window(first - 1, last + 2, most)
        start = int(window.centers[0]) // window.step * window.step if len(window.centers) else 0
        left = 0.5 + self.spacing * start
        return HeatCells(window.high, left, float(self.spacing * window.step * len(window.centers)))

    def iteration_of(self, row: int) -> int:
        """The iteration of a record."""
        return 1 + self.spacing * row

    def row_at(self, iteration: float) -> int:
        """The number of the record that holds at an iteration."""
        row = int((iteration - 1) // self.spacing)
        return max(0, min(row, len(self.recorded) - 1))


class GradientNormFlow(FlowQuantity):
    """‖gradient‖ of all parameters of a layer, at every iteration."""


class UpdateRatioFlow(FlowQuantity):
    """‖change of W in one step‖ / ‖W‖, measured once in a while; what was measured in between, for
    an alarm, is left out."""

    spacing = STEPS_PER_PROBE

    @property
    def recorded(self) -> Array:
        iterations, ratios = self.history.measure("update_ratio")
        return ratios[self._is_regular(iterations)]

    @property
    def iterations(self) -> Array:
        iterations = self.history.measure("update_ratio")[0]
        return iterations[self._is_regular(iterations)]

    def _is_regular(self, iterations: Array) -> Array:
        return (iterations - 1) % self.spacing == 0
