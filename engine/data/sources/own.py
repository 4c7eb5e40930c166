"""OwnSource: data that a person brings, from a file, a folder or by hand.

Such a source is not in `DataSource.registry`, because a menu cannot offer it by its name alone: it
must be opened or painted first. `OwnSource.opened` has these classes, and files find them there.

In an open project a path is absolute, so that it can be read. A file holds it relative to its own
folder: `relative_to` and `resolved_in` change between the two, and `to_json` never writes an
absolute path, whoever calls it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, ClassVar, Self

from engine.data.progress import Watch
from engine.data.sources.base import DataSource
from engine.data.words import readable_name
from engine.errors import FileError
from engine.regular_file import cause, open_regular, pieces_of


class DataFileError(FileError):
    """The file or folder of a project's data is gone, or holds other data than before.

    path: where it should be. changed: whether there is something else. Ask for the right place
    (`source.moved_to(path)`), or whether to take what is there (`source.renewed()`).
    """

    def __init__(self, message: str, path: str, changed: bool, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.path = path
        self.changed = changed


class OwnSource(DataSource):
    """Base of all sources that are opened or painted. path: empty if the data are in the source."""

    abstract: ClassVar[bool] = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        cls.abstract = True  # keeps it out of the registry, which menus offer
        super().__init_subclass__(**kwargs)
        DataSource.opened[cls.kind] = cls

    def to_json(self) -> dict[str, Any]:
        values = super().to_json()
        if is_absolute(values.get("path", "")):
            values["path"] = PureWindowsPath(values["path"]).name
        return values

    def relative_to(self, folder: Path) -> Self:
        path = getattr(self, "path", "")
        return self.replace(path=_relative(path, folder)) if is_absolute(path) else self

    def resolved_in(self, folder: Path) -> Self:
        path = getattr(self, "path", "")
        if is_absolute(path):
            raise FileError(
                f"The path of the data, '{path}', is absolute.",
                hint="Open the data again, and save the project.",
            )
        return self.replace(path=os.path.normpath(folder.absolute() / path)) if path else self


def is_absolute(path: str) -> bool:
    """Whether a path is absolute on any system."""
    return PurePosixPath(path).is_absolute() or bool(PureWindowsPath(path).anchor)


def _relative(path: str, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder.absolute())).as_posix()
    except ValueError:  # Windows: on another drive
        name = PureWindowsPath(path).name
        raise FileError(
            f"The data '{name}' are on a different drive from the project.",
            hint="Copy them into the project's folder, and open them there.",
        ) from None


def check_there(path: str, what: str) -> None:
    """Raises DataFileError unless there is something at this path."""
    try:
        there = bool(path) and Path(path).exists()
    except OSError as error:  # a folder on the way to it cannot be entered
        raise DataFileError(
            f"The {what} '{readable_name(path)}' cannot be read: {cause(error)}.",
            path,
            changed=False,
            hint="Locate it, or choose other data.",
        ) from None
    if not there:
        raise DataFileError(
            f"The {what} '{readable_name(path)}' is gone; it was at '{path}'.",
            path,
            changed=False,
            hint="Locate it, or choose other data.",
        )


def file_checksum(path: Path, watch: Watch = Watch()) -> str:  # noqa: B008 - frozen
    """SHA-256 of a file's content; watch is asked whether to stop, and told nothing.

    Raises FileError or ReadingCancelledError.
    """
    digest = hashlib.sha256()
    try:
        with open_regular(path) as file:
            for piece in pieces_of(file):
                watch.check()
                digest.update(piece)
        return digest.hexdigest()
    except OSError as error:
        raise FileError(f"'{path.name}' cannot be read: {cause(error)}.") from error


def plain(value: Any, spec: type[Any]) -> Any:
    """A spec from its JSON values, where a file gives those; anything else as it is."""
    return spec.from_json(value) if isinstance(value, Mapping) else value
