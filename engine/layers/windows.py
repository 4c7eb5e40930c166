"""Windows: the places where a kernel lies as it slides over an image, and what it covers there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from engine.errors import DesignError
from engine.layers.kinds import Shape, kind_of, shape_in_words

Array = np.ndarray
Padding = Literal["valid", "same"] | int

MAX_KERNEL = 1_024
"""The most pixels of a window, a stride or a padding."""
PATCHES_BYTES = 2**22
"""Patches that are gathered at a time; more would leave the processor's cache."""


@dataclass(frozen=True)
class Axis:
    """One axis of an image. size, kernel: n and f, in pixels. before, after: its padding."""

    size: int
    kernel: int
    stride: int
    before: int
    after: int

    @classmethod
    def of(cls, size: int, kernel: int, stride: int, padding: Padding) -> Axis:
        """With a padding as people give it.

        "same" leaves ceil(n / s) places; if its total is odd, the far side gets one pixel more, as
        SAME_UPPER of ONNX, TensorFlow, and PyTorch at stride 1 do.
        """
        if padding == "same":
            total = max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)
            return cls(size, kernel, stride, total // 2, total - total // 2)
        each = 0 if padding == "valid" else padding
        return cls(size, kernel, stride, each, each)

    @property
    def padded(self) -> int:
        """The size with the padding, n + 2p."""
        return self.before + self.size + self.after

    @property
    def places(self) -> int:
        """floor((n + 2p - f) / s + 1); below 1 where the kernel does not fit."""
        return (self.padded - self.kernel) // self.stride + 1

    def under(self, place: int) -> tuple[Array, Array]:
        """At one place: the cells of the kernel, and the pixels under them, without padding."""
        cells = np.arange(self.kernel)
        pixels = place * self.stride + cells - self.before
        inside = (pixels >= 0) & (pixels < self.size)
        return cells[inside], pixels[inside]

    def over(self, pixel: int) -> tuple[Array, Array]:
        """The cells of the kernel that come to lie on one pixel, and at which places they do."""
        cells = np.arange(self.kernel)
        places, rest = np.divmod(pixel + self.before - cells, self.stride)
        inside = (rest == 0) & (places >= 0) & (places < self.places)
        return cells[inside], places[inside]

    def along(self, cell: int) -> tuple[Array, Array]:
        """For one cell of the kernel: the places, and the pixels under it, without padding."""
        places = np.arange(self.places)
        pixels = places * self.stride + cell - self.before
        inside = (pixels >= 0) & (pixels < self.size)
        return places[inside], pixels[inside]

    def steps(self, offset: int) -> slice:
        """The padded pixels under one cell of the kernel, over all places."""
        return slice(offset, offset + (self.places - 1) * self.stride + 1, self.stride)


class Block(NamedTuple):
    """Some rows of places. columns: places times examples in one row."""

    rows: slice
    columns: int

    @property
    def span(self) -> slice:
        """The same places, among all that are flattened with the examples: (H' W' m,)."""
        return slice(self.rows.start * self.columns, self.rows.stop * self.columns)


@dataclass(frozen=True)
class Windows:
    """A square kernel on images (channels, rows.size, columns.size)."""

    channels: int
    rows: Axis
    columns: Axis

    @classmethod
    def over(cls, shape: Shape, kernel: int, stride: int, padding: Padding = "valid") -> Windows:
        """Raises DesignError for what is no image, or smaller than the kernel."""
        if kind_of(shape) != "image":
            raise DesignError(
                f"the input must be an image; got {shape_in_words(shape)}.",
                hint="Give the Input a shape of channels × height × width.",
            )
        channels, height, width = shape
        found = cls(
            channels,
            Axis.of(height, kernel, stride, padding),
            Axis.of(width, kernel, stride, padding),
        )
        for axis in (found.rows, found.columns):
            if axis.places < 1:
                raise DesignError(
                    f"a window of {kernel} × {kernel} does not fit into "
                    f"{shape_in_words(shape)}{_padded_by(padding)}: "
                    f"floor((n + 2p - f) / s + 1) = floor(({axis.size} + {axis.before + axis.after}"
                    f" - {kernel}) / {stride} + 1) = {axis.places}.",
                    hint="Make the window smaller, or the image larger.",
                )
        return found

    @property
    def kernel(self) -> int:
        """f, the side of the kernel."""
        return self.rows.kernel

    @property
    def places(self) -> tuple[int, int]:
        """Height and width of what comes out."""
        return self.rows.places, self.columns.places

    def padded(self, x: Array) -> Array:
        """The image with zeros around it: (C, H, W, m) -> (C, H + 2p, W + 2p, m)."""
        rows, columns = self.rows, self.columns
        if (rows.padded, columns.padded) == x.shape[1:3]:
            return np.ascontiguousarray(x)
        padded = np.zeros((len(x), rows.padded, columns.padded, x.shape[-1]), x.dtype)
        self.inner(padded)[...] = x
        return padded

    def inner(self, padded: Array) -> Array:
        """A padded image without its padding: a view, (C, H, W, m)."""
        rows, columns = self.rows, self.columns
        return padded[
            :,
            rows.before : rows.before + rows.size,
            columns.before : columns.before + columns.size,
        ]

    def under(self, padded: Array, row: int, column: int) -> Array:
        """What one cell of the kernel covers, over all places: a view, (C, H', W', m)."""
        return padded[:, self.rows.steps(row), self.columns.steps(column)]

    def cells(self) -> Iterator[tuple[int, int]]:
        """The cells of the kernel, row by row."""
        return ((row, column) for row in range(self.kernel) for column in range(self.kernel))

    def blocks(self, padded: Array) -> Iterator[Block]:
        """All rows of places, in blocks whose patches fit the processor's cache."""
        height, width = self.places
        columns = width * padded.shape[-1]
        row_bytes = self.channels * self.kernel**2 * columns * padded.itemsize
        most = max(1, PATCHES_BYTES // row_bytes)
        for start in range(0, height, most):
            yield Block(slice(start, min(start + most, height)), columns)

    def patches(self, padded: Array, block: Block) -> Array:
        """What the kernel covers, one place and example per column: (C f f, places * m)."""
        view = self._view(padded)[:, :, :, block.rows]
        return view.reshape(self.channels * self.kernel**2, -1)

    def add_patches(self, padded: Array, block: Block, patches: Array) -> None:
        """The transpose of `patches`: add every patch to the pixels that it covers, in place."""
        size = (self.channels, self.kernel, self.kernel, -1, self.places[1], padded.shape[-1])
        parts = patches.reshape(size)
        for row, column in self.cells():
            covered = self.under(padded, row, column)[:, block.rows]
            covered += parts[:, row, column]

    def _view(self, padded: Array) -> Array:
        """(C, f, f, H', W', m), without a copy."""
        c, y, x, m = padded.strides
        step = self.rows.stride
        shape = (self.channels, self.kernel, self.kernel, *self.places, padded.shape[-1])
        return as_strided(padded, shape, (c, y, x, y * step, x * step, m), writeable=False)


def _padded_by(padding: Padding) -> str:
    return f" with a padding of {padding}" if isinstance(padding, int) else ""
