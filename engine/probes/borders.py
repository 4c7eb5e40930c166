"""Borders: what each of several networks decides over the plane of two features. No Qt."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.data import Splits
from engine.network import Network
from engine.probes.coloring import Inks, Scale, class_pixels, scale_pixels
from engine.probes.plane import plane_of, surface

Array = np.ndarray

CELLS = 90
"""Along each axis: a picture is as large, in pixels."""
MOST_POINTS = 300


class Border(NamedTuple):
    """decided: (rows, columns) the class of each cell. classes: how many there are. places: (2, n)
    the rows and columns of training examples, labels: (n,) their classes."""

    decided: Array
    classes: int
    places: Array
    labels: Array


def border_of(network: Network, data: Splits) -> Border | None:
    """None where an example is no point of a plane, or has no class."""
    train, targets = data.train, network.task.targets
    if train.n_x != 2 or not targets.exclusive:
        return None
    plane = plane_of(data, cells=(CELLS, CELLS))
    P = surface(network, plane)  # (n_y, rows, columns)
    decided = targets.labels(targets.decide(P))
    left, right, bottom, top = plane.box
    a, b = plane.coordinates(train.X[:, :MOST_POINTS])
    rows = np.floor((top - b) / (top - bottom) * CELLS)
    columns = np.floor((a - left) / (right - left) * CELLS)
    places = np.clip(np.stack([rows, columns]).astype(int), 1, CELLS - 2)  # (2, n)
    labels = train.labels[:MOST_POINTS]
    known = labels >= 0
    return Border(decided, len(train.classes), places[:, known], labels[known])


def picture_of(border: Border, inks: Inks) -> Array:
    """(rows, columns, 3) of uint8: the ground in the pale colors of the classes, the training
    examples as small squares in the full ones."""
    if border.classes == 2:
        pixels = scale_pixels(border.decided.astype(float), Scale(0.0, 1.0), inks)
        colors = np.array([inks.low, inks.high])
    else:
        one_hot = np.arange(border.classes)[:, None, None] == border.decided
        pixels = class_pixels(one_hot.astype(float), inks, discrete=True)
        colors = np.array([inks.of_class(k) for k in range(border.classes)])
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            pixels[border.places[0] + down, border.places[1] + right] = colors[border.labels]
    channels = [pixels >> 16 & 255, pixels >> 8 & 255, pixels & 255]
    return np.stack(channels, axis=-1).astype(np.uint8)  # (rows, columns, 3)
