"""From a table to a data set: which feature each column becomes, and which rows can be used.

A number column becomes one feature, a category column one feature for each category (one-hot). With
missing="category" there is one more feature, which is 1 where the value is missing. With
missing="mean" a missing value stays NaN until the split fills in the training set's mean.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from engine.data.checks import Array
from engine.data.dataset import Dataset
from engine.data.fit import Fit
from engine.data.tables.table import Table
from engine.data.tables.target_columns import Columns, blocks_of, target_rows, targets
from engine.errors import DataError
from engine.targets import Targets

MAX_FEATURES = 65_536
MAX_VALUES = 250_000_000  # 1 GB of float32


def features(columns: Columns) -> Columns:
    """The columns that go in."""
    return tuple(column for column in columns if column.role == "feature")


def check_roles(columns: Columns) -> None:
    """Raises DataError unless there is a feature and a target, and each column has its own name.

    It needs no categories, so it can be asked before a table is read.
    """
    for name, count in Counter(column.name for column in columns).most_common(1):
        if count > 1:
            hint = "Give each column a different name."
            raise DataError(f"{count} columns are named '{name}'.", hint=hint)
    if not targets(columns) or not features(columns):
        missing = "the target" if features(columns) else "a feature"
        raise DataError(
            f"No column is {missing}.", hint="A table needs at least one feature and one target."
        )


def feature_names(columns: Columns) -> tuple[str, ...]:
    """A name for each feature: "age", "color = red", "age is missing"."""
    names: list[str] = []
    for column in features(columns):
        if column.type == "number":
            names.append(column.name)
        else:
            names += [f"{column.name} = {category}" for category in column.categories]
        if column.missing == "category":
            names.append(f"{column.name} is missing")
    return tuple(names)


def fit_of(columns: Columns) -> Fit:
    """What such a table asks of a network. Raises DataError where the columns do not suit."""
    check_roles(columns)
    blocks = blocks_of(columns)
    n_x = len(feature_names(columns))
    if n_x > MAX_FEATURES:
        raise DataError(
            f"The columns make {n_x:,} features; at most {MAX_FEATURES:,} can be used.",
            hint="Ignore the columns with many categories.",
        )
    first = blocks[0]
    return Fit((n_x,), first.outputs, first.task, target_blocks=blocks if blocks[1:] else ())


def encode(table: Table, name: str, seed: int) -> Dataset:
    """The data set of a table. Raises DataError where rows or classes are too few."""
    fit = fit_of(table.columns)
    blocks, values = blocks_of(table.columns), _by_column(table)
    keeps_unknown = bool(blocks[1:]) or Targets.of(fit.task).keeps_unknown_rows
    kept = np.flatnonzero(_usable(table, values, keeps_unknown))
    _check_rows(kept, table, values)
    X = _features(table.columns, values, kept, fit.shape[0])
    data = Dataset(
        X,
        target_rows(table.columns, values, kept),
        fit.task,
        blocks[0].classes,
        feature_names(table.columns),
        name=name,
        seed=seed,
        gaps=bool(np.isnan(X).any()),
        target_blocks=fit.target_blocks,
    )
    for block in blocks:
        _check_variety(data.of_target(block.name) if blocks[1:] else data)
    return data


def _check_variety(data: Dataset) -> None:
    """Raises DataError where all examples are of one class."""
    if not data.targets.exclusive or np.unique(data.labels[data.labels >= 0]).size >= 2:
        return
    only = data.classes[data.labels.max()]
    raise DataError(
        f"All rows that can be used are of one class, '{only}'.",
        hint="Choose another target, or fill in missing values instead of dropping rows.",
    )


def _by_column(table: Table) -> dict[str, Array]:
    """The array of each used column, (rows,), by the column's name."""
    arrays, numbers, codes = {}, iter(table.numbers.T), iter(table.codes.T)
    for column in table.columns:
        if column.role != "ignore":
            arrays[column.name] = next(numbers if column.type == "number" else codes)
    return arrays


def _missing(values: Array) -> Array:
    return np.asarray(np.isnan(values) if values.dtype.kind == "f" else values < 0)


def _usable(table: Table, values: dict[str, Array], keeps_unknown: bool) -> Array:
    """Which rows lack nothing that they need: (rows,) of bool."""
    usable = np.ones(table.rows, dtype=bool)
    for column in features(table.columns):
        if column.missing == "drop":
            usable &= ~_missing(values[column.name])
    if not keeps_unknown:
        for column in targets(table.columns):
            usable &= ~_missing(values[column.name])
    return usable


def _check_rows(kept: Array, table: Table, values: dict[str, Array]) -> None:
    if kept.size == 0:
        emptiest = max(values, key=lambda name: int(_missing(values[name]).sum()))
        gaps = int(_missing(values[emptiest]).sum())
        raise DataError(
            f"No row has all its values; '{emptiest}' lacks {gaps:,} of {table.rows:,}.",
            hint="Ignore that column, or fill in missing values instead of dropping rows.",
        )
    n_x = len(feature_names(table.columns))
    if kept.size * n_x > MAX_VALUES:
        raise DataError(
            f"{kept.size:,} rows of {n_x:,} features are more than fit into memory.",
            hint="Ignore columns with many categories, or read fewer rows.",
        )


def _features(columns: Columns, values: dict[str, Array], kept: Array, n_x: int) -> Array:
    """X: (n_x, m) of float32, each example in one piece of memory."""
    rows = np.zeros((kept.size, n_x), dtype=np.float32)
    start = 0
    for column in features(columns):
        found = values[column.name][kept]
        gaps = _missing(found)
        if column.type == "number":
            rows[:, start] = found  # a gap is NaN, also where it has a feature of its own
            start += 1
        else:
            width = len(column.categories)
            known = np.flatnonzero(~gaps)
            rows[known, start + found[known]] = 1
            if column.missing == "mean":
                rows[gaps, start : start + width] = np.nan
            start += width
        if column.missing == "category":
            rows[:, start] = gaps
            start += 1
    return rows.T  # (n_x, m)
