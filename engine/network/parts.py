"""What a network is made of: slices of theta, parts in order, and what a pass leaves."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self

import numpy as np

from engine.layers import Layer, Shape
from engine.layers.masks import Mask, Masks

Array = np.ndarray
Backward = Callable[..., tuple[Array, ...]]


@dataclass(frozen=True)
class ParameterSlice:
    """One parameter array inside theta: theta[start:stop] reshaped to `shape`.

    parameter: its name in the node, all different. part, key: it is params[key] of that part; the
    name differs from the key where two parts of a node have a parameter of the same name.
    users: part and key at the nodes that share it, the `sharers`.
    """

    node: str
    parameter: str
    start: int
    stop: int
    shape: Shape
    is_weight: bool
    part: int = field(compare=False)  # moves when a dropout layer is put in before it
    key: str
    users: tuple[tuple[int, str], ...] = field(default=(), compare=False)
    sharers: tuple[str, ...] = ()

    @classmethod
    def at(
        cls, start: int, node: str, name: str, shape: Shape, is_weight: bool, part: int, key: str
    ) -> Self:
        """The slice that begins at `start`."""
        return cls(node, name, start, start + math.prod(shape), shape, is_weight, part, key)

    def shared(self, sharer: str, part: int, key: str) -> Self:
        """With one more node that shares it, as params[key] of that part."""
        return replace(self, users=(*self.users, (part, key)), sharers=(*self.sharers, sharer))

    @property
    def nodes(self) -> tuple[str, ...]:
        """All nodes that use it, the owner first."""
        return (self.node, *self.sharers)

    def view(self, vector: Array) -> Array:
        """This parameter's piece of theta (or of the gradient), in its shape."""
        return vector[self.start : self.stop].reshape(self.shape)

    @property
    def name(self) -> str:
        """ "<node>.<parameter>", the key in `Network.parameters`."""
        return f"{self.node}.{self.parameter}" if self.node else self.parameter


class Part:
    """A primitive layer at its place in the network: its slots and its arrays.

    sources: the slots of its inputs; an input without a wire has the slot that always holds None.
    target: the slot of its (first) output. more_targets: those of its further outputs. forward,
    backward: the layer's, looked up once: a step of a small network would feel it.
    """

    __slots__ = (
        "backward",
        "forward",
        "grads",
        "layer",
        "learns_below",
        "more_targets",
        "node",
        "params",
        "sources",
        "state",
        "target",
    )

    def __init__(
        self,
        node: str,
        layer: Layer,
        sources: tuple[int, ...],
        target: int,
        learns_below: bool = False,
        more_targets: tuple[int, ...] = (),
    ) -> None:
        self.node = node
        self.layer = layer
        self.forward = layer.forward
        self.backward: Backward = layer.backward
        self.sources = sources
        self.target = target
        self.more_targets = more_targets
        self.params: dict[str, Array] = {}
        self.grads: dict[str, Array] = {}
        self.state: dict[str, Array] = {}
        self.learns_below = learns_below

    def clear_gradients(self) -> None:
        """All zero, in place."""
        for gradient in self.grads.values():
            gradient[...] = 0

    def masks_from(self, masks: Sequence[Mask | None]) -> Masks:
        """The masks of its inputs, as `Mode` has them. masks: by slot, or empty."""
        found = tuple(masks[source] for source in self.sources) if masks else ()
        return () if all(mask is None for mask in found) else found

    def store(self, values: list[Any], output: Any) -> None:
        """Put what forward returned into the slots of the outputs."""
        if self.more_targets:
            for slot, value in zip((self.target, *self.more_targets), output, strict=True):
                values[slot] = value
        else:
            values[self.target] = output

    def collect(self, d: list[Any]) -> Any:
        """The dy of `Layer.backward` from the derivatives by slot; None where there is none."""
        if not self.more_targets:
            return d[self.target]
        dys = (d[self.target], *(d[slot] for slot in self.more_targets))
        return None if all(dy is None for dy in dys) else dys


class Trace:
    """Everything that one forward pass computed: `values` by slot, `caches` by part.

    masks: by slot, which steps of a sequence are real; empty where nothing is padded.
    """

    __slots__ = ("caches", "masks", "values")

    def __init__(
        self, values: list[Array], caches: list[Any], masks: Sequence[Mask | None] = ()
    ) -> None:
        self.values = values
        self.caches = caches
        self.masks = masks


class Pass(NamedTuple):
    """One pass forward and backward: J, what it computed, and the derivatives by slot."""

    cost: float
    trace: Trace
    d: list[Any]


def as_tuple(output: Any) -> tuple[Any, ...]:
    """What forward returned, as one value for each output."""
    return output if isinstance(output, tuple) else (output,)


def copy_into(target: Array, source: Array, name: str) -> None:
    """Copy in place. Raises ValueError for another shape, even one that NumPy would stretch."""
    if target.shape != np.shape(source):
        raise ValueError(f"{name} has shape {np.shape(source)} instead of {target.shape}")
    target[...] = source
