"""What a person reads from the pixels of the screen: frames, changes, and a curve that falls."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from tests.studio.walk.screen import Box


def is_color(pixels: np.ndarray, name: str) -> np.ndarray:
    """Which pixels (height, width) have exactly this color, such as "#0B62B0"."""
    return (pixels & 0xFFFFFF) == int(name.removeprefix("#"), 16)


def longest_line(pixels: np.ndarray, color: str) -> int:
    """Length of the longest horizontal line of a color."""
    runs = (
        sum(1 for _ in same)
        for row in is_color(pixels, color)
        for drawn, same in groupby(row)
        if drawn
    )
    return max(runs, default=0)


def changed(before: np.ndarray, after: np.ndarray) -> Box:
    """The box around all that differs between two looks at the screen."""
    rows, columns = np.nonzero(before != after)
    left, top = int(columns.min()), int(rows.min())
    return left, top, int(columns.max()) - left + 1, int(rows.max()) - top + 1


def falls(pixels: np.ndarray, color: str) -> bool:
    """Whether a curve of this color ends lower than it begins."""
    drawn = is_color(pixels, color)
    columns = np.nonzero(drawn.any(axis=0))[0]
    if len(columns) < 2:
        return False
    first, last = (np.nonzero(drawn[:, column])[0].mean() for column in columns[[0, -1]])
    return bool(last > first + 1)
