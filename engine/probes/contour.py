"""Contour: the line along which numbers on a grid change their sign."""

from __future__ import annotations

from itertools import combinations

import numpy as np

Array = np.ndarray

_SADDLE = ((0, 2), (1, 3))
"""Of a square that four lines meet, these sides are joined: top with left, bottom with right."""


def zero_line(values: Array) -> Array:
    """Pieces of the line where values (rows, columns) are 0: (n, 2, 2), each two ends (x, y).

    x and y count cells, and the middle of the first cell is at 0. Between neighbors the values are
    taken as straight lines. Source: W. Lorensen and H. Cline, Marching Cubes, 1987, in the plane.
    """
    across, x = _crossings(values)  # (rows, columns - 1)
    down, y = _crossings(values.T)
    down, y = down.T, y.T  # (rows - 1, columns)
    crossed = np.stack([across[:-1], across[1:], down[:, :-1], down[:, 1:]])
    rows, columns = np.indices(crossed.shape[1:])
    ends = np.stack(
        [
            np.stack([columns + x[:-1], rows]),
            np.stack([columns + x[1:], rows + 1]),
            np.stack([columns, rows + y[:, :-1]]),
            np.stack([columns + 1, rows + y[:, 1:]]),
        ]
    )  # (4 sides: top, bottom, left, right; x and y; rows - 1, columns - 1)
    sides = crossed.sum(axis=0)
    pieces = [
        np.stack([ends[a][:, where], ends[b][:, where]]).transpose(2, 0, 1)  # (n, 2, 2)
        for a, b in combinations(range(4), 2)
        for where in [_joined(crossed, sides, a, b)]
    ]
    return np.concatenate(pieces)


def _joined(crossed: Array, sides: Array, a: int, b: int) -> Array:
    """In which squares the line runs from side a to side b."""
    alone = crossed[a] & crossed[b] & (sides == 2)
    return alone | (sides == 4) if (a, b) in _SADDLE else alone


def _crossings(values: Array) -> tuple[Array, Array]:
    """Whether the sign changes between each cell and the next in its row, and how far behind its
    middle, 0 to 1."""
    left, right = values[:, :-1], values[:, 1:]
    crossed = (left >= 0) != (right >= 0)
    gap = np.where(crossed, left - right, 1.0)
    return crossed, np.clip(left / gap, 0.0, 1.0)
