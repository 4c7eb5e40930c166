"""Plan: what a design comes to, part by part and parameter by parameter, before anything is drawn.

A plan has shapes and no arrays, so it costs no memory and takes no random number. A network is a
plan that was given weights; a change in mid-run needs a new plan only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple, Self

from engine.design import Anatomy, Design, Fit, check, fitted
from engine.design.analysis import Feed, Piece
from engine.design.sharing import owner_of
from engine.errors import EngineError
from engine.layers import Layer, Shape
from engine.layers.kinds import has_steps
from engine.network.heads import Head, heads_of
from engine.network.layout import Layout
from engine.network.names import unique_name
from engine.network.parts import ParameterSlice, Part
from engine.settings import TrainingSettings

MOST_EXAMPLES = 4_096
MOST_VALUES = 2**23
"""Of one pass of an evaluation: as many examples as are fast, and as many numbers as fit into 32 MB
of float32."""


class StateArray(NamedTuple):
    """A running statistic: `key` in the state of part number `part`, `name` in the network's."""

    name: str
    part: int
    key: str
    shape: Shape


@dataclass(frozen=True, eq=False)
class Plan:
    """design: with its blanks filled in. specs: node -> resolved layer, in the design's order.

    pieces: what the layers expand into, in network order. Piece i writes slot i + 1, and slot 0
    holds X; further outputs have the slots behind those. slices, states: where every parameter and
    every running statistic belongs. layout: where the inputs and the targets lie in X and Y.
    """

    design: Design
    settings: TrainingSettings
    specs: Mapping[str, Layer]
    pieces: tuple[Piece, ...]
    slices: tuple[ParameterSlice, ...]
    states: tuple[StateArray, ...]
    layout: Layout

    @classmethod
    def of(cls, design: Design, settings: TrainingSettings, fit: Fit | None = None) -> Self:
        """Plan a design; fit: what the data ask of it. Raises DesignError if it cannot run."""
        report = check(design, settings, fit)
        report.raise_first()
        anatomy = Anatomy.of(design, settings, fit, report)
        design = fitted(design, fit)
        specs = MappingProxyType({name: anatomy.nodes[name] for name in design.nodes})
        pieces = anatomy.pieces
        owners = {name: owner_of(layer) for name, layer in specs.items()}
        slices, states = _slices_of(pieces, owners), _states_of(pieces)
        return cls(design, settings, specs, pieces, slices, states, Layout.of(design, fit))

    @cached_property
    def slots(self) -> dict[str, int]:
        """Node -> the slot that its last part writes its (first) output to."""
        return {piece.node: index for index, piece in enumerate(self.pieces, start=1)}

    @cached_property
    def _further(self) -> dict[Feed, int]:
        """The slots of second, third... outputs."""
        feeds = (
            Feed(index, output)
            for index, piece in enumerate(self.pieces)
            for output in range(1, len(piece.shapes))
        )
        return {feed: slot for slot, feed in enumerate(feeds, start=len(self.pieces) + 1)}

    @cached_property
    def slot_count(self) -> int:
        """X, every output of every piece, the blocks that inputs take, and one that holds None if
        an input has no wire."""
        empty = any(feed is None for piece in self.pieces for feed in piece.feeds)
        return 1 + len(self.pieces) + len(self._further) + len(self.block_slots) + empty

    @cached_property
    def block_slots(self) -> dict[str, int]:
        """Input -> the slot of its block of X; empty where one input takes all of X, slot 0."""
        if [*self.layout.inputs.values()] == [slice(0, self.layout.n_x)]:
            return {}
        start = 1 + len(self.pieces) + len(self._further)
        return {name: start + index for index, name in enumerate(self.layout.inputs)}

    def slot_of(self, feed: Feed | None) -> int:
        """Where an input of a piece finds its value."""
        if feed is None:
            return self.slot_count - 1
        return self._further[feed] if feed.output else feed.piece + 1

    @cached_property
    def released(self) -> tuple[tuple[int, ...], ...]:
        """For each piece the slots that nothing takes any more after it; the logits stay."""
        last: dict[int, int] = {}
        for index, piece in enumerate(self.pieces):
            last |= dict.fromkeys((*self._sources_of(piece), *self._targets_of(index)), index)
        for node in self.layout.targets:
            last.pop(self.slots[node])
        return tuple(
            tuple(slot for slot, index in last.items() if index == each)
            for each in range(len(self.pieces))
        )

    @cached_property
    def evaluation_chunk(self) -> int:
        """Examples in one pass of an evaluation: bounded by MOST_VALUES that are alive at once."""
        sizes: dict[int, int] = {}
        most = 1
        for index, piece in enumerate(self.pieces):
            sizes |= zip(self._targets_of(index), map(math.prod, piece.shapes), strict=True)
            most = max(most, sum(sizes.values()))
            for slot in self.released[index]:
                sizes.pop(slot, None)  # X itself is not the pass's
        return max(1, min(MOST_EXAMPLES, MOST_VALUES // most))

    @cached_property
    def slots_with_steps(self) -> frozenset[int]:
        """The slots that hold sequences or tokens: those to which masks belong."""
        return frozenset(
            self.slot_of(Feed(index, output))
            for index, piece in enumerate(self.pieces)
            for output, shape in enumerate(piece.shapes)
            if has_steps(shape)
        )

    @cached_property
    def takes_fewer_steps(self) -> bool:
        """Whether sequences may be shorter than declared: no parameter depends on their steps."""
        first = self.pieces[0]
        if not has_steps(first.shape):
            return False
        longer = self.design.edit(first.node, shape=(*first.shape[:-1], first.shape[-1] + 1))
        try:
            return self.has_arrays_of(Plan.of(longer, self.settings))
        except EngineError:
            return False

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """Node -> the shape of its output, without m."""
        return {piece.node: piece.shape for piece in self.pieces}

    @cached_property
    def heads(self) -> tuple[Head, ...]:
        """The outputs, in the order of the design."""
        units = {node: shape[0] for node, shape in self.shapes.items()}
        return heads_of(self.design, self.layout, self.slots, units)

    @cached_property
    def slices_by_name(self) -> dict[str, ParameterSlice]:
        """Where "<node>.<parameter>" lies in theta; of a shared one, by all nodes that use it."""
        return {f"{node}.{each.parameter}": each for each in self.slices for node in each.nodes}

    @property
    def size(self) -> int:
        """P, the length of theta."""
        return self.slices[-1].stop if self.slices else 0

    def has_arrays_of(self, other: Plan) -> bool:
        """Whether both need the same parameters and running statistics, in the same places."""
        mine, its = ([s._replace(part=0) for s in plan.states] for plan in (self, other))
        return self.slices == other.slices and mine == its

    def parts(self) -> list[Part]:
        """The parts, still without arrays."""
        return [
            Part(
                piece.node,
                piece.layer,
                self._sources_of(piece),
                target,
                piece.learns_below,
                self._targets_of(target - 1)[1:],
            )
            for target, piece in enumerate(self.pieces, start=1)
        ]

    def _targets_of(self, index: int) -> tuple[int, ...]:
        """The slots of all outputs of a piece."""
        outputs = range(len(self.pieces[index].shapes))
        return tuple(self.slot_of(Feed(index, output)) for output in outputs)

    def _sources_of(self, piece: Piece) -> tuple[int, ...]:
        if not piece.feeds:
            return (self.block_slots.get(piece.node, 0),)
        return tuple(self.slot_of(feed) for feed in piece.feeds)


def _slices_of(
    pieces: tuple[Piece, ...], owners: Mapping[str, str | None]
) -> tuple[ParameterSlice, ...]:
    """owners: node -> the node whose parameters it shares, if it has none of its own."""
    slices: list[ParameterSlice] = []
    shared: dict[str, list[tuple[int, str]]] = {}
    taken: set[str] = set()
    for index, piece in enumerate(pieces):
        for key, shape in piece.layer.parameter_shapes(*piece.inputs).items():
            if owners[piece.node] is not None:
                shared.setdefault(piece.node, []).append((index, key))
                continue
            name = unique_name(key, taken, piece.node)
            start, is_weight = slices[-1].stop if slices else 0, key in piece.layer.weights
            slices.append(ParameterSlice.at(start, piece.node, name, shape, is_weight, index, key))
    for node, uses in shared.items():
        own = [place for place, each in enumerate(slices) if each.node == owners[node]]
        for place, (part, key) in zip(own, uses, strict=True):
            slices[place] = slices[place].shared(node, part, key)
    return tuple(slices)


def _states_of(pieces: tuple[Piece, ...]) -> tuple[StateArray, ...]:
    states: list[StateArray] = []
    taken: set[str] = set()
    for index, piece in enumerate(pieces):
        for key, shape in piece.layer.state_shapes(*piece.inputs).items():
            name = unique_name(key, taken, piece.node)
            states.append(StateArray(f"{piece.node}.{name}", index, key, shape))
    return tuple(states)
