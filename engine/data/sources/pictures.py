"""PicturesSource: a person's own pictures, a folder for each class, all of one size."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, Self

import numpy as np

from engine.data.checks import Array
from engine.data.dataset import Dataset, from_labels
from engine.data.fit import Fit
from engine.data.progress import Watch
from engine.data.sources.cache import Last
from engine.data.sources.embedding import damaged, embed, extract
from engine.data.sources.own import DataFileError, OwnSource, check_there
from engine.data.sources.picture_files import (
    Fitting,
    PictureError,
    PictureFolder,
    content_of,
    hash_picture,
    look_into,
    read_picture,
)
from engine.data.tables.problems import TableProblem, Tally
from engine.data.words import readable_name
from engine.errors import DataError
from engine.spec import setting
from engine.streams import SCHEME

MAX_VALUES = 250_000_000  # of all pictures together: 1 GB of float32
MAX_CLASSES = 1_000

_LAST: Last[Array] = Last()
"""The pictures that were read last from a folder."""


class PicturesSource(OwnSource):
    """Pictures of your own: PNG or JPEG, a folder for each class. Made by `open_pictures`.

    X is (channels height width, m) of float32, 0 (black) to 1 (white), channel by channel, row by
    row; the classes are the names of the folders. Up to 5 MB of pixels are embedded.

    Source: the folder that was opened, which `folder` names.
    """

    kind: ClassVar[str] = "pictures"
    title: ClassVar[str] = "Your pictures"
    has_pixels: ClassVar[bool] = True

    folder: str = setting(title="Folder", help="Name of the folder that was opened.")
    classes: tuple[str, ...] = setting(title="Classes", help="Names of the class folders.")
    sizes: tuple[int, ...] = setting(title="Sizes", help="Number of pictures in each class.")
    height: int = setting(
        28, title="Height", help=("Size of every picture."), unit="px", ge=1, le=512
    )
    width: int = setting(28, title="Width", help="Size of every picture.", unit="px", ge=1, le=512)
    color: bool = setting(False, title="Color", help="Red, green, and blue, or gray.")
    fitting: Fitting = setting(
        "crop", title="Fitting", help="Crop pictures to the shape, or stretch them."
    )
    skip_bad: bool = setting(
        False, title="Skip bad pictures", help="Skip files that cannot be read."
    )
    embedded: str = setting("", title="Embedded", help="The pixels themselves, compressed.")
    path: str = setting("", title="Path", help="Location of pictures that are not embedded.")
    checksum: str = setting("", title="Checksum", help="SHA-256 of all pictures and their names.")

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """channels, height, width."""
        return (3 if self.color else 1, self.height, self.width)

    def fit(self) -> Fit:
        n_x, classes = int(np.prod(self.image_shape)), len(self.classes)
        return Fit.of_classes((n_x,), classes)

    def class_sizes(self) -> tuple[int, ...]:
        return self.sizes

    def load(self, seed: int = 0, scheme: int = SCHEME) -> Dataset:
        pixels = self.pixels()
        X = np.divide(pixels.reshape(len(pixels), -1).T, 255, dtype=np.float32)  # (n_x, m)
        labels = np.repeat(np.arange(len(self.classes)), self.sizes)
        return from_labels(
            X, labels, self.classes, name=self.kind, seed=seed, image_shape=self.image_shape
        )

    def pixels(self) -> Array:
        """(m, channels, height, width) of uint8. Raises DataFileError or DataError.

        The last pictures are kept in memory, so that another seed does not read them again.
        """
        if self.embedded:
            return _unpacked(self.embedded, self.sizes, self.image_shape)
        check_there(self.path, "picture folder")
        folder = look_into(self.path)
        return _LAST.get((self, _state(folder)), lambda: self._read(folder))

    def check_files(self) -> None:
        if self.embedded:
            return
        check_there(self.path, "picture folder")
        folder = look_into(self.path)
        digest, watch = hashlib.sha256(), Watch()
        for file, _ in _labeled(folder):
            watch.check()
            try:
                hash_picture(digest, folder, file, content_of(file))
            except PictureError:
                continue
        self._compare(digest.hexdigest())

    def moved_to(self, path: str | Path) -> Self:
        """The same pictures at another place. Raises DataFileError if others are there."""
        place = Path(path).absolute()
        moved = self.replace(path=str(place), folder=readable_name(place))
        moved.check_files()
        return moved

    def renewed(self, watch: Watch = Watch()) -> OpenedPictures:  # noqa: B008 - frozen
        """The pictures as the folder is now."""
        check_there(self.path, "picture folder")
        return open_pictures(
            self.path, self.height, self.width, self.color, self.fitting, self.skip_bad, watch
        )

    def _read(self, folder: PictureFolder) -> Array:
        reading = _read_all(self, folder, Tally(self.skip_bad, "pictures"), Watch())
        self._compare(reading.checksum)
        return reading.pixels

    def _compare(self, checksum: str) -> None:
        if checksum != self.checksum:
            raise DataFileError(
                f"The pictures in '{self.folder}' have changed since they were opened.",
                self.path,
                changed=True,
                hint="Use the pictures as they are now, or choose the old ones.",
            )


@dataclass(frozen=True)
class OpenedPictures:
    """What opening gave. source: for the project. skipped: files that are no pictures; problems:
    the first of them in words."""

    source: PicturesSource
    skipped: int
    problems: tuple[TableProblem, ...]


@dataclass(frozen=True)
class _Reading:
    pixels: Array
    counts: tuple[int, ...]
    checksum: str


def open_pictures(
    path: str | Path,
    height: int = 28,
    width: int = 28,
    color: bool = False,
    fitting: Fitting = "crop",
    skip_bad: bool = False,
    watch: Watch = Watch(),  # noqa: B008 - frozen
) -> OpenedPictures:
    """Reads all pictures of a folder and makes their source; `look_into` says what is there.

    Raises DataError with the file's name, FileError, or ReadingCancelledError. Call it off the
    window's thread: a picture takes one to some ten milliseconds.
    """
    folder = look_into(path)
    if len(folder.classes) > MAX_CLASSES:
        raise DataError(
            f"'{folder.path.name}' has {len(folder.classes):,} classes;"
            f" at most {MAX_CLASSES:,} can be used.",
            hint="Open the folder that has a folder for each class.",
        )
    source = PicturesSource(
        folder=readable_name(folder.path),
        classes=folder.classes,
        sizes=folder.counts,
        height=height,
        width=width,
        color=color,
        fitting=fitting,
        skip_bad=skip_bad,
        path=str(folder.path),
    )
    tally = Tally(skip_bad, "pictures")
    reading = _read_all(source, folder, tally, watch)
    packed = embed(reading.pixels.tobytes())
    place = {"path": "", "checksum": ""} if packed else {"checksum": reading.checksum}
    source = source.replace(sizes=reading.counts, embedded=packed, **place)
    if not packed:
        _LAST.put((source, _state(folder)), reading.pixels)
    return OpenedPictures(source, tally.skipped, tuple(tally.problems))


def _read_all(
    source: PicturesSource, folder: PictureFolder, tally: Tally, watch: Watch
) -> _Reading:
    total = sum(folder.counts)
    n_x = source.fit().shape[0]
    if total * n_x > MAX_VALUES:
        raise DataError(
            f"{total:,} pictures of {n_x:,} values are more than fit into memory.",
            hint="Make the pictures smaller or gray, or use fewer.",
        )
    pixels = np.empty((total, *source.image_shape), dtype=np.uint8)
    counts, digest, read = [0] * len(folder.classes), hashlib.sha256(), 0
    for index, (file, label) in enumerate(_labeled(folder)):
        watch.step(index / total)
        try:
            content = content_of(file)
            hash_picture(digest, folder, file, content)
            pixels[read] = read_picture(
                content, source.height, source.width, source.color, source.fitting
            )
        except PictureError as error:
            name = file.relative_to(folder.path.parent).as_posix()
            message = f"The picture '{name}' cannot be read: {error}."
            tally.bad_row(TableProblem(message, "The file is damaged or not a picture."))
            continue
        counts[label] += 1
        read += 1
    watch.step(1.0)
    _check_counts(folder, counts)
    return _Reading(pixels[:read], tuple(counts), digest.hexdigest())


def _check_counts(folder: PictureFolder, counts: list[int]) -> None:
    for name, count in zip(folder.classes, counts, strict=True):
        if count == 0:
            raise DataError(
                f"No picture of the class '{name}' can be read.",
                hint="Replace its files, or remove its folder.",
            )


def _labeled(folder: PictureFolder) -> Iterator[tuple[Path, int]]:
    """Every picture with its class, class by class."""
    for label, files in enumerate(folder.files):
        for file in files:
            yield file, label


def _state(folder: PictureFolder) -> int:
    """A number that changes when a picture's name, size or time does."""
    stats = [(file, file.stat()) for file, _ in _labeled(folder)]
    return hash(tuple((str(file), s.st_size, s.st_mtime_ns) for file, s in stats))


@lru_cache(maxsize=1)
def _unpacked(text: str, sizes: tuple[int, ...], shape: tuple[int, int, int]) -> Array:
    total = sum(sizes)
    if total * int(np.prod(shape)) > MAX_VALUES or min(sizes, default=0) < 1:
        raise damaged("set of pictures", "the number of pictures is impossible")
    raw = extract(text, total * int(np.prod(shape)), "set of pictures")
    return np.frombuffer(raw, dtype=np.uint8).reshape(total, *shape)
