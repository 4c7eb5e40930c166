"""TableSource: a person's own table, inside the project if it is small, else beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from pydantic import field_validator

from engine.data.dataset import Dataset
from engine.data.fit import Fit
from engine.data.progress import Watch
from engine.data.sources.cache import Last
from engine.data.sources.own import DataFileError, OwnSource, check_there, file_checksum, plain
from engine.data.tables.encode import check_roles, encode, fit_of
from engine.data.tables.options import Column, ReadingOptions
from engine.data.tables.packing import pack, unpack
from engine.data.tables.preview import MAX_BYTES, too_large
from engine.data.tables.problems import TableProblem
from engine.data.tables.table import Table, read_table
from engine.data.words import readable_name
from engine.errors import DataError
from engine.spec import setting
from engine.streams import SCHEME

_LAST: Last[Table] = Last()
"""The table that was read last from a file."""


class TableSource(OwnSource):
    """A table of your own: a CSV or TSV file with a role for each column. Made by `open_table`.

    X is (n_x, m) of float32: a row for each number column and for each category of a category
    column; Y follows from the target columns. Up to 5 MB are embedded, without ignored columns.

    Source: the file that was opened, which `file` names.
    """

    kind: ClassVar[str] = "table"
    title: ClassVar[str] = "Your table"

    file: str = setting(title="File", help="Name of the file that was opened.")
    columns: tuple[Column, ...] = setting(
        title="Columns", help="Role, type, and categories of each column."
    )
    options: ReadingOptions = setting(
        ReadingOptions(), title="Reading", help="Settings for reading the file."
    )
    skip_bad: bool = setting(
        False, title="Skip bad rows", help="Skip rows that cannot be read, and count them."
    )
    rows: int = setting(0, title="Rows", help="Number of rows in the table.", ge=0)
    sizes: tuple[int, ...] = setting(
        (), title="Sizes", help="Number of usable examples in each class."
    )
    embedded: str = setting("", title="Embedded", help="The rows themselves, compressed.")
    path: str = setting("", title="Path", help="Location of a table that is not embedded.")
    checksum: str = setting("", title="Checksum", help="SHA-256 of the file when it was opened.")

    @field_validator("columns", mode="before")
    @classmethod
    def _columns_from_file(cls, values: Any) -> Any:
        if not isinstance(values, (list, tuple)):
            return values
        return tuple(plain(value, Column) for value in values)

    @field_validator("options", mode="before")
    @classmethod
    def _options_from_file(cls, value: Any) -> Any:
        return plain(value, ReadingOptions)

    def fit(self) -> Fit:
        return fit_of(self.columns)

    def class_sizes(self) -> tuple[int, ...]:
        return self.sizes

    def load(self, seed: int = 0, scheme: int = SCHEME) -> Dataset:
        return encode(self.table(), self.kind, seed)

    def table(self) -> Table:
        """The rows before they are encoded, for looking at them. Raises DataFileError, DataError.

        The last table is kept in memory, so that another seed or split does not read it again.
        """
        if self.embedded:
            return _unpacked(self.embedded, self.rows, self.columns)
        check_there(self.path, "table")
        return _LAST.get(self._key(), self._read)

    def _key(self) -> tuple[TableSource, int, int]:
        """A changed file has another size or time, and is read, and refused, again."""
        state = Path(self.path).stat()
        return self, state.st_size, state.st_mtime_ns

    def _read(self) -> Table:
        self.check_files()
        return read_table(Path(self.path), self.options, self.columns, self.skip_bad)

    def check_files(self) -> None:
        if self.embedded:
            return
        check_there(self.path, "table")
        if file_checksum(Path(self.path)) != self.checksum:
            raise DataFileError(
                f"The table '{self.file}' has changed since it was opened.",
                self.path,
                changed=True,
                hint="Use the table as it is now, or choose the old one.",
            )

    def moved_to(self, path: str | Path) -> Self:
        """The same table at another place. Raises DataFileError if another table is there."""
        moved = self.replace(path=str(Path(path).absolute()), file=readable_name(path))
        moved.check_files()
        return moved

    def renewed(self, watch: Watch = Watch()) -> OpenedTable:  # noqa: B008 - frozen
        """The table as the file is now, with the same roles. Its categories are found again."""
        check_there(self.path, "table")
        columns = tuple(column.replace(categories=()) for column in self.columns)
        return open_table(self.path, self.options, columns, self.skip_bad, watch)


@dataclass(frozen=True)
class OpenedTable:
    """What opening gave. source: for the project. skipped: bad rows that were left out.

    dropped: good rows that lack a value that they need. problems: the first skipped rows in words.
    """

    source: TableSource
    skipped: int
    dropped: int
    problems: tuple[TableProblem, ...]


def open_table(
    path: str | Path,
    options: ReadingOptions,
    columns: tuple[Column, ...],
    skip_bad: bool = False,
    watch: Watch = Watch(),  # noqa: B008 - frozen
) -> OpenedTable:
    """Reads a whole table and makes its source; `preview` finds options and columns.

    Raises DataError with line and column, FileError, or ReadingCancelledError. Call it off the
    window's thread: a million rows of 20 columns take some three seconds.
    """
    path = Path(path).absolute()
    check_there(str(path), "table")
    size = path.stat().st_size
    if too_large(size, options):
        raise DataError(
            f"'{path.name}' is {size / 1e9:.1f} GB; at most {MAX_BYTES / 1e9:.0f} GB are read.",
            hint="Read only the first rows, such as 1,000,000.",
        )
    check_roles(columns)
    table = read_table(path, options, columns, skip_bad, watch)
    source = TableSource(
        file=readable_name(path),
        columns=table.columns,
        options=options,
        skip_bad=skip_bad,
        path=str(path),
    )
    source = _with_rows(source.replace(checksum=file_checksum(path, watch)), table)
    if not source.embedded:
        _LAST.put(source._key(), table)
    dropped = table.rows - source.examples()
    return OpenedTable(source, table.skipped, dropped, table.problems)


def _with_rows(source: TableSource, table: Table) -> TableSource:
    """The source with what follows from its rows, and with the rows themselves if they are few."""
    groups = encode(table, source.kind, seed=0).groups
    sizes = tuple(int(count) for count in np.unique(groups, return_counts=True)[1])
    packed = pack(table)
    place = {"path": "", "checksum": ""} if packed else {}
    changed = {"columns": table.columns, "rows": table.rows, "sizes": sizes, "embedded": packed}
    return source.replace(**changed, **place)


@lru_cache(maxsize=1)
def _unpacked(text: str, rows: int, columns: tuple[Column, ...]) -> Table:
    return unpack(text, rows, columns)
