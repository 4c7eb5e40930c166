"""One tick up or down: by one for counts, along 1-2-5-10 for learning rates and their like."""

from __future__ import annotations

import math

from engine.project.fields import Field

LARGE_STEPS = 10
"""Ticks of a Page Up or Page Down."""
WIDE_RANGE = 10.0
"""A range of at least this, from 0 up, is walked along 1-2-5-10."""
WIDE_RATIO = 1e4
SMALLEST = 1e-8
"""Below it, a tick down on the 1-2-5-10 scale goes to 0 where 0 is allowed."""
FROM_ZERO = 1e-4
"""A tick up from 0 on that scale."""


def is_wide(field: Field) -> bool:
    """Whether the field is walked along 1-2-5-10, as learning rates are."""
    low, high = _bounds(field)
    if int in field.types or low < 0:
        return False
    return high / low >= WIDE_RATIO if low > 0 else high >= WIDE_RANGE


def stepped(value: float, ticks: int, field: Field) -> float:
    """The value some ticks higher (or lower, if negative), within the field's limits."""
    for _ in range(abs(ticks)):
        value = _one(value, 1 if ticks > 0 else -1, field)
    return value


def _one(value: float, sign: int, field: Field) -> float:
    low, high = _bounds(field)
    if int in field.types:
        return int(min(max(value + sign, low), high))
    if is_wide(field):
        after = _along_scale(value, sign, low)
    else:
        after = round(value + sign * _share(value, low, high), 12)
    return after if _allowed(after, field) else _edge(value, sign, field)


def _bounds(field: Field) -> tuple[float, float]:
    rule = field.limits
    return rule.get("ge", rule.get("gt", -math.inf)), rule.get("le", rule.get("lt", math.inf))


def _along_scale(value: float, sign: int, low: float) -> float:
    """The next number of ... 0.1, 0.2, 0.5, 1, 2, 5, 10 ..."""
    if value <= 0:
        return FROM_ZERO if sign > 0 else value
    exponent = math.floor(math.log10(value) + 1e-9)
    places = [float(f"{digit}e{exponent + shift}") for shift in (-1, 0, 1) for digit in (1, 2, 5)]
    near = value * 1e-9
    if sign > 0:
        return next(place for place in places if place > value + near)
    after = next(place for place in reversed(places) if place < value - near)
    return 0.0 if after < SMALLEST and low == 0 else after


def _share(value: float, low: float, high: float) -> float:
    """Half a digit of the distance to the nearer limit: 0.05 at 0.8, 0.0005 at 0.995."""
    if not math.isfinite(low) or not math.isfinite(high) or low < 0:
        return 10.0 ** math.floor(math.log10(max(abs(value), 0.1)) + 1e-9)
    room = min(value - low, high - value)
    room = room if room > 1e-9 else 0.1 * max(1.0, high - low)
    return 0.5 * 10.0 ** math.floor(math.log10(room) + 1e-9)


def _allowed(value: float, field: Field) -> bool:
    rule = field.limits
    low = value >= rule.get("ge", -math.inf) and value > rule.get("gt", -math.inf)
    return low and value <= rule.get("le", math.inf) and value < rule.get("lt", math.inf)


def _edge(value: float, sign: int, field: Field) -> float:
    """The limit itself where it is allowed, else the value as it was."""
    limit = field.limits.get("le" if sign > 0 else "ge", value)
    return float(limit)
