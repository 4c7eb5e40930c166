"""Augmentation: every time that a picture is shown in training, it is a little different."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from engine.errors import DesignError
from engine.layers.base import (
    Array,
    Cache,
    Cell,
    Explanation,
    Layer,
    Params,
    Passed,
    Shape,
    State,
    shape_in_words,
)
from engine.layers.explanation import Factor, Terms, elementwise
from engine.layers.masks import Masks
from engine.layers.mode import Mode
from engine.spec import setting

ELASTIC_NODES = 4
"""The elastic displacement is drawn on a grid of so many points a side, and smooth in between."""


class Sampling(NamedTuple):
    """Where every pixel of the output comes from.

    places, shares: (4, H, W, m), four neighbors in an input of (C, H W m), and their shares, which
    sum to 1. noise: (C, H, W, m), or None.
    """

    places: Array
    shares: Array
    noise: Array | None

    def apply(self, x: Array) -> Array:
        """(C, H, W, m) -> (C, H, W, m), by bilinear interpolation."""
        pixels = x.reshape(x.shape[0], -1)
        y: Array = pixels.take(self.places[0], axis=1) * self.shares[0]
        for place, share in zip(self.places[1:], self.shares[1:], strict=True):
            y += pixels.take(place, axis=1) * share
        return y if self.noise is None else y + self.noise

    def transposed(self, dy: Array) -> Array:
        """Every input pixel collects the derivatives of the outputs that it went into."""
        dx = np.zeros((dy.shape[0], math.prod(dy.shape[1:])), dy.dtype)
        for place, share in zip(self.places, self.shares, strict=True):
            for channel, d in zip(dx, dy, strict=True):
                np.add.at(channel, place.ravel(), (d * share).ravel())
        return dx.reshape(dy.shape)

    def explanation(self, passed: Passed, cell: Cell) -> Explanation | None:
        """See `Augment.explain`; None for what is not a number of it."""
        channel, *place = cell.index
        shape = self.places.shape[1:]
        if cell.array == "share":
            value = Terms((), float(self.shares[cell.index]))
            return Explanation(cell, "the share of a neighbor", (value,))
        if cell.array == "noise" and self.noise is not None:
            return Explanation(cell, "noise", (Terms((), float(self.noise[cell.index])),))
        if cell.array == "din":
            flat = np.ravel_multi_index(tuple(place), shape)
            which, *pixels = np.nonzero(self.places == flat)
            share = Factor.of("share", self.shares, which, *pixels)
            taken = passed.factor("dout", channel, *pixels)
            return Explanation(cell, "dx = Σ share dy", (Terms((taken, share)),))
        if cell.array != "out":
            return None
        neighbors: tuple[Any, ...] = (slice(None), *place)
        sources = np.unravel_index(self.places[neighbors], shape)
        share = Factor.of("share", self.shares, np.arange(4), *place)
        terms = [Terms((passed.factor("in", channel, *sources), share))]
        if self.noise is not None:
            terms.append(Terms((Factor.of("noise", self.noise, *cell.index),)))
        return Explanation(cell, "x = Σ share x", tuple(terms))


class Augment(Layer):
    """Pictures mirrored, shifted, turned, zoomed, cropped, bent and with noise, each at random.

    Only while training: dev and test pictures pass unchanged. Every example has its own draw, by
    the seed of the run. A pixel that would come from outside takes the nearest one of the border.
    Shapes: (C, H, W, m) -> the same; a vector must be made a picture by the Input's shape first.
    Example: Augment(shift=0.1) moves a 28 × 28 digit by up to 2.8 pixels.
    Source: course 2, week 1, "Other regularization methods"; elastic distortion: Simard et al.
    (2003). Keras: RandomFlip, RandomTranslation, RandomRotation, RandomZoom.
    """

    category = "regularization"
    formula = "x = T(x), T drawn anew each time"
    latex = r"\size{out}{X} = T(X)"
    draws_randomness = True
    stream = "augmentation"
    changes_pictures = True
    strength: float = setting(
        1.0,
        title="Strength",
        help="Scales all settings below; 0 turns augmentation off.",
        face="× {}",
        ge=0,
        le=3,
    )
    mirror: bool = setting(False, title="Mirror", help="Flips half of the pictures left to right.")
    shift: float = setting(
        0.1,
        title="Shift",
        help="Shift, as a fraction of the side, in both directions.",
        face="shift {}",
        ge=0,
        le=0.5,
    )
    rotate: float = setting(
        10.0, title="Rotate", help="Largest rotation, in degrees.", face="{}°", ge=0, le=180
    )
    zoom: float = setting(
        0.1, title="Zoom", help="Largest change in size, as a fraction.", ge=0, le=0.5
    )
    crop: float = setting(
        0.0,
        title="Crop",
        help="Crops up to this fraction of each side at random, and enlarges the rest.",
        ge=0,
        le=0.8,
    )
    elastic: float = setting(
        0.0,
        title="Elastic distortion",
        help="Smooth bending, as a fraction of the side.",
        ge=0,
        le=0.3,
    )
    noise: float = setting(
        0.0,
        title="Noise",
        help="Standard deviation of normal noise added to every pixel.",
        ge=0,
        le=10,
    )

    def output_shape(self, *inputs: Shape) -> Shape:
        if len(inputs[0]) != 3:
            raise DesignError(
                "the input must be a picture, channels × height × width; got "
                f"{shape_in_words(inputs[0])}.",
                hint="Give the Input a picture's shape (1 × 28 × 28 for digits), and add a "
                "Flatten layer after the augmentation.",
            )
        return inputs[0]

    def kept_values(self, *inputs: Shape) -> int:
        """The places of four neighbors, in 8 bytes each, and their shares beside the output."""
        channels, height, width = inputs[0]
        noise = channels if self.noise * self.strength > 0 else 0
        return height * width * (channels + 4 * 2 + 4 + noise)

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        (x,) = xs
        if not mode.training or mode.rng is None:
            return x, None
        sampling = self._draw(mode.rng, x)
        return sampling.apply(x), sampling

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        if not need_dx:
            return ()
        return (dy if cache is None else cache.transposed(dy),)

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        """Intermediates: "share", of each of four neighbors, and "noise"."""
        sampling: Sampling | None = passed.cache
        if sampling is None:
            found = elementwise(passed, cell, 1, ("x = x", "dx = dx"))
        else:
            found = sampling.explanation(passed, cell)
        return found or super().explain(passed, cell)

    def forward_groups(
        self,
        params: Params,
        state: State,
        cache: Cache,
        *xs: Array,
        groups: int,
        masks: Masks = (),
    ) -> tuple[Array, Cache]:
        """The transformations that were drawn for the batch are held for every group."""
        (x,) = xs
        if cache is None:
            return x, None
        grouped = np.split(x, groups, axis=-1)
        return np.concatenate([cache.apply(each) for each in grouped], axis=-1), None

    def _draw(self, rng: np.random.Generator, x: Array) -> Sampling:
        """All of a batch's transformations. x: (C, H, W, m)."""
        _, height, width, m = x.shape
        rows, columns = self._sources(rng, height, width, m)
        places, shares = _neighbors(rows.astype(x.dtype), columns.astype(x.dtype))
        noise = None
        if self.noise * self.strength > 0:
            noise = rng.normal(0, self.noise * self.strength, x.shape).astype(x.dtype)
        return Sampling(places, shares, noise)

    def _sources(
        self, rng: np.random.Generator, height: int, width: int, m: int
    ) -> tuple[Array, Array]:
        """Row and column in the input from which each output pixel comes: (H, W, m) each."""
        y, x = np.meshgrid(_centered(height), _centered(width), indexing="ij")  # (H, W)
        turn = self._uniform(rng, math.radians(self.rotate), m)
        size = np.exp(self._uniform(rng, math.log1p(self.zoom), m))
        kept = 1 - rng.uniform(0, min(0.95, self.crop * self.strength), m)
        scale = kept / size
        flip = np.where(rng.random(m) < 0.5 * bool(self.mirror and self.strength), -1.0, 1.0)
        down = self._uniform(rng, self.shift, m) * height
        right = self._uniform(rng, self.shift, m) * width
        down += (1 - kept) * rng.uniform(-0.5, 0.5, m) * height
        right += (1 - kept) * rng.uniform(-0.5, 0.5, m) * width
        y, x = y[..., None], x[..., None]  # (H, W, 1)
        cos, sin = np.cos(turn) * scale, np.sin(turn) * scale
        rows = cos * y + sin * x * flip + down + (height - 1) / 2
        columns = cos * x * flip - sin * y + right + (width - 1) / 2
        bend_y, bend_x = self._bends(rng, height, width, m)
        rows, columns = rows + bend_y, columns + bend_x
        return np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)

    def _uniform(self, rng: np.random.Generator, most: float, m: int) -> Array:
        return rng.uniform(-most, most, m) * self.strength

    def _bends(
        self, rng: np.random.Generator, height: int, width: int, m: int
    ) -> tuple[Array, Array]:
        """A smooth displacement of every pixel: (H, W, m) for rows and columns."""
        reach = self.elastic * self.strength
        if reach == 0:
            nothing = np.zeros((1, 1, 1))
            return nothing, nothing
        drawn = rng.normal(0, reach, (2, ELASTIC_NODES, ELASTIC_NODES, m))
        down, across = _blend(height), _blend(width)
        bends = np.einsum("hi,cijm,wj->chwm", down, drawn, across, optimize=True)
        return bends[0] * height, bends[1] * width


def _centered(size: int) -> Array:
    return np.arange(size) - (size - 1) / 2


def _blend(size: int) -> Array:
    """Linear interpolation from ELASTIC_NODES points to `size` of them: (size, ELASTIC_NODES)."""
    at = np.linspace(0, ELASTIC_NODES - 1, size)
    return np.asarray(np.maximum(0, 1 - np.abs(at[:, None] - np.arange(ELASTIC_NODES))))


def _neighbors(rows: Array, columns: Array) -> tuple[Array, Array]:
    """Places and shares of the four pixels around each source point: (4, H, W, m) each."""
    height, width, m = rows.shape
    below, beside = min(1, height - 1), min(1, width - 1)
    top, left = rows.astype(np.int32), columns.astype(np.int32)
    np.minimum(top, height - 1 - below, out=top)
    np.minimum(left, width - 1 - beside, out=left)
    v, u = rows - top.astype(rows.dtype), columns - left.astype(rows.dtype)
    places = np.empty((4, height, width, m), np.intp)
    corner = places[0]
    np.multiply(top, width, out=corner)
    corner += left
    corner *= m
    corner += np.arange(m)
    np.add(corner, beside * m, out=places[1])
    np.add(corner, below * width * m, out=places[2])
    np.add(places[2], beside * m, out=places[3])
    shares = np.empty((4, height, width, m), rows.dtype)
    np.multiply(v, u, out=shares[3])
    np.subtract(v, shares[3], out=shares[2])  # v (1 - u)
    np.subtract(u, shares[3], out=shares[1])  # (1 - v) u
    np.subtract(1 - v, shares[1], out=shares[0])  # (1 - v) (1 - u)
    return places, shares
