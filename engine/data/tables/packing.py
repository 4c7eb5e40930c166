"""Packs the used columns of a table into a line of text, so that small data travel in the project.

The bytes are all number columns as little-endian float32, one column after the other, then all
category columns as int16. The categories themselves are in the columns' specs.
"""

from __future__ import annotations

import numpy as np

from engine.data.sources.embedding import MAX_RAW, damaged, embed, extract
from engine.data.tables.options import Column
from engine.data.tables.table import MAX_CELLS, Table


def pack(table: Table) -> str:
    """The text; empty if the table is too large for a project's file."""
    if table.numbers.nbytes + table.codes.nbytes > MAX_RAW:
        return ""
    numbers, codes = table.numbers.T.astype("<f4"), table.codes.T.astype("<i2")
    return embed(numbers.tobytes() + codes.tobytes())


def unpack(text: str, rows: int, columns: tuple[Column, ...]) -> Table:
    """The inverse of `pack`. Raises DataError for a text that does not hold these columns."""
    used = [column for column in columns if column.role != "ignore"]
    words = [column for column in used if column.type == "category"]
    width = len(used) - len(words)
    if rows < 1 or rows * len(used) > MAX_CELLS:
        raise damaged("table", f"it cannot have {rows} rows")
    split = 4 * rows * width
    raw = extract(text, split + 2 * rows * len(words), "table")
    numbers = np.frombuffer(raw[:split], dtype="<f4").reshape(width, rows).T  # (rows, numbers)
    codes = np.frombuffer(raw[split:], dtype="<i2").reshape(len(words), rows).T  # (rows, words)
    for column, found in zip(words, codes.T, strict=True):
        if found.min() < -1 or found.max() >= len(column.categories):
            raise damaged("table", f"'{column.name}' holds an unknown category")
    if np.isinf(numbers).any():
        raise damaged("table", "a value is infinite")
    rows_first = np.ascontiguousarray(numbers, dtype=np.float32)
    return Table(columns, rows_first, np.ascontiguousarray(codes, dtype=np.int16))
