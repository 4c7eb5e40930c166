"""Colors: the looks as values. Names say what a color is for; `theme` says which look is worn."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor

SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8F7A00", "#000000")
SERIES_DARK = (
    "#56B4E9",
    "#E6803A",
    "#2BC49A",
    "#DE9CC0",
    "#E69F00",
    "#8CCBEF",
    "#F0E442",
    "#FFFFFF",
)
"""Okabe and Ito (2008), safe for the common kinds of color blindness; lightened for dark ground."""
SERIES_HIGH_CONTRAST = (
    "#004A86",
    "#9E3300",
    "#00613F",
    "#8F2868",
    "#6B4A00",
    "#005F7A",
    "#4F4500",
    "#000000",
)
"""The same hues, darkened until each has a contrast of 7:1 on white."""

CATEGORY_SERIES = {
    "input": 2,
    "core": 0,
    "images": 6,
    "sequences": 7,
    "normalization": 3,
    "regularization": 4,
    "merge": 5,
    "output": 1,
}
"""Category of a layer -> index into the series colors, for the stripe of its node."""


@dataclass(frozen=True)
class Colors:
    """One look. Names say what a color is for."""

    window: str
    surface: str
    raised: str
    border: str
    grid: str
    text: str
    muted: str
    accent: str
    on_accent: str
    problem: str
    warning: str
    good: str
    series: tuple[str, ...]
    disabled: str
    line_px: int = 1
    """Width of the lines around what can be operated."""

    def of_series(self, index: int) -> QColor:
        """Color of the n-th series; they repeat after eight."""
        return QColor(self.series[index % len(self.series)])

    def of_category(self, category: str) -> QColor:
        """Color of a layer category's stripe."""
        index = CATEGORY_SERIES.get(category)
        return QColor(self.muted) if index is None else self.of_series(index)


LIGHT = Colors(
    window="#F3F4F6",
    surface="#FFFFFF",
    raised="#FAFBFC",
    border="#C9CED6",
    grid="#E6E9ED",
    text="#1B1F24",
    muted="#59626E",
    accent="#0B62B0",
    on_accent="#FFFFFF",
    problem="#B3261E",
    warning="#8A5A00",
    good="#0B6B4B",
    series=SERIES,
    disabled="#59626E",
)
DARK = Colors(
    window="#1B1D21",
    surface="#23262B",
    raised="#2B2F35",
    border="#454B54",
    grid="#32363D",
    text="#ECEEF1",
    muted="#A7AFBA",
    accent="#6CB6FF",
    on_accent="#0E1116",
    problem="#FF8A80",
    warning="#FFC94D",
    good="#5BD6A8",
    series=SERIES_DARK,
    disabled="#A7AFBA",
)
HIGH_CONTRAST = Colors(
    window="#FFFFFF",
    surface="#FFFFFF",
    raised="#FFFFFF",
    border="#000000",
    grid="#959595",
    text="#000000",
    muted="#404040",
    accent="#003C86",
    on_accent="#FFFFFF",
    problem="#8C0010",
    warning="#5C3A00",
    good="#004D33",
    series=SERIES_HIGH_CONTRAST,
    disabled="#6B6B6B",
    line_px=2,
)
HIGH_CONTRAST_DARK = Colors(
    window="#000000",
    surface="#000000",
    raised="#000000",
    border="#FFFFFF",
    grid="#555555",
    text="#FFFFFF",
    muted="#D0D0D0",
    accent="#8CD0FF",
    on_accent="#000000",
    problem="#FF9C94",
    warning="#FFD75E",
    good="#6FEBBB",
    series=SERIES_DARK,
    disabled="#A8A8A8",
    line_px=2,
)
