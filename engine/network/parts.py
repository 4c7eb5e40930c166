"""What a network is made of: blocks of theta, parts in order, and what a pass leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from engine.layers import Layer, Shape

Array = np.ndarray


@dataclass(frozen=True)
class Block:
    """One parameter array inside theta: theta[start:stop] reshaped to `shape`."""

    node: str
    parameter: str
    start: int
    stop: int
    shape: Shape
    is_weight: bool

    def view(self, vector: Array) -> Array:
        """This parameter's piece of theta (or of the gradient), in its shape."""
        return vector[self.start : self.stop].reshape(self.shape)

    @property
    def name(self) -> str:
        """ "<node>.<parameter>", the key in `Network.parameters`."""
        return f"{self.node}.{self.parameter}"


class Part:
    """A primitive layer at its place in the network: its sources, its target slot, its arrays."""

    __slots__ = ("grads", "layer", "learns_below", "node", "params", "sources", "state", "target")

    def __init__(self, node: str, layer: Layer, sources: tuple[int, ...], target: int) -> None:
        self.node = node
        self.layer = layer
        self.sources = sources
        self.target = target
        self.params: dict[str, Array] = {}
        self.grads: dict[str, Array] = {}
        self.state: dict[str, Array] = {}
        self.learns_below = False

    def copy(self, dtype: str) -> Part:
        """The same part and parameters with a state of its own; gradients have no place yet."""
        other = Part(self.node, self.layer, self.sources, self.target)
        other.params = dict(self.params)
        other.state = {name: value.astype(dtype) for name, value in self.state.items()}
        return other


class Trace:
    """Everything that one forward pass computed: `values` by slot, `caches` by part."""

    __slots__ = ("caches", "values")

    def __init__(self, values: list[Array], caches: list[Any]) -> None:
        self.values = values
        self.caches = caches


class Pass(NamedTuple):
    """One pass forward and backward: J, what it computed, and the derivatives by slot."""

    cost: float
    trace: Trace
    d: list[Any]


def copy_into(target: Array, source: Array, name: str) -> None:
    """Copy in place. Raises ValueError for another shape, even one that NumPy would stretch."""
    if target.shape != np.shape(source):
        raise ValueError(f"{name} has shape {np.shape(source)} instead of {target.shape}")
    target[...] = source
