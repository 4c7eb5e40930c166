"""The weights of the first layer, each unit's as a picture. NumPy only, no Qt."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from engine.data import Splits
from engine.layers import Shape
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
    """The weights that look at the pixels themselves; None if there are none, or no picture.

    A unit that weighs all pixels has one weight for each; a filter is a picture of its own.
    """
    shape = picture_shape(network, data.train)
    if shape is None:
        return None
    for block in network.slices:
        taken = _taken_from_pixels(network, block.node) if block.is_weight else None
        sizes = _sizes_of_picture(block, taken, shape)
        if sizes is not None:
            return _pictures(network, block, sizes)
    return None


def _sizes_of_picture(block: ParameterSlice, taken: Shape | None, image: Shape) -> Shape | None:
    """(channels, height, width) of what a unit's weights lie on; None if that is not a picture.

    taken: the shape of what the layer takes, where that is the image itself.
    """
    if taken == (math.prod(image),) == block.shape[1:]:
        return image
    if taken == image and len(block.shape) == 4:
        return block.shape[1:]
    return None


def _pictures(network: Network, block: ParameterSlice, shape: Shape) -> FirstWeights:
    """shape: (channels, height, width) of one picture."""
    W = network.parameters[block.name][:MOST_UNITS]
    pictures = W.reshape(-1, *shape)  # (units, C, H, W)
    channels, height, width = shape
    values = pictures.transpose(0, 2, 1, 3).reshape(-1, height, channels * width)
    with np.errstate(over="ignore", invalid="ignore"):
        norms = np.sqrt(np.square(W.reshape(len(W), -1).astype(np.float64)).sum(axis=1))
    return FirstWeights(block.node, values, norms, block.shape[0])


def _taken_from_pixels(network: Network, node: str) -> Shape | None:
    """The shape of what a node takes, if every number of it is still one pixel's."""
    design, shapes = network.design, network.shapes
    path = [node]
    while wires := design.inputs_of(path[-1]):
        source = wires[0].source
        path.append(source)
        same_size = math.prod(shapes[source]) == math.prod(shapes[path[1]])
        if len(wires) > 1 or network.specs[source].weights or not same_size:
            return None
    return shapes[path[1]] if len(path) > 1 else None


def codes(values: Array, limit: float) -> Array:
    """Indices into a diverging table: 0 for -limit, 127 for 0, 254 for +limit; uint8."""
    with np.errstate(invalid="ignore"):
        scaled = np.clip(np.nan_to_num(values / limit), -1.0, 1.0)
    return np.rint(127 + 127 * scaled).astype(np.uint8)
