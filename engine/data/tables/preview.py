"""Preview: the first rows of a table and everything that was guessed about it, for a dialog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.data.tables.cells import is_missing, is_number
from engine.data.tables.encode import MAX_FEATURES
from engine.data.tables.guess import (
    guess_options,
    numbered_rows,
    read_sample,
    sample_text,
)
from engine.data.tables.options import MAX_NAME, Column, ReadingOptions
from engine.data.tables.problems import TableProblem, bad_cell, ragged

SHOWN_ROWS = 100
NUMERIC_SHARE = 0.9  # of a column's values, from which on the others count as mistakes
FEW_VALUES = 10  # a target of whole numbers with so few values is a class
MANY_VALUES = 50  # a text column with more, and nearly as many as rows, is a name or a remark
TARGET_NAMES = ("target", "label", "class", "y", "species", "diagnosis", "outcome")
MAX_BYTES = 2 * 10**9
MANY_COLUMNS = 1_000
KEPT_PROBLEMS = 20


@dataclass(frozen=True)
class Preview:
    """rows: the first ones as text, without the header. lines: the number of each row's line.

    columns: names, guessed types and roles. problems: sentences about what would stop the reading.
    size: of the file in bytes. estimated_rows: from size and sample.
    """

    path: Path
    size: int
    options: ReadingOptions
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    problems: tuple[TableProblem, ...]
    estimated_rows: int


def preview(path: str | Path, options: ReadingOptions | None = None) -> Preview:
    """The first rows of a table; options that are not given are guessed.

    It reads no more than 256 KB. Raises FileError, and DataError for a file that is not a table.
    """
    path = Path(path)
    sample = read_sample(path)
    options = options or guess_options(sample, path.name)
    text = sample_text(sample, options.encoding)
    rows = numbered_rows(text, options)
    size = path.stat().st_size
    header = rows.pop(0)[1] if options.header and rows else []
    width = max((len(cells) for _, cells in rows), default=len(header))
    width = len(header) or width
    names = column_names(header, width)
    columns = guess_columns(names, [cells for _, cells in rows], options.decimal)
    shown = rows[:SHOWN_ROWS]
    bytes_per_line = len(sample) / max(text.count("\n"), text.count("\r"), 1)
    problems = _file_problems(path.name, size, len(columns), len(rows), text, options)
    return Preview(
        path,
        size,
        options,
        columns,
        tuple(tuple(cells) for _, cells in shown),
        tuple(line for line, _ in shown),
        (*problems, *_row_problems(rows, columns, options.decimal)),
        len(rows) if size == len(sample) else round(size / bytes_per_line),
    )


def column_names(header: Sequence[str], width: int) -> tuple[str, ...]:
    """Names that differ from each other: empty ones get a number, second ones too."""
    names: list[str] = []
    taken: set[str] = set()
    for index in range(width):
        text = header[index].strip()[:MAX_NAME] if index < len(header) else ""
        name = text = text or f"column {index + 1}"
        number = 2
        while name in taken:
            name, number = f"{text} ({number})", number + 1
        names.append(name)
        taken.add(name)
    return tuple(names)


def guess_columns(names: Sequence[str], rows: list[list[str]], decimal: str) -> tuple[Column, ...]:
    """The type of each column, and the role: the target is named so, or is the last that fits."""
    columns = [
        _guess_column(name, [row[index] for row in rows if index < len(row)], decimal)
        for index, name in enumerate(names)
    ]
    used = [index for index, column in enumerate(columns) if column.role != "ignore"]
    if not used:
        return tuple(columns)
    named = [index for index in used if columns[index].name.lower() in TARGET_NAMES]
    target = named[-1] if named else used[-1]
    values = [row[target] for row in rows if target < len(row)]
    columns[target] = _as_target(columns[target], values, decimal)
    return tuple(columns)


def _guess_column(name: str, values: list[str], decimal: str) -> Column:
    known = [value for value in values if not is_missing(value)]
    gaps = len(known) < len(values)
    numbers = sum(is_number(value, decimal) for value in known)
    if known and numbers >= NUMERIC_SHARE * len(known):
        return Column(name=name, missing="mean" if gaps else "drop")
    different = len(set(known))
    unique = different > MANY_VALUES and different > len(known) / 2
    return Column(
        name=name,
        type="category",
        role="ignore" if unique or not known else "feature",
        missing="category" if gaps else "drop",
    )


def _as_target(column: Column, values: list[str], decimal: str) -> Column:
    different = {value.strip() for value in values if not is_missing(value)}
    whole = all(value.lstrip("+-").isdecimal() for value in different)
    few = whole and 2 <= len(different) <= FEW_VALUES
    kind: Any = "category" if few else column.type
    return column.replace(role="target", type=kind, missing="drop")


def _file_problems(
    name: str, size: int, columns: int, rows: int, text: str, options: ReadingOptions
) -> list[TableProblem]:
    problems = []
    if too_large(size, options):
        message = f"'{name}' is {size / 1e9:.1f} GB; at most {MAX_BYTES / 1e9:.0f} GB are read."
        problems.append(TableProblem(message, "Read only the first rows, such as 1,000,000."))
    if columns > MANY_COLUMNS:
        message = f"The table has {columns:,} columns."
        hint = (
            f"Up to {MAX_FEATURES:,} features can be used; ignore those that carry no information."
        )
        problems.append(TableProblem(message, hint))
    elif columns < 2:
        message = f"With the delimiter {options.delimiter!r}, the table has only one column."
        problems.append(TableProblem(message, "Choose another delimiter."))
    if not rows:
        hint = "Choose another file, or turn off the header row."
        problems.append(TableProblem(f"'{name}' has no rows of values.", hint))
    if "\ufffd" in text:
        message = f"Some bytes of '{name}' are not valid in {options.encoding}."
        problems.append(TableProblem(message, "Choose another encoding."))
    return problems


def _row_problems(
    rows: list[tuple[int, list[str]]], columns: tuple[Column, ...], decimal: str
) -> list[TableProblem]:
    """What would stop the reading in the rows that were seen, the first ones in words."""
    problems: list[TableProblem] = []
    numeric = [
        (index, column.name)
        for index, column in enumerate(columns)
        if column.type == "number" and column.role != "ignore"
    ]
    for line, cells in rows:
        if len(problems) >= KEPT_PROBLEMS:
            break
        if len(cells) != len(columns):
            hint = "Skip bad rows, or correct the file."
            problems.append(ragged(line, len(cells), len(columns), hint))
            continue
        for index, name in numeric:
            text = cells[index]
            if not (is_missing(text) or is_number(text, decimal)):
                hint = "Skip bad rows, or read the column as a category."
                problems.append(bad_cell(line, index, name, f"{text!r} is not a number", hint))
    return problems


def too_large(size: int, options: ReadingOptions) -> bool:
    """Whether a file is refused before it is read."""
    return size > MAX_BYTES and not options.rows
