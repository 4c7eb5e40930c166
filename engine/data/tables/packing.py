"""Packs the used columns of a table into a line of text, so that small data travel in the project.

The text is base64 of zlib of all number columns as little-endian float32, one column after the
other, then all category columns as int16. The categories themselves are in the columns' specs.
"""

from __future__ import annotations

import base64
import binascii
import zlib

import numpy as np

from engine.data.checks import Array
from engine.data.tables.options import Column
from engine.data.tables.table import MAX_CELLS, Table
from engine.errors import DataError

MAX_PACKED = 5_000_000  # characters: 5 MB in the project's file
MAX_UNPACKED = 40_000_000  # bytes; more than this cannot become small enough, and is not tried


def pack(table: Table) -> str:
    """The text; empty if it would be longer than MAX_PACKED."""
    if table.numbers.nbytes + table.codes.nbytes > MAX_UNPACKED:
        return ""
    raw = table.numbers.T.astype("<f4").tobytes() + table.codes.T.astype("<i2").tobytes()
    text = base64.b64encode(zlib.compress(raw, 6)).decode("ascii")
    return text if len(text) <= MAX_PACKED else ""


def unpack(text: str, rows: int, columns: tuple[Column, ...]) -> Table:
    """The inverse of `pack`. Raises DataError for a text that does not hold these columns."""
    used = [column for column in columns if column.role != "ignore"]
    words = [column for column in used if column.type == "category"]
    width = len(used) - len(words)
    split, size = 4 * rows * width, 4 * rows * width + 2 * rows * len(words)
    if rows < 1 or rows * len(used) > MAX_CELLS:
        raise _damaged(f"it cannot have {rows} rows")
    raw = _inflated(text, size)
    numbers = np.frombuffer(raw[:split], dtype="<f4").reshape(width, rows).T  # (rows, numbers)
    codes = np.frombuffer(raw[split:], dtype="<i2").reshape(len(words), rows).T  # (rows, words)
    for column, found in zip(words, codes.T, strict=True):
        if found.min() < -1 or found.max() >= len(column.categories):
            raise _damaged(f"'{column.name}' holds an unknown category")
    if np.isinf(numbers).any():
        raise _damaged("a value is infinite")
    return Table(columns, _writable(numbers, np.float32), _writable(codes, np.int16))


def _inflated(text: str, size: int) -> bytes:
    """The bytes, of which there must be `size`; it never makes more than one more."""
    try:
        packed = base64.b64decode(text, validate=True)
        raw = zlib.decompressobj().decompress(packed, size + 1)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise _damaged(str(error)) from None
    if len(raw) != size:
        raise _damaged("its rows and columns do not fit its size")
    return raw


def _writable(values: Array, dtype: type) -> Array:
    return np.ascontiguousarray(values, dtype=dtype)


def _damaged(reason: str) -> DataError:
    return DataError(
        f"The table inside the project is damaged: {reason.rstrip('.')}.",
        hint="Use a backup of the project, or open the table anew.",
    )
