"""Sketch: a source at a glance: some of its points, pictures or rows, and how much there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.data import Dataset, DataSource

Array = np.ndarray
MOST_POINTS, MOST_PICTURES = 240, 15
MOST_ROWS, MOST_COLUMNS = 5, 3
BYTE = 255


@dataclass(frozen=True, eq=False)
class Sketch:
    """What a thumbnail shows, as plain arrays.

    form: which of the fields below has something. places: (2, n) from 0 to 1, upwards. labels: (n,)
    class of each place, all 0 for a regression. pictures: (n, height, width, channels) of uint8.
    rows: texts of the first examples, of which the first row has the names.
    """

    form: Literal["points", "pictures", "rows"]
    examples: int
    features: int
    classes: tuple[str, ...]
    places: Array | None = None
    labels: Array | None = None
    pictures: Array | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    ink: bool = False


def sketch(source: DataSource) -> Sketch:
    """The sketch of a source's data; it loads them. Raises DataError or FileError."""
    return sketch_of(source.load())


def sketch_of(data: Dataset) -> Sketch:
    """The sketch of a data set."""
    facts = (data.m, data.n_x, data.classes)
    shape = data.image_shape
    if shape is not None:
        pictures = pictures_of(data, _some(data, MOST_PICTURES))
        return Sketch("pictures", *facts, pictures=pictures, ink=data.ink)
    flat = data.X if data.n_x == 2 else np.concatenate([data.X, data.Y]) if data.n_x == 1 else None
    if flat is None:
        return Sketch("rows", *facts, rows=_rows(data))
    chosen = _some(data, MOST_POINTS)
    labels = data.groups[chosen]
    return Sketch("points", *facts, places=_scaled(flat[:2, chosen]), labels=labels)


def pictures_of(data: Dataset, chosen: Array) -> Array:
    """Examples as pictures, where they are some: (n, height, width, channels) of uint8.

    Values from 0 to 1 become 0 to 255; others are stretched to the range of what is chosen.
    """
    assert data.image_shape is not None
    channels, height, width = data.image_shape
    X = np.asarray(data.X[:, chosen], dtype=np.float64)
    low, high = float(X.min()), float(X.max())
    if low < 0 or high > 1:
        X = (X - low) / max(high - low, 1e-12)
    whole = np.rint(BYTE * X).astype(np.uint8).T.reshape(-1, channels, height, width)
    return np.ascontiguousarray(np.moveaxis(whole, 1, 3))  # (n, height, width, channels)


def _some(data: Dataset, count: int) -> Array:
    """Examples from all over the data, which may be sorted by class; always the same ones."""
    return np.random.default_rng(0).permutation(data.m)[:count]


def _scaled(places: Array) -> Array:
    """(2, n) into the unit square, both axes by the same scale where they are of one kind."""
    known = np.nan_to_num(np.asarray(places, dtype=np.float64))
    low, high = known.min(axis=1, keepdims=True), known.max(axis=1, keepdims=True)
    return (known - low) / np.maximum(high - low, 1e-12)


def _rows(data: Dataset) -> tuple[tuple[str, ...], ...]:
    columns = min(data.n_x, MOST_COLUMNS)
    target = "y"
    names = (*data.feature_names[:columns], target)
    rows = [names]
    for index in _some(data, MOST_ROWS):
        values = tuple(f"{value:.3g}" for value in data.X[:columns, index])
        y = data.targets.words(data.of_target().Y[:, index], data.classes, digits=3)
        rows.append((*values, y))
    return tuple(rows)
