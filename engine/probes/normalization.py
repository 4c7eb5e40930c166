"""The statistics of every unit before and after a normalization. NumPy only, no Qt."""

from __future__ import annotations

from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from engine.layers.base import Cache
from engine.network import Network
from engine.network.parts import Part
from engine.probes.private_pass import forward_of
from engine.probes.snapshot import Snapshot

Array = np.ndarray

MOST_UNITS = 512
"""Of a wider layer, the first units are looked at."""


@runtime_checkable
class Normalizer(Protocol):
    """What a layer declares that normalizes its input with running statistics."""

    def normalized(self, cache: Cache) -> Array: ...


class Moments(NamedTuple):
    """mean, variance: (units,), over the examples of the batch (and the pixels of an image)."""

    mean: Array
    variance: Array

    @classmethod
    def of(cls, values: Array) -> Moments:
        """values: (units, ..., m)."""
        axes = tuple(range(1, values.ndim))
        wide = values.astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            return cls(wide.mean(axis=axes), wide.var(axis=axes))

    @property
    def spread(self) -> Array:
        """(units,) standard deviations."""
        return np.sqrt(self.variance)


class Inspection(NamedTuple):
    """One normalization in one pass of the next batch.

    names: of all normalizations in the network; chosen: which one this is.
    before, normalized, after: Z, Z_norm and the output. learned: its parameters. running: its
    state before the pass. Both by name, (units,) each. units: of the layer; those looked at may be
    fewer. examples: in the batch.
    """

    names: tuple[str, ...]
    chosen: int
    training: bool
    before: Moments
    normalized: Moments
    after: Moments
    learned: dict[str, Array]
    running: dict[str, Array]
    units: int
    examples: int
    iteration: int


def inspect(snapshot: Snapshot, index: int, training: bool) -> Inspection | None:
    """Pass the next batch, and look at one of the normalizations; None if there is none."""
    names = names_of(snapshot.network)
    if not names:
        return None
    chosen = min(index, len(names) - 1)
    network, trace = forward_of(snapshot, training=training)
    part = normalizers(network)[chosen]
    assert isinstance(part.layer, Normalizer)
    z, cache = trace.values[part.sources[0]], trace.caches[part.target - 1]
    state = normalizers(snapshot.network)[chosen].state
    return Inspection(
        names,
        chosen,
        training,
        Moments.of(z[:MOST_UNITS]),
        Moments.of(part.layer.normalized(cache)[:MOST_UNITS]),
        Moments.of(trace.values[part.target][:MOST_UNITS]),
        {name: value.ravel()[:MOST_UNITS] for name, value in part.params.items()},
        {name: value.ravel()[:MOST_UNITS].copy() for name, value in state.items()},
        len(z),
        snapshot.batch[0].shape[-1],
        snapshot.iteration,
    )


def normalizers(network: Network) -> list[Part]:
    """The parts that normalize, in network order."""
    return [part for part in network.parts if isinstance(part.layer, Normalizer)]


def names_of(network: Network) -> tuple[str, ...]:
    """The nodes that the normalizations belong to; several of one node are numbered."""
    nodes = [part.node for part in normalizers(network)]
    return tuple(
        f"{node} ({nodes[:i].count(node) + 1})" if nodes.count(node) > 1 else node
        for i, node in enumerate(nodes)
    )
