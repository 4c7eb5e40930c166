"""The theme's colors for planes, as plain numbers that a background thread may read."""

from __future__ import annotations

from PySide6.QtGui import QColor

from engine.probes.coloring import Inks
from studio.look.theme import theme

PLUS, MINUS = 0, 1
"""Blue stands for plus and class 1, orange for minus and class 0, everywhere."""


def inks_of_theme() -> Inks:
    """The colors of the look in use."""
    colors = theme.colors
    series = tuple(_number(QColor(name)) for name in colors.series)
    middle = _number(QColor(colors.surface))
    return Inks(series[MINUS], middle, series[PLUS], _number(QColor(colors.border)), series)


def class_color(index: int, classes: int) -> QColor:
    """The color of a class: of two classes minus and plus, of more the series'."""
    if index < 0:
        return QColor(theme.colors.muted)
    if classes <= 2:
        return theme.colors.of_series(PLUS if index else MINUS)
    return theme.colors.of_series(index)


def _number(color: QColor) -> int:
    return color.rgb() & 0xFFFFFF
