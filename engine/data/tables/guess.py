"""Guesses how a table is written from its first bytes. Every guess can be corrected."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.data.tables.cells import is_missing, is_number
from engine.data.tables.csv_reader import csv_reader, is_blank
from engine.data.tables.options import DELIMITERS, ReadingOptions
from engine.errors import DataError, FileError
from engine.regular_file import cause, open_regular

SAMPLE_BYTES = 256 * 1024
SAMPLE_ROWS = 1_000
MAX_CONTROLS = 0.02  # the share of control characters above which a file is not text
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16, "utf-16"))
KNOWN_BEGINNINGS = (
    (b"PK\x03\x04", "a spreadsheet or an archive", "Save the spreadsheet as CSV, and open that."),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet", "Save the spreadsheet as CSV, and open that."),
    (b"\x1f\x8b", "compressed", "Unpack it first."),
    (b"\x89PNG", "a picture", "Open pictures as a folder with one subfolder per class."),
    (b"\xff\xd8\xff", "a picture", "Open pictures as a folder with one subfolder per class."),
    (b"%PDF", "a PDF document", "Save its table as CSV, and open that."),
    (b"PAR1", "a Parquet table", "Save it as CSV, and open that."),
)
Rows = list[list[str]]


def read_sample(path: Path) -> bytes:
    """The file's first bytes. Raises FileError, or DataError where the file is empty or no text."""
    try:
        with open_regular(path) as file:
            sample = file.read(SAMPLE_BYTES)
    except OSError as error:
        raise FileError(f"'{path.name}' cannot be read: {cause(error)}.") from error
    for beginning, what, hint in KNOWN_BEGINNINGS:
        if sample.startswith(beginning):
            raise DataError(f"'{path.name}' is {what}, not a table of text.", hint=hint)
    if not sample.strip():
        raise DataError(f"'{path.name}' is empty.", hint="Choose another file.")
    return sample


def guess_encoding(sample: bytes, name: str) -> str:
    """The encoding, by a byte order mark or by what decodes. Raises DataError for binary files."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return encoding
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) > 0.4 * len(sample) / 2 and min(even, odd) < 0.1 * len(sample) / 2:
        return "utf-16-le" if odd > even else "utf-16-be"
    controls = sum(sample.count(code) for code in (*range(9), *range(14, 32)))
    if controls > MAX_CONTROLS * len(sample) or b"\0" in sample:
        raise DataError(
            f"'{name}' is a binary file, not text.", hint="Save the table as CSV, and open that."
        )
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return "cp1252" if _decodes(sample, "cp1252") else "iso-8859-15"
    return "utf-8"


def guess_options(sample: bytes, name: str) -> ReadingOptions:
    """All options, from the first bytes of a file. Raises DataError for a binary file."""
    encoding = guess_encoding(sample, name)
    text = sample_text(sample, encoding)
    quote: Any = "'" if '"' not in text and _surrounds(text, "'") else '"'
    options = ReadingOptions(encoding=_literal(encoding), quote=quote)
    candidates = [
        options.replace(delimiter=delimiter, decimal=decimal)
        for delimiter in DELIMITERS
        for decimal in ".,"
    ]
    best = max(candidates, key=lambda candidate: _score(text, candidate))
    return best.replace(header=_has_header(sample_rows(text, best), best.decimal))


def sample_text(sample: bytes, encoding: str) -> str:
    """The sample as text, without a broken last line; what cannot be decoded becomes a mark."""
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(sample)
    text = text.removeprefix("\ufeff")
    cut = max(text.rfind("\n"), text.rfind("\r"))
    return text[: cut + 1] if len(sample) >= SAMPLE_BYTES and cut > 0 else text


def sample_rows(text: str, options: ReadingOptions, limit: int = SAMPLE_ROWS) -> Rows:
    """The first rows of a text that are not empty; fewer where quotation marks break it."""
    return [cells for _, cells in numbered_rows(text, options, limit)]


def numbered_rows(
    text: str, options: ReadingOptions, limit: int = SAMPLE_ROWS
) -> list[tuple[int, list[str]]]:
    """The same with the number of the line on which each row ends, from 1."""
    reader = csv_reader(io.StringIO(text, newline=""), options)
    rows: list[tuple[int, list[str]]] = []
    for cells in _until_error(reader):
        if not is_blank(cells):
            rows.append((reader.line_num, cells))
        if len(rows) == limit:
            break
    return rows


def _until_error(reader: Any) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error:
        return


def _score(text: str, options: ReadingOptions) -> float:
    """How well options fit: rows of one width, and cells without another delimiter inside."""
    rows = sample_rows(text, options, 200)
    width, alike = Counter(len(row) for row in rows).most_common(1)[0] if rows else (1, 0)
    if width == 1:
        return 0.0
    cells = [cell for row in rows for cell in row]
    numbers = [is_number(cell, options.decimal) for cell in cells]
    clean = sum(
        number or not any(mark in cell for mark in DELIMITERS)
        for cell, number in zip(cells, numbers, strict=True)
    )
    point = options.decimal == "."  # the more usual one where both fit
    first = 1.0 if len(rows[0]) == width else 0.3
    share = alike / len(rows) * first
    return share * clean / len(cells) + 0.1 * sum(numbers) / len(cells) + 0.001 * point


def _has_header(rows: Rows, decimal: str) -> bool:
    """Whether the first row names columns: no numbers there, and numbers or other words below."""
    if not rows:
        return False
    first, below = rows[0], rows[1:]
    if any(is_number(cell, decimal) for cell in first) or not any(c.strip() for c in first):
        return False
    if any(is_number(cell, decimal) for row in below for cell in row):
        return True
    columns = list(zip(*below, strict=False))
    seen = [cell in column for cell, column in zip(first, columns, strict=False)]
    return not any(seen) and len(set(first)) == len(first) and not all(map(is_missing, first))


def _surrounds(text: str, mark: str) -> bool:
    """Whether values stand between such marks."""
    return any(f"{mark}{d}{mark}" in text for d in DELIMITERS)


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _literal(encoding: str) -> Any:
    return encoding  # one of Encoding, which the spec checks again
