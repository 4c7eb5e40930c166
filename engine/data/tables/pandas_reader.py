"""The fast reader: a block that is a clean rectangle of numbers and categories, through pandas.

It answers None to whatever is not clean, and leaves that to the careful reader, which names the
place. So pandas decides how fast a table loads, and never what a user is told.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from engine.data.checks import Array
from engine.data.tables.blocks import NEWLINE, CsvBlock
from engine.data.tables.cells import MISSING
from engine.data.tables.options import Column, ReadingOptions
from engine.data.tables.pieces import RowChunk, Vocabulary

RETURN = ord("\r")


def parse_fast(
    block: CsvBlock, options: ReadingOptions, columns: tuple[Column, ...], words: list[Vocabulary]
) -> RowChunk | None:
    """The rows of a block; None if anything in it needs a careful look."""
    if not is_rectangle(block, options.delimiter, len(columns)):
        return None
    frame = _frame(block.data, options, columns)
    if frame is None:
        return None
    numbers = _numbers(frame, columns)
    if np.isinf(numbers).any():
        return None
    codes = np.empty((len(frame), len(words)), dtype=np.int16)
    for index, vocabulary in enumerate(words):
        numbers_of, texts = frame[vocabulary.position].factorize()
        found = vocabulary.codes(list(texts))
        if found is None or (numbers_of < 0).any():
            return None
        codes[:, index] = found[numbers_of]
    return RowChunk(numbers, codes)


def is_sound(block: CsvBlock, delimiter: str) -> bool:
    """Whether every quotation mark begins or ends a value, so that rows end where we think."""
    if not block.quoted:
        return True
    characters, mark = block.characters, ord(block.quote)
    is_edge = np.zeros(256, dtype=bool)
    is_edge[[ord(delimiter), NEWLINE, RETURN, mark]] = True
    marks = np.flatnonzero(characters == mark)
    before = np.where(marks > 0, characters[marks - 1], NEWLINE)
    after = characters[np.minimum(marks + 1, characters.size - 1)]
    return bool(is_edge[np.where(block.inside[marks], before, after)].all())


def is_rectangle(block: CsvBlock, delimiter: str, width: int) -> bool:
    """Whether every row that is not empty has `width` values, judged by delimiters alone."""
    data, characters = block.data, block.characters
    lone_return = b"\r" in data and data.count(b"\r") != data.count(b"\r\n")
    if lone_return or b"\0" in data:
        return False
    ends = block.row_ends()
    if not ends.size or ends[-1] != characters.size - 1:
        return False
    delimiters = characters == ord(delimiter)
    if block.quoted:
        delimiters &= ~block.inside
    starts = np.concatenate([[0], ends[:-1] + 1])
    found = np.add.reduceat(delimiters, starts, dtype=np.int64)
    empty = (ends == starts) | ((ends == starts + 1) & (characters[starts] == RETURN))
    return bool(((found == width - 1) & ~empty | (empty & (width > 1))).all())


def _frame(data: bytes, options: ReadingOptions, columns: tuple[Column, ...]) -> Any:
    """pandas' frame with a column for each used position; None where it cannot be one."""
    import pandas as pd  # noqa: PLC0415 - 0.3 s that only an own table should cost

    used = [index for index, column in enumerate(columns) if column.role != "ignore"]
    numbers = [index for index in used if columns[index].type == "number"]
    # As objects, because pandas takes categories such as 007 and 1e3 for numbers.
    types: dict[int, Any] = {
        index: "float32" if columns[index].type == "number" else object for index in used
    }
    try:
        with np.errstate(over="ignore"):  # what is too large becomes infinite, which is checked
            frame = pd.read_csv(
                io.BytesIO(data),
                sep=options.delimiter,
                decimal=options.decimal,
                quotechar=options.quote or '"',
                quoting=0 if options.quote else 3,
                header=None,
                names=range(len(columns)),
                usecols=used,
                dtype=types,
                na_values={index: list(MISSING) for index in numbers},
                keep_default_na=False,
                index_col=False,
                skipinitialspace=True,
                encoding="utf-8",
                engine="c",
                low_memory=False,
            )
    except (ValueError, OverflowError):
        return None
    return frame


def _numbers(frame: Any, columns: tuple[Column, ...]) -> Array:
    """(rows, number columns) of float32, NaN where a value is missing."""
    wanted = [index for index in frame.columns if columns[index].type == "number"]
    return np.ascontiguousarray(frame[wanted].to_numpy(dtype=np.float32))
