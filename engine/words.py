"""How numbers read in sentences."""

from __future__ import annotations


def percent(share: float, digits: int = 1) -> str:
    """A share as people read it: 0.11 is "11.0 %", and without digits "11 %"."""
    return f"{100 * share:.{digits}f} %"
