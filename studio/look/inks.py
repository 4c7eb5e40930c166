"""What the painted views share: colors of classes and of scales."""

from __future__ import annotations

from PySide6.QtGui import QColor

from engine.probes.coloring import Inks
from studio.look.theme import theme

PLUS, MINUS = 0, 1
"""Blue stands for plus and class 1, orange for minus and class 0, everywhere."""


def faded(color: QColor, share: float) -> QColor:
    """A mixture of a color with the ground; share 1 is the color."""
    ground = QColor(theme.colors.surface)
    pairs = zip(rgb_of(color), rgb_of(ground), strict=True)
    return QColor(*(round(share * c + (1 - share) * g) for c, g in pairs))


def rgb_of(color: QColor) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255."""
    return color.red(), color.green(), color.blue()


def inks_of_theme() -> Inks:
    """The colors of the look in use."""
    colors = theme.colors
    series = tuple(_number(QColor(name)) for name in colors.series)
    middle = _number(QColor(colors.surface))
    return Inks(series[MINUS], middle, series[PLUS], _number(QColor(colors.border)), series)


def class_color(index: int, classes: int) -> QColor:
    """The color of a class: of two classes minus and plus, else the series'."""
    if index < 0:
        return QColor(theme.colors.muted)
    if classes == 2:
        return theme.colors.of_series(PLUS if index else MINUS)
    return theme.colors.of_series(index)


def _number(color: QColor) -> int:
    return color.rgb() & 0xFFFFFF
