"""Pool: what all pooling layers have in common, windows that slide over each channel."""

from __future__ import annotations

import numpy as np

from engine.layers.base import (
    Array,
    Layer,
    Shape,
)
from engine.layers.windows import MAX_KERNEL, Windows
from engine.spec import setting


class Pool(Layer):
    """Windows that slide over each channel alone, without padding."""

    abstract = True

    category = "images"
    size: int = setting(
        2, title="Size", help="Side f of the f × f window, in pixels.", ge=1, le=MAX_KERNEL
    )
    stride: int = setting(
        2, title="Stride", help="Pixels between neighboring windows.", ge=1, le=MAX_KERNEL
    )

    def face(self) -> list[str]:
        """The stride is worth showing where windows overlap, or leave pixels out."""
        words = [f"{self.size} × {self.size}"]
        return words + ([f"stride {self.stride}"] if self.stride != self.size else [])

    def windows(self, shape: Shape) -> Windows:
        """Where the window lies on such an image. Raises DesignError if it does not fit."""
        return Windows.over(shape, self.size, self.stride)

    @property
    def keeps_rows(self) -> bool:
        return True

    def output_shape(self, *inputs: Shape) -> Shape:
        windows = self.windows(inputs[0])
        return (windows.channels, *windows.places)


def window_at(windows: Windows, row: int, column: int) -> tuple[Array, tuple[Array, ...]]:
    """The cells of one window, numbered row by row, and the rows and columns of their pixels."""
    rows, columns = windows.rows.under(row), windows.columns.under(column)
    u, v = np.ix_(rows[0], columns[0])
    return u * windows.kernel + v, np.ix_(rows[1], columns[1])


def windows_of(windows: Windows, y: int, x: int) -> tuple[Array, tuple[Array, ...]]:
    """The cells that cover one pixel, numbered row by row, and the places of their windows."""
    rows, columns = windows.rows.over(y), windows.columns.over(x)
    u, v = np.ix_(rows[0], columns[0])
    return u * windows.kernel + v, np.ix_(rows[1], columns[1])
