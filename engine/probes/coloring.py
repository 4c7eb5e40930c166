"""Coloring: numbers on a plane as pixels. No Qt: it runs beside the window's thread."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

Array = np.ndarray

STRENGTH = 0.55
"""How much of its full color the ground takes, so that points of the same color stand out."""
STEPS = 256
OPAQUE = 0xFF000000


class Inks(NamedTuple):
    """Colors as 0xRRGGBB. low and high: the ends of a scale; middle: between them, and the ground
    that class colors are mixed with; unknown: not a number."""

    low: int
    middle: int
    high: int
    unknown: int
    classes: tuple[int, ...]

    def of_class(self, index: int) -> int:
        """The color of a class; colors repeat when there are more classes."""
        return self.classes[index % len(self.classes)]


class Scale(NamedTuple):
    """Which numbers the ends of the color scale stand for. bands: few equal steps, 0 for none."""

    least: float
    most: float
    bands: int = 0

    def share(self, values: Array) -> Array:
        """Where values lie on the scale, from 0 to 1; in the middle of its band if it has bands."""
        span = (self.most - self.least) or 1.0
        share = np.clip((values - self.least) / span, 0.0, 1.0)
        if self.bands:
            share = np.minimum(np.floor(share * self.bands), self.bands - 1) / (self.bands - 1)
        return share


def ramp(inks: Inks) -> Array:
    """(STEPS,) of 0xffRRGGBB: from the low color over the middle one to the high one."""
    t = np.linspace(-1.0, 1.0, STEPS)[:, np.newaxis]
    ends = np.where(t < 0, _channels(inks.low), _channels(inks.high))  # (STEPS, 3)
    strength = STRENGTH * np.abs(t)
    return _packed((1 - strength) * _channels(inks.middle) + strength * ends)


def scale_pixels(values: Array, scale: Scale, inks: Inks) -> Array:
    """(..., rows, columns) of numbers as pixels of the same shape, 0xffRRGGBB."""
    finite = np.isfinite(values)
    share = scale.share(np.where(finite, values, scale.least))
    return _shares_as_pixels(share, finite, inks)


def unit_pixels(values: Array, inks: Inks) -> Array:
    """(units, rows, columns) of numbers as pixels of the same shape: each unit on a scale of its
    own, alike to both sides of 0."""
    finite = np.isfinite(values)
    values = np.where(finite, values, 0)
    most = np.abs(values).max(axis=(1, 2), keepdims=True)
    most[most == 0] = 1
    return _shares_as_pixels((values + most) / (2 * most), finite, inks)


def _shares_as_pixels(share: Array, finite: Array, inks: Inks) -> Array:
    pixels = ramp(inks)[np.rint(share * (STEPS - 1)).astype(np.intp)]
    return np.where(finite, pixels, np.uint32(OPAQUE | inks.unknown))


def class_pixels(chances: Array, inks: Inks, discrete: bool) -> Array:
    """(C, rows, columns) of probabilities as pixels (rows, columns): the class colors, mixed by
    probability; discrete: that of the most probable class alone."""
    finite = np.isfinite(chances).all(axis=0)
    if discrete:
        chances = np.arange(len(chances))[:, np.newaxis, np.newaxis] == chances.argmax(axis=0)
    colors = np.array([_channels(inks.of_class(k)) for k in range(len(chances))])  # (C, 3)
    with np.errstate(invalid="ignore"):
        mixed = np.tensordot(np.where(finite, chances, 0), colors, axes=(0, 0))
    pixels = _packed((1 - STRENGTH) * _channels(inks.middle) + STRENGTH * mixed)
    return np.where(finite, pixels, np.uint32(OPAQUE | inks.unknown))


def _channels(color: int) -> Array:
    return np.array([color >> 16 & 255, color >> 8 & 255, color & 255], float)


def _packed(channels: Array) -> Array:
    """(..., 3) from 0 to 255 as (...) of 0xffRRGGBB."""
    c = np.rint(np.clip(channels, 0, 255)).astype(np.uint32)
    return np.uint32(OPAQUE) | c[..., 0] << 16 | c[..., 1] << 8 | c[..., 2]
