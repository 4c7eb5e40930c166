"""Vectors: the outputs of a network's layers that are vectors, by name and slot."""

from __future__ import annotations

from typing import NamedTuple

from engine.layers.kinds import kind_of
from engine.network import Network


class VectorOutput(NamedTuple):
    """slot: where a pass leaves it. units: its length."""

    slot: int
    units: int


def vectors_of(network: Network) -> dict[str, VectorOutput]:
    """By node; a further output, such as the last state of a recurrent layer, by "node.output"."""
    found = {}
    for part, piece in zip(network.parts, network.plan.pieces, strict=True):
        if network.slots[part.node] != part.target:
            continue
        slots = (part.target, *part.more_targets)
        for slot, shape, output in zip(
            slots, piece.shapes, part.layer.outputs or ("out",), strict=True
        ):
            name = part.node if slot == part.target else f"{part.node}.{output}"
            if kind_of(shape) == "vector":
                found[name] = VectorOutput(slot, shape[0])
    return found
