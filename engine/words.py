"""How numbers are written in sentences, tables, and axes."""

from __future__ import annotations

import math


def number(value: float, digits: int = 4) -> str:
    """A number with this many significant digits: "0.3333", "−2", "1e+05", and "0" for -0."""
    return _true_minus(f"{float(value) + 0.0:.{digits}g}")  # + 0.0 makes 0 of -0


def short_number(value: float) -> str:
    """A number in few characters: "0.512", "4.7e3", "−1.2e-5"."""
    if value != 0 and not 1e-3 <= abs(value) < 1e4 and math.isfinite(value):
        return scientific(value)
    return number(value, 4 if abs(value) >= 1e3 else 3)


def scientific(value: float, digits: int = 1) -> str:
    """Scientific notation with this many digits after the point: "3.2e-5"; "0"; "–" if unknown."""
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return "–" if math.isnan(value) else _true_minus(f"{value:.0f}").replace("inf", "∞")
    mantissa, exponent = f"{value:.{digits}e}".split("e")
    return f"{_true_minus(mantissa)}e{int(exponent)}"


def plain_number(value: float) -> str:
    """A number as people type it: "1000000" and "0.5", not "1e+06"."""
    return f"{value:.0f}" if value == int(value) and abs(value) < 1e12 else f"{value:g}"


def percent(share: float, digits: int | None = 1) -> str:
    """A share as people read it: 0.11 is "11.0 %", with 0 digits "11 %".

    digits: after the point. None means as many as needed, up to four significant digits: 0.7 is
    "70 %", and 0.125 is "12.5 %".
    """
    return f"{100 * share:.4g} %" if digits is None else f"{100 * share:.{digits}f} %"


def counted(count: int, noun: str) -> str:
    """A count with its noun: "1 iteration" and "1,200 iterations"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _true_minus(text: str) -> str:
    return text.replace("-", "−")
