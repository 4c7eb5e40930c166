"""ColorScale: from a value to its color, on a logarithmic axis.

Viridis (Smith and van der Walt, 2015) goes from dark to light all the way, so that it reads the
same to the color-blind, and in print.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

Array = np.ndarray

STEPS = 255
"""Colors, from the least value to the greatest; one more index means that there is none."""
GAP = STEPS
CLEAR = 0
"""What a gap looks like in an image: nothing, so that the hatching behind it is seen."""


class ColorScale(NamedTuple):
    """low, high: the ends of the axis as powers of ten."""

    low: float
    high: float

    def place(self, values: Array) -> Array:
        """Where values lie between the ends, from 0 to 1; NaN where there is no logarithm."""
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log10(values)
        places = np.clip((logs - self.low) / (self.high - self.low), 0.0, 1.0)
        return np.where(np.isfinite(logs), places, np.nan)

    def indices(self, values: Array) -> Array:
        """The number of each value's color, GAP for what is 0 or not finite: uint8."""
        places = self.place(values)
        gaps = np.isnan(places)
        places[gaps] = 0.0
        index = (places * (STEPS - 1) + 0.5).astype(np.uint8)
        index[gaps] = GAP
        return index

    def values(self) -> Array:
        """The value that each color stands for: (STEPS,)."""
        return 10.0 ** np.linspace(self.low, self.high, STEPS)

    def color(self, value: float) -> QColor | None:
        """The color of one value; None if it is 0 or not finite."""
        index = int(self.indices(np.array([value]))[0])
        return None if index == GAP else QColor.fromRgb(color_table()[index])


@lru_cache(maxsize=1)
def color_table() -> tuple[int, ...]:
    """The colors as Qt numbers them, and behind them the one of a gap."""
    rgb = pg.colormap.get("viridis").getLookupTable(nPts=STEPS)
    return (*(0xFF000000 | int(r) << 16 | int(g) << 8 | int(b) for r, g, b in rgb), CLEAR)
