"""The masks of the next step, or others drawn in their place. NumPy only, no Qt."""

from __future__ import annotations

from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from engine.layers.base import Cache
from engine.network.parts import Part
from engine.probes.private_pass import forward_of
from engine.probes.snapshot import Snapshot

Array = np.ndarray

MOST_EXAMPLES = 128
"""Of a larger batch, its first examples are shown."""


@runtime_checkable
class Dropper(Protocol):
    """What a layer declares that keeps each value with a probability."""

    keep_prob: float

    def kept(self, cache: Cache) -> Array | None: ...


class Mask(NamedTuple):
    """One layer that drops, in one pass of the next batch.

    before, after: (units, examples), the values that come in and go out. kept: (units, examples)
    of bool. drops: False in evaluation, where nothing is dropped and nothing scaled.
    """

    node: str
    keep_prob: float
    drops: bool
    before: Array
    kept: Array
    after: Array


class Masks(NamedTuple):
    """All masks of a pass. examples: of the batch; those shown may be fewer."""

    masks: tuple[Mask, ...]
    examples: int
    iteration: int


def draw_masks(snapshot: Snapshot, *, training: bool, redraw: int = 0) -> Masks:
    """Pass the next batch. redraw=0 draws the masks of the next step, another number others."""
    network, trace = forward_of(snapshot, training=training, redraw=redraw)
    masks = tuple(
        _mask(part, trace.values[part.sources[0]], trace.values[part.target], cache)
        for part, cache in zip(network.parts, trace.caches, strict=True)
        if isinstance(part.layer, Dropper) and part.layer.draws_randomness
    )
    return Masks(masks, snapshot.batch[0].shape[-1], snapshot.iteration)


def _mask(part: Part, before: Array, after: Array, cache: Cache) -> Mask:
    layer = part.layer
    assert isinstance(layer, Dropper)
    kept = layer.kept(cache)
    drops = kept is not None
    if kept is None:
        kept = np.ones(before.shape, bool)
    before, kept, after = (_units(values) for values in (before, kept, after))
    return Mask(part.node, layer.keep_prob, drops, before, kept, after)


def _units(values: Array) -> Array:
    """(units, examples), of the first examples."""
    return values.reshape(-1, values.shape[-1])[:, :MOST_EXAMPLES].copy()
