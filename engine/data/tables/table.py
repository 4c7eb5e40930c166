"""Table: the used columns of a file as two arrays; and how it is read, block by block."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.data.checks import Array
from engine.data.progress import Watch
from engine.data.tables.blocks import CsvBlock, read_blocks
from engine.data.tables.csv_reader import CarefulReader, rows_of
from engine.data.tables.options import Column, ReadingOptions
from engine.data.tables.pandas_reader import is_sound, parse_fast
from engine.data.tables.pieces import RowChunk, Vocabulary
from engine.data.tables.problems import TableProblem, Tally
from engine.errors import DataError

MAX_COLUMNS = 20_000
MAX_CELLS = 200_000_000  # 800 MB of float32


@dataclass(frozen=True, eq=False)
class Table:
    """numbers: (rows, number columns) of float32, NaN where missing; in the order of `columns`.

    codes: (rows, category columns) of int16, places in the column's categories, -1 where missing.
    columns: all columns of the file; those that are ignored are in neither array.
    skipped: how many bad rows were left out; problems: the first of them in words.
    """

    columns: tuple[Column, ...]
    numbers: Array
    codes: Array
    skipped: int = 0
    problems: tuple[TableProblem, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return int(self.numbers.shape[0])


def read_table(
    path: Path,
    options: ReadingOptions,
    columns: tuple[Column, ...],
    skip_bad: bool = False,
    watch: Watch = Watch(),  # noqa: B008 - frozen
) -> Table:
    """The whole table. Raises DataError with its place, FileError, or ReadingCancelledError."""
    _check_columns(columns)
    words = [
        Vocabulary(position, column)
        for position, column in enumerate(columns)
        if column.role != "ignore" and column.type == "category"
    ]
    tally = Tally(skip_bad)
    blocks = read_blocks(path, options, watch)
    if options.header:
        blocks = _after_header(blocks, options, path, len(columns))
    reader = CarefulReader(options, columns, words, tally)
    pieces = _pieces(blocks, options, columns, words, reader)
    pieces = _limited(pieces, options.rows)
    numbers, codes = _joined(list(_counted(pieces)), path, tally)
    named = list(columns)
    for index, vocabulary in enumerate(words):
        texts, codes[:, index] = vocabulary.sorted(codes[:, index])
        named[vocabulary.position] = vocabulary.column.replace(categories=texts)
    return Table(tuple(named), numbers, codes, tally.skipped, tuple(tally.problems))


def _pieces(
    blocks: Iterator[CsvBlock],
    options: ReadingOptions,
    columns: tuple[Column, ...],
    words: list[Vocabulary],
    reader: CarefulReader,
) -> Iterator[RowChunk]:
    """Fast where a block is clean, carefully where not, and to the end where quotes are unruly."""
    for block in blocks:
        if not (block.sound and is_sound(block, options.delimiter)):
            yield from reader.pieces(itertools.chain([block], blocks))
            return
        piece = parse_fast(block, options, columns, words)
        if piece is not None:
            yield piece
        else:
            yield from reader.pieces([block])


def _after_header(
    blocks: Iterator[CsvBlock], options: ReadingOptions, path: Path, width: int
) -> Iterator[CsvBlock]:
    """The blocks without the row of names."""
    first = next(blocks, None)
    if first is None:
        return
    line, names = next(rows_of([first], options), (first.line, []))
    if names and len(names) != width:
        raise DataError(
            f"The header of '{path.name}' has {len(names)} names, but there are {width} columns.",
            hint="Open the table again.",
        )
    lines = first.data.splitlines(keepends=True)
    rest = b"".join(lines[line - first.line + 1 :])
    if rest:
        yield CsvBlock(rest, line + 1, first.quote, first.sound)
    yield from blocks


def _limited(pieces: Iterator[RowChunk], rows: int) -> Iterator[RowChunk]:
    """No more than `rows` rows; all if that is 0."""
    left = rows or None
    for piece in pieces:
        yield RowChunk(piece.numbers[:left], piece.codes[:left])
        if left is not None:
            left -= min(left, len(piece.numbers))
            if left == 0:
                return


def _counted(pieces: Iterator[RowChunk]) -> Iterator[RowChunk]:
    """The same pieces, until they are more than memory should hold."""
    cells = 0
    for piece in pieces:
        cells += piece.numbers.size + piece.codes.size
        if cells > MAX_CELLS:
            raise DataError(
                f"The table has more than {MAX_CELLS:,} values, more than fit into memory.",
                hint="Ignore some columns, or read fewer rows.",
            )
        yield piece


def _joined(pieces: list[RowChunk], path: Path, tally: Tally) -> tuple[Array, Array]:
    if not sum(len(piece.numbers) for piece in pieces):
        bad = f", only {tally.skipped} bad ones that were skipped" if tally.skipped else ""
        hint = str(tally.problems[0]) if tally.problems else "Choose another file."
        raise DataError(f"'{path.name}' has no rows of values{bad}.", hint=hint)
    return _stacked([p.numbers for p in pieces]), _stacked([p.codes for p in pieces])


def _stacked(blocks: list[Array]) -> Array:
    """Blocks of rows as one array. Piece by piece, because np.concatenate would hold up all other
    threads, and with them the window, for a tenth of a second."""
    whole = np.empty((sum(map(len, blocks)), blocks[0].shape[1]), dtype=blocks[0].dtype)
    row = 0
    for block in blocks:
        whole[row : row + len(block)] = block
        row += len(block)
    return whole


def _check_columns(columns: tuple[Column, ...]) -> None:
    if len(columns) > MAX_COLUMNS:
        raise DataError(
            f"The table has {len(columns):,} columns; at most {MAX_COLUMNS:,} can be read.",
            hint="Choose another delimiter, or remove columns from the file.",
        )
