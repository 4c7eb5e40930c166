"""The careful reader: every row and cell through Python's csv module, each failure with its place.

It reads what the fast reader declined. It is some six times slower, and holds no more than a batch.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from engine.data.tables.blocks import CsvBlock
from engine.data.tables.cells import CellError, check_category, number
from engine.data.tables.options import Column, ReadingOptions
from engine.data.tables.pieces import RowChunk, Vocabulary
from engine.data.tables.problems import Tally, bad_cell, ragged
from engine.errors import DataError

BATCH_ROWS = 10_000
Row = tuple[int, list[str]]
"""The number of the line on which a row ends, and its cells."""


def csv_reader(lines: Iterable[str], options: ReadingOptions) -> Any:
    """Python's reader of rows, as the options say."""
    return csv.reader(
        lines,
        delimiter=options.delimiter,
        quotechar=options.quote or '"',
        quoting=csv.QUOTE_MINIMAL if options.quote else csv.QUOTE_NONE,
        skipinitialspace=True,
    )


def is_blank(cells: list[str]) -> bool:
    """Whether a row is an empty line."""
    return len(cells) < 2 and not "".join(cells).strip()


def rows_of(blocks: Iterable[CsvBlock], options: ReadingOptions) -> Iterator[Row]:
    """The rows of these blocks, without empty ones. Raises DataError for a quotation without end.

    A row may begin in one block and end in the next.
    """
    blocks = iter(blocks)
    first = next(blocks, None)
    if first is None:
        return
    lines = _lines(first, blocks)
    reader = csv_reader(lines, options)
    begin = first.line
    try:
        for cells in reader:
            if not is_blank(cells):
                yield first.line + reader.line_num - 1, cells
            begin = first.line + reader.line_num
    except csv.Error as error:
        raise DataError(
            f"From line {begin} on, the table cannot be divided into values: {error}.",
            hint="A closing quotation mark may be missing. Choose another quotation mark, or none.",
        ) from None


def _lines(first: CsvBlock, others: Iterator[CsvBlock]) -> Iterator[str]:
    yield from io.StringIO(first.data.decode("utf-8"), newline="")
    for block in others:
        yield from io.StringIO(block.data.decode("utf-8"), newline="")


class CarefulReader:
    """Turns rows into pieces. Bad rows go to the tally, which stops or counts."""

    def __init__(
        self,
        options: ReadingOptions,
        columns: tuple[Column, ...],
        words: list[Vocabulary],
        tally: Tally,
    ) -> None:
        self._options, self._columns, self._tally = options, columns, tally
        self._words = {vocabulary.position: vocabulary for vocabulary in words}
        self._used = [i for i, column in enumerate(columns) if column.role != "ignore"]

    def pieces(self, blocks: Iterable[CsvBlock]) -> Iterator[RowChunk]:
        """All rows of these blocks, a batch at a time."""
        batch: list[tuple[list[float], list[int]]] = []
        for line, cells in rows_of(blocks, self._options):
            row = self._row(line, cells)
            if row is not None:
                batch.append(row)
            if len(batch) == BATCH_ROWS:
                yield self._piece(batch)
                batch = []
        if batch:
            yield self._piece(batch)

    def _row(self, line: int, cells: list[str]) -> tuple[list[float], list[int]] | None:
        """The numbers and codes of a row; None if it was bad and is skipped."""
        width = len(self._columns)
        if len(cells) != width:
            hint = "Another delimiter or quotation mark may be right."
            self._tally.bad_row(ragged(line, len(cells), width, hint))
            return None
        numbers: list[float] = []
        codes: list[int] = []
        for index in self._used:
            try:
                self._cell(index, cells[index], numbers, codes)
            except CellError as error:
                name = self._columns[index].name
                self._tally.bad_row(bad_cell(line, index, name, error.reason, error.hint))
                return None
        return numbers, codes

    def _cell(self, index: int, text: str, numbers: list[float], codes: list[int]) -> None:
        if self._columns[index].type == "number":
            numbers.append(number(text, self._options.decimal))
            return
        if "\0" in text:
            raise CellError("it holds a zero byte", "The file may not be text.")
        code = self._words[index].code(text)
        if code is None:
            check_category(text.strip(), self._columns[index])
        codes.append(-1 if code is None else code)

    def _piece(self, batch: list[tuple[list[float], list[int]]]) -> RowChunk:
        numbers = [values for values, _ in batch]
        codes = [values for _, values in batch]
        return RowChunk(np.array(numbers, dtype=np.float32), np.array(codes, dtype=np.int16))
