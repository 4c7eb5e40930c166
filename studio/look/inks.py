"""What the painted views share: numbers in few characters, and colors that step back."""

from __future__ import annotations

import math

from PySide6.QtGui import QColor

from studio.look.theme import theme


def figure(value: float) -> str:
    """A number in few characters: 0.512, 4.7e3, −1.2e-5."""
    if value != 0 and not 1e-3 <= abs(value) < 1e4 and math.isfinite(value):
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}".replace("-", "−", 1 if value < 0 else 0)
    return (f"{value:.0f}" if abs(value) >= 1e3 else f"{value:.3g}").replace("-", "−")


def faded(color: QColor, share: float) -> QColor:
    """A mixture of a color with the ground; share 1 is the color."""
    ground = QColor(theme.colors.surface)
    pairs = zip(rgb_of(color), rgb_of(ground), strict=True)
    return QColor(*(round(share * c + (1 - share) * g) for c, g in pairs))


def rgb_of(color: QColor) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255."""
    return color.red(), color.green(), color.blue()
