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
from engine.data.tables.options import Column
from engine.data.tables.table import Table
from engine.errors import DataError
from engine.targets import Targets, targets_for

MAX_FEATURES = 65_536
MAX_VALUES = 250_000_000  # 1 GB of float32
Columns = tuple[Column, ...]


def features(columns: Columns) -> Columns:
    """The columns that go in."""
    return tuple(column for column in columns if column.role == "feature")


def targets(columns: Columns) -> Columns:
    """The columns that are predicted."""
    return tuple(column for column in columns if column.role == "target")


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
            f"No column is {missing}.", hint="A table needs at least one of each. Choose one."
        )


def targets_of(columns: Columns) -> Targets:
    """What the target columns hold. Raises DataError where they do not go together."""
    check_roles(columns)
    wanted = targets(columns)
    for column in wanted:
        _check_classes(column)
    found = targets_for(_category_counts(columns))
    if found is None:
        raise DataError(
            "Several targets must all be numbers, or all categories with two values each.",
            hint="Choose one target, or change the types.",
        )
    return found


def _category_counts(columns: Columns) -> list[int]:
    """How many categories each target has; 0 for numbers."""
    return [0 if column.type == "number" else len(column.categories) for column in targets(columns)]


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


def class_names(columns: Columns) -> tuple[str, ...]:
    """The names of the classes; none where the targets are numbers."""
    wanted = targets(columns)
    names, categories = [c.name for c in wanted], [c.categories for c in wanted]
    return tuple(targets_of(columns).names_from(names, categories))


def fit_of(columns: Columns) -> Fit:
    """What such a table asks of a network. Raises DataError where the columns do not suit."""
    kind = targets_of(columns)
    outputs = kind.outputs(len(class_names(columns)) or len(targets(columns)))
    n_x = len(feature_names(columns))
    if n_x > MAX_FEATURES:
        raise DataError(
            f"The columns make {n_x:,} features; at most {MAX_FEATURES:,} can be used.",
            hint="Ignore the columns with many categories.",
        )
    return Fit((n_x,), outputs, kind.kind)


def encode(table: Table, name: str, seed: int) -> Dataset:
    """The data set of a table. Raises DataError where rows or classes are too few."""
    fit, kind = fit_of(table.columns), targets_of(table.columns)
    values = _by_column(table)
    kept = np.flatnonzero(_usable(table, values, kind.keeps_unknown_rows))
    _check_rows(kept, table, values)
    X = _features(table.columns, values, kept, fit.shape[0])
    found = np.stack([values[column.name][kept] for column in targets(table.columns)])
    Y = kind.from_columns(found, _category_counts(table.columns))  # (n_y, m)
    data = Dataset(
        X,
        Y,
        kind.kind,
        class_names(table.columns),
        feature_names(table.columns),
        name=name,
        seed=seed,
        gaps=bool(np.isnan(X).any()),
    )
    if kind.exclusive and np.unique(data.labels).size < 2:
        only = data.classes[data.labels[0]]
        raise DataError(
            f"All rows that can be used are of one class, '{only}'.",
            hint="Choose another target, or fill in missing values instead of dropping rows.",
        )
    return data


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


def _check_classes(column: Column) -> None:
    if column.type != "category" or len(column.categories) >= 2:
        return
    only = "".join(column.categories)
    reason = f"has only one class, '{only}'" if only else "is empty"
    raise DataError(f"The target '{column.name}' {reason}.", hint="Choose another target column.")
