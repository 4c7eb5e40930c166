"""The weights of the first layer, each unit's as a picture. NumPy only, no Qt."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.data import Splits
from engine.network import Network
from engine.network.parts import ParameterSlice
from engine.probes.example_pictures import picture_shape

Array = np.ndarray

MOST_UNITS = 400


class FirstWeights(NamedTuple):
    """values: (units, height, channels * width), the channels of a unit side by side, in front of
    the picture that it looks at. norms: (units,). units: how many the layer has; a very wide one
    shows its first."""

    node: str
    values: Array
    norms: Array
    units: int


def first_weights(network: Network, data: Splits) -> FirstWeights | None:
    """W of the first layer that weighs every pixel; None if there is none, or no picture."""
    shape = picture_shape(network, data.train)
    block = _block_over_pixels(network)
    if shape is None or block is None:
        return None
    W = network.parameters[block.name][:MOST_UNITS]  # (units, n_x)
    channels, height, width = shape
    pictures = W.reshape(-1, channels, height, width)  # (units, C, H, W)
    values = pictures.transpose(0, 2, 1, 3).reshape(-1, height, channels * width)
    with np.errstate(over="ignore", invalid="ignore"):
        norms = np.sqrt(np.square(W.astype(np.float64)).sum(axis=1))
    return FirstWeights(block.node, values, norms, block.shape[0])


def codes(values: Array, limit: float) -> Array:
    """Indices into a diverging table: 0 for -limit, 127 for 0, 254 for +limit; uint8."""
    with np.errstate(invalid="ignore"):
        scaled = np.clip(np.nan_to_num(values / limit), -1.0, 1.0)
    return np.rint(127 + 127 * scaled).astype(np.uint8)


def _block_over_pixels(network: Network) -> ParameterSlice | None:
    """The first weight matrix that has a column for each feature of an example."""
    for block in network.slices:
        if block.is_weight and len(block.shape) == 2 and block.shape[1] == network.n_x:
            return block
    return None
