"""What the target columns of a table hold: one kind of targets together, or each its own target."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.data.blocks import TargetBlock
from engine.data.checks import Array
from engine.data.tables.options import Column
from engine.errors import DataError
from engine.targets import Targets, targets_for

Columns = tuple[Column, ...]


def targets(columns: Columns) -> Columns:
    """The columns that are predicted."""
    return tuple(column for column in columns if column.role == "target")


def checked_targets(columns: Columns) -> Columns:
    """The same. Raises DataError for a category column without two classes."""
    wanted = targets(columns)
    for column in wanted:
        _check_classes(column)
    return wanted


def blocks_of(columns: Columns) -> tuple[TargetBlock, ...]:
    """A target for each group of columns: for all together where they are of one kind (numbers, or
    yes-or-no labels), else for each column alone, under its name."""
    wanted = checked_targets(columns)
    if targets_for(_category_counts(wanted)) is not None:
        return (_block("y", wanted),)
    return tuple(_block(column.name, (column,)) for column in wanted)


def target_rows(columns: Columns, values: Mapping[str, Array], kept: Array) -> Array:
    """Y: (rows, m) for the rows of the table that are kept. values: by column name."""
    wanted, blocks = targets(columns), blocks_of(columns)
    groups = [wanted] if len(blocks) == 1 else [(column,) for column in wanted]
    found = []
    for block, group in zip(blocks, groups, strict=True):
        rows = np.stack([values[column.name][kept] for column in group])
        found.append(Targets.of(block.task).from_columns(rows, _category_counts(group)))
    return np.concatenate(found)


def _block(name: str, columns: Columns) -> TargetBlock:
    kind = targets_for(_category_counts(columns))
    assert kind is not None  # one column alone always poses a task
    names = [column.name for column in columns]
    classes = tuple(kind.names_from(names, [column.categories for column in columns]))
    return TargetBlock(name, kind.outputs(len(classes) or len(columns)), kind.kind, classes)


def _category_counts(columns: Columns) -> list[int]:
    """How many categories each target has; 0 for numbers."""
    return [0 if column.type == "number" else len(column.categories) for column in columns]


def _check_classes(column: Column) -> None:
    if column.type != "category" or len(column.categories) >= 2:
        return
    only = "".join(column.categories)
    reason = f"has only one class, '{only}'" if only else "is empty"
    raise DataError(f"The target '{column.name}' {reason}.", hint="Choose another target column.")
