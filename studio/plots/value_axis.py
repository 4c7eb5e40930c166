"""ValueAxis: round numbers along an axis, as far apart as their texts need."""

from __future__ import annotations

from math import ceil, floor, log10

import pyqtgraph as pg
from PySide6.QtGui import QFontMetricsF

STEPS = (1.0, 2.0, 5.0, 10.0)
GAP = "0"
"""At least the width of this is free between two texts."""

Level = tuple[float, float]
"""The distance between ticks, and where they begin."""


class ValueAxis(pg.AxisItem):
    """pyqtgraph always writes the texts of the major ticks, even if they run into each other."""

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[Level]:
        """pyqtgraph's ticks, or fewer where their texts would touch. size: in pixels."""
        levels: list[Level] = super().tickSpacing(minVal, maxVal, size)
        span = abs(maxVal - minVal)
        if self.orientation not in ("top", "bottom") or not levels or not size:
            return levels
        major, start = levels[0]
        wider = next_step(major)
        while self._width(minVal, maxVal, major) > size * major / span and wider <= span:
            major, wider = wider, next_step(wider)
        return [(major, start), *levels[1:]] if major == levels[0][0] else [(major, start)]

    def _width(self, low: float, high: float, spacing: float) -> float:
        """Pixels that the longer of the outermost texts takes, with its gap."""
        ends = [spacing * ceil(low / spacing), spacing * floor(high / spacing)]
        texts = self.tickStrings(ends, self.autoSIPrefixScale * self.scale, spacing)
        metrics = QFontMetricsF(self.style["tickFont"] or self.font())
        return max(metrics.horizontalAdvance(text + GAP) for text in texts)


def next_step(spacing: float) -> float:
    """The next of ..., 1, 2, 5, 10, 20, ... above a spacing."""
    power = 10.0 ** floor(log10(spacing) + 1e-9)
    return next(step * power for step in STEPS if step * power > spacing * (1 + 1e-9))
