"""What the units of the layers compute over the plane, as small pictures, and their weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from engine.network import Network
from engine.probes.coloring import Inks, Scale, scale_pixels, unit_pixels
from engine.probes.plane import PlaneChoice, plane_of, sweep_of
from engine.probes.snapshot import Snapshot

Array = np.ndarray

MOST_UNITS = 16
"""So many units of a layer are shown; of the others, how many there are."""
PIXELS = 40
"""About so many cells along each side of a small picture."""


class UnitQuestion(NamedTuple):
    """layers: which nodes are shown. choice and cells: of the plane."""

    inks: Inks
    layers: tuple[str, ...]
    choice: PlaneChoice | None
    cells: int


class LayerPictures(NamedTuple):
    """pixels: (units, rows, columns) of 0xffRRGGBB, top row first. least and most: (units,) what
    each unit gives on the plane. more: this many units are not shown."""

    pixels: Array
    least: Array
    most: Array
    more: int


class UnitAnswer(NamedTuple):
    """pictures: by node. weights: (source, target) -> W (units of target, units of source)."""

    pictures: Mapping[str, LayerPictures]
    weights: Mapping[tuple[str, str], Array]


def pictures_of(snapshot: Snapshot, question: UnitQuestion) -> UnitAnswer:
    """Pictures of all layers in one pass; nothing where the data have a single feature."""
    network = snapshot.network
    if snapshot.data.train.n_x < 2:
        return UnitAnswer({}, {})
    nodes = [node for node in question.layers if has_pictures(network, node)]
    plane = plane_of(snapshot.data, question.choice, (question.cells, question.cells))
    swept = sweep_of(snapshot, plane)
    step = max(1, question.cells // PIXELS)
    pictures = {}
    for node in nodes:
        values = swept.units[node][:, ::step, ::step]
        head = next((head for head in network.heads if head.node == node), None)
        chances = head is not None and head.task.targets.has_classes
        pictures[node] = _pictures(values, Scale(0.0, 1.0) if chances else None, question.inks)
    return UnitAnswer(pictures, _weights(network, pictures))


def has_pictures(network: Network, node: str) -> bool:
    """Whether a node's units are shown: those of layers with weights, and few features."""
    layer = network.specs.get(node)
    if layer is None or len(network.shapes[node]) != 1:
        return False
    return bool(layer.weights) or (not layer.inputs and network.n_x <= MOST_UNITS)


def _pictures(values: Array, scale: Scale | None, inks: Inks) -> LayerPictures:
    """scale: the same for all units; without one, each has its own."""
    shown = values[:MOST_UNITS]
    pixels = unit_pixels(shown, inks) if scale is None else scale_pixels(shown, scale, inks)
    least, most = shown.min(axis=(1, 2)), shown.max(axis=(1, 2))
    return LayerPictures(pixels, least, most, len(values) - len(shown))


def _weights(
    network: Network, pictures: Mapping[str, LayerPictures]
) -> dict[tuple[str, str], Array]:
    """The weights between layers that follow each other and are both shown."""
    found = {}
    for wire in network.design.wires:
        names = network.specs[wire.target].weights
        if wire.source in pictures and wire.target in pictures and names:
            W = network.parameter(wire.target, names[0])
            if W.ndim == 2 and W.shape[1] == network.shapes[wire.source][0]:
                found[wire.source, wire.target] = W[:MOST_UNITS, :MOST_UNITS].copy()
    return found
