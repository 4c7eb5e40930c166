"""Axis ranges set by hand, with hysteresis: they change in steps, rarely, and never jitter."""

from __future__ import annotations

import math

NICE = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
"""A range ends at one of these times a power of ten, so it grows by half or so at a time."""

SMALLEST_SPAN = 1e-12
"""Finer than this, an axis shows round-off only."""
FIRST_END = 20.0
SHRINK_BELOW = 0.4
"""A range shrinks when less than this share of it is used."""

Range = tuple[float, float]


def nice_above(value: float) -> float:
    """The smallest nice number that is not below a value: 1.2 -> 1.5, 340 -> 500."""
    value = max(value, SMALLEST_SPAN)
    power = 10.0 ** math.floor(math.log10(value))
    return next(n * power for n in (*NICE, 20.0) if n * power >= value * (1 - 1e-12))


def growing_end(end: float, needed: float, most: float = 0.0) -> float:
    """Where an axis from 0 ends. It holds `needed`, grows in steps, and stops at `most` if given.

    An end beyond four times what is needed belonged to another run.
    """
    if needed > end or end > max(FIRST_END, 4 * needed):
        end = max(FIRST_END, nice_above(needed))
    return max(needed, min(end, most)) if most else end


def from_zero(held: Range | None, low: float, high: float) -> Range:
    """A range for values that are seldom negative, with 0 in it: costs."""
    bottom = -nice_above(-low) if low < 0 else 0.0
    top = nice_above(1.02 * high)
    return _held(held, (bottom, top), low, high)


def up_to_one(held: Range | None, low: float, high: float) -> Range:
    """A range for scores whose best value is 1: from a tenth below the worst."""
    bottom = math.floor(10 * (low - 0.02)) / 10 if low > -1 else -nice_above(-low)
    bottom = min(bottom, 0.9)
    return _held(held, (bottom, max(1.0, high) + 0.05 * (1 - bottom)), low, high)


def decades(held: Range | None, low: float, high: float) -> Range:
    """A range in powers of ten for positive values; low and high are logarithms."""
    return _held(held, (math.floor(low - 0.05), math.ceil(high + 0.05)), low, high)


def _held(held: Range | None, wanted: Range, low: float, high: float) -> Range:
    if held is None or low < held[0] or high > held[1]:
        return wanted
    used = (wanted[1] - wanted[0]) / (held[1] - held[0])
    return wanted if used < SHRINK_BELOW else held
