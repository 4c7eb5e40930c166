"""Powers of ten as people write them."""

from __future__ import annotations

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def ten_to(exponent: int) -> str:
    """10⁻⁷ for -7."""
    return f"10{str(exponent).translate(_RAISED)}"


def short(value: float) -> str:
    """A value of any size in as few figures as tell it: 3.2e-05 for 0.0000321."""
    return f"{value:.1e}"
