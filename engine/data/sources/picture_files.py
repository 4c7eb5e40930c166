"""A folder with a folder of pictures for each class: what is in it, and each picture as pixels."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from engine.data.checks import Array
from engine.data.words import natural_key, readable_name
from engine.errors import DataError, FileError
from engine.regular_file import cause, open_regular

SUFFIXES = (".png", ".jpg", ".jpeg")
MAX_PIXELS = 60_000_000  # of one picture, before it is made smaller
MAX_PICTURE_BYTES = 200_000_000
SIXTEEN_BITS = 65_535
_DAMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    struct.error,
    zlib.error,
    MemoryError,
    Warning,
)
"""What Pillow raises for damaged files, and what it warns of where warnings are errors."""
Fitting = Literal["crop", "stretch"]


class PictureError(Exception):
    """A file is not a picture that can be used; its text says why."""


@dataclass(frozen=True)
class PictureFolder:
    """classes: the names of the folders, sorted. files: the pictures of each class, sorted.
    left_out: how many other files and folders are there, hidden ones aside."""

    path: Path
    classes: tuple[str, ...]
    files: tuple[tuple[Path, ...], ...]
    left_out: int

    @property
    def counts(self) -> tuple[int, ...]:
        """How many pictures each class has."""
        return tuple(len(files) for files in self.files)


def look_into(path: str | Path) -> PictureFolder:
    """The classes and pictures of a folder; it reads names only, no picture.

    Raises DataError where there are fewer than two classes with pictures, FileError where nothing
    can be read.
    """
    path = Path(path).absolute()
    try:
        there = _visible(path)
        folders = sorted(filter(_is_class, there), key=_by_name)
        inside = [_visible(folder) for folder in folders]
        files = [tuple(sorted(filter(_is_picture, found), key=_by_name)) for found in inside]
    except OSError as error:
        raise FileError(
            f"The folder '{path.name}' cannot be read: {cause(error)}.",
            hint="Choose another folder.",
        ) from error
    _check_classes(path, folders, files)
    left_out = sum(map(len, (there, *inside))) - sum(map(len, (folders, *files)))
    return PictureFolder(path, tuple(map(readable_name, folders)), tuple(files), left_out)


def read_picture(content: bytes, height: int, width: int, color: bool, fitting: Fitting) -> Array:
    """(channels, height, width) of uint8. Raises PictureError.

    A photograph that was taken on its side is turned upright, transparent parts become white.
    fitting: "crop" keeps the middle, "stretch" changes the proportions.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 - only own pictures need it

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise PictureError(f"it has more than {MAX_PIXELS // 10**6} million pixels")
            opened.draft("RGB", (2 * width, 2 * height))  # a JPEG is decoded smaller at once
            picture = _flat(ImageOps.exif_transpose(opened), color)
    except (*_DAMAGE, Image.DecompressionBombError) as error:
        raise PictureError(_reason(error)) from None
    size = (width, height)
    method = Image.Resampling.BILINEAR
    fits = (
        ImageOps.fit(picture, size, method) if fitting == "crop" else picture.resize(size, method)
    )
    pixels = np.asarray(fits, dtype=np.uint8).reshape(height, width, -1)
    return np.moveaxis(pixels, 2, 0)  # (channels, height, width)


def content_of(file: Path) -> bytes:
    """The bytes of a picture's file. Raises PictureError."""
    try:
        with open_regular(file) as opened:
            content = opened.read(MAX_PICTURE_BYTES + 1)
    except OSError as error:
        raise PictureError(cause(error)) from None
    if len(content) > MAX_PICTURE_BYTES:
        raise PictureError(f"it is larger than {MAX_PICTURE_BYTES // 10**6} MB")
    return content


def hash_picture(digest: Any, folder: PictureFolder, file: Path, content: bytes) -> None:
    """Adds a picture with its name to the checksum of its folder."""
    digest.update(os.fsencode(file.relative_to(folder.path).as_posix()))
    digest.update(hashlib.sha256(content).digest())


def _flat(picture: Any, color: bool) -> Any:
    """Without transparency and palette: "RGB", or "L" for gray."""
    from PIL import Image  # noqa: PLC0415 - only own pictures need it

    if picture.mode.startswith("I"):  # 16 bits: conversion would cut them off
        values = np.asarray(picture, dtype=np.float64) * (255 / SIXTEEN_BITS)
        picture = Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    return picture.convert("RGB" if color else "L")


def _reason(error: Exception) -> str:
    text = str(error)
    return (
        ("it is not a PNG or JPEG picture")
        if "cannot identify" in text
        else text.rstrip(".").lower()
    )


def _visible(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if not path.name.startswith(".")]


def _is_class(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith("__")


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and path.is_file()


def _by_name(path: Path) -> tuple[Any, ...]:
    return natural_key(path.name)


def _check_classes(path: Path, folders: list[Path], files: list[tuple[Path, ...]]) -> None:
    hint = (
        "Put the pictures of each class into a separate folder, and open the folder that "
        "contains these."
    )
    if not folders:
        loose = (
            (" It contains the pictures directly.") if any(map(_is_picture, path.iterdir())) else ""
        )
        raise DataError(f"'{path.name}' has no folder for each class.{loose}", hint=hint)
    for folder, pictures in zip(folders, files, strict=True):
        if not pictures:
            raise DataError(
                f"The folder '{path.name}/{folder.name}' has no pictures.",
                hint="Put PNG or JPEG pictures into it, or remove it.",
            )
    if len(folders) == 1:
        raise DataError(
            f"'{path.name}' has only one class, '{folders[0].name}'.",
            hint="A classification needs at least two. " + hint,
        )
