"""Examples as pictures: which ones are pictures, and their pixels. NumPy only, no Qt."""

from __future__ import annotations

import math

import numpy as np

from engine.data import Dataset, Splits
from engine.network import Network

Array = np.ndarray


def picture_shape(network: Network, data: Dataset) -> tuple[int, int, int] | None:
    """(channels, height, width) of an example, or None if it is not a picture. Of an example of
    several blocks, the first is shown."""
    shape = data.shape if data.blocks else network.input_shape
    if len(shape) == 3:
        channels, height, width = shape
        return channels, height, width
    return data.image_shape


def pixels_of(data: Splits, chosen: Dataset, numbers: Array, shape: tuple[int, int, int]) -> Array:
    """(n, height, width, channels) in 0..255, in the units from before the normalization."""
    X = chosen.X.T[numbers].T  # (n_x, n)
    if not numbers.size:
        return np.zeros((0, *shape[1:], shape[0]), np.uint8)
    if data.normalization is not None:
        X = data.normalization.undo(X)
    X = X[: math.prod(shape)]
    low, high = float(X.min()), float(X.max())
    gray = (X - low) * (255 / (high - low) if high > low else 0.0)
    pictures = np.rint(gray).astype(np.uint8).T.reshape(-1, *shape)  # (n, C, H, W)
    return np.ascontiguousarray(pictures.transpose(0, 2, 3, 1))  # (n, H, W, C)


def flat(pixels: Array) -> Array:
    """One channel as indices into a table of greys, three as colors; others as their mean."""
    channels = pixels.shape[-1]
    if channels == 3:
        return pixels
    if channels == 1:
        return pixels[..., 0]
    return np.rint(pixels.mean(axis=-1)).astype(np.uint8)
