"""Anatomy: the parts that the layers of a design expand into, with their wires and costs.

It only counts: no parameter is drawn, and no example is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple, Self, cast

from engine.data.fit import Fit
from engine.design.check import Report, check
from engine.design.data_fit import fitted
from engine.design.design import Design
from engine.initializers import Initializer
from engine.layers import Layer, Output, Shape
from engine.settings import TrainingSettings


class Costs(NamedTuple):
    """What a part costs for one example. kept: numbers that its forward pass stores.
    largest_product: multiply-adds of its largest matrix product."""

    multiply_adds: int
    kept: int
    learns: bool
    largest_product: int


class Feed(NamedTuple):
    """Where an input comes from: output number `output` of piece number `piece`, both from 0."""

    piece: int
    output: int = 0


class Piece(NamedTuple):
    """A primitive layer in the network; shapes are without m.

    inputs, feeds: shape and origin of each input, None if it has no wire. shapes: those of all
    outputs. learns_below: whether a part before it has parameters, so that it must pass a gradient
    back.
    """

    node: str
    layer: Layer
    inputs: tuple[Shape, ...]
    shapes: tuple[Shape, ...]
    feeds: tuple[Feed | None, ...]
    costs: Costs
    learns_below: bool

    @property
    def shape(self) -> Shape:
        """The shape of the (first) output."""
        return self.shapes[0]

    @property
    def initializer(self) -> Initializer | None:
        """How its weights are drawn; None if it has none."""
        return getattr(self.layer, "initializer", None)

    @property
    def sources(self) -> tuple[int, ...]:
        """The pieces that feed it, one for each wire."""
        return tuple(feed.piece for feed in self.feeds if feed is not None)

    @property
    def backward_multiply_adds(self) -> int:
        """Products of the backward pass for one example.

        A matrix product Z = W A has two: dW = dZ A^T, and dA = W^T dZ if something before it
        learns; each has as many multiply-adds as the forward product.
        """
        return self.costs.multiply_adds * (self.costs.learns + self.learns_below)


@dataclass(frozen=True, eq=False)
class Anatomy:
    """The pieces of a design in network order; layers whose shapes are unknown are left out.

    nodes: node -> its resolved layer. outputs: names of the output nodes.
    """

    pieces: tuple[Piece, ...]
    nodes: dict[str, Layer]
    outputs: frozenset[str]

    @classmethod
    def of(
        cls,
        design: Design,
        settings: TrainingSettings | None = None,
        fit: Fit | None = None,
        report: Report | None = None,
    ) -> Self:
        """The anatomy of a design. report: its check, if known."""
        settings = settings or TrainingSettings()
        report = report or check(design, settings, fit)
        if not report.shapes:
            return cls((), {}, frozenset())
        design = fitted(design, fit)
        nodes = {
            n: design.nodes[n].resolved(settings) for n in design.order() if n in report.shapes
        }
        pieces: list[Piece] = []
        ends: dict[str, int] = {}
        for name, layer in nodes.items():
            wired = {
                wire.port: Feed(ends[wire.source], _output_number(nodes[wire.source], wire.out))
                for wire in design.inputs_of(name)
            }
            pieces += _expanded(name, layer, layer.inputs.arranged(wired), pieces)
            ends[name] = len(pieces) - 1
        return cls(tuple(pieces), nodes, frozenset(design.of_type(Output)))

    @cached_property
    def consumers(self) -> list[list[int]]:
        """For each piece, the pieces that use its output."""
        found: list[list[int]] = [[] for _ in self.pieces]
        for index, piece in enumerate(self.pieces):
            for source in piece.sources:
                found[source].append(index)
        return found

    @cached_property
    def hidden_depth(self) -> int:
        """Layers with weights, without the output, on the path with the most of them."""
        depth: list[int] = []
        for piece in self.pieces:
            below = max((depth[source] for source in piece.sources), default=0)
            depth.append(below + (bool(piece.layer.weights) and piece.node not in self.outputs))
        return max(depth, default=0)

    def activated(self) -> Iterator[tuple[Piece, Piece]]:
        """Pieces with initial weights, each with the piece that applies a function to its output:
        the next one, or itself if a layer does both."""
        for piece in self.pieces:
            if piece.initializer is not None and piece.layer.nonlinearity is not None:
                yield piece, piece
        for before, piece in self.pairs():
            own = piece.initializer is not None
            if before.initializer is not None and piece.layer.nonlinearity is not None and not own:
                yield before, piece

    def pairs(self) -> Iterator[tuple[Piece, Piece]]:
        """Every piece with a single source, after that source."""
        for piece in self.pieces:
            if len(piece.sources) == 1:
                yield self.pieces[piece.sources[0]], piece


def _output_number(layer: Layer, out: str) -> int:
    return layer.outputs.names.index(out)


def _expanded(
    name: str, layer: Layer, feeds: tuple[Feed | None, ...], before: list[Piece]
) -> list[Piece]:
    """The pieces of one layer, which follow the earlier pieces."""
    found: list[Piece] = []
    wired = [feed for feed in feeds if feed is not None]
    shapes = tuple(None if f is None else before[f.piece].shapes[f.output] for f in feeds)
    below = any(before[f.piece].costs.learns or before[f.piece].learns_below for f in wired)
    for part, inputs, outputs, costs in _parts(layer, shapes):
        found.append(Piece(name, part, inputs, outputs, feeds, costs, below))
        index = len(before) + len(found) - 1
        feeds = tuple(Feed(index, output) for output in range(len(outputs)))
        below = below or costs.learns
    return found


@lru_cache(maxsize=4096)
def _parts(
    layer: Layer, inputs: tuple[Shape | None, ...]
) -> tuple[tuple[Layer, tuple[Shape, ...], tuple[Shape, ...], Costs], ...]:
    """The parts of a resolved layer that fits its inputs."""
    found = []
    taken = cast("tuple[Shape, ...]", inputs)
    for part in layer.expand():
        shapes = part.output_shapes(*taken)
        costs = Costs(
            part.multiply_adds(*taken),
            part.kept_values(*taken),
            bool(part.parameter_shapes(*taken)),
            part.largest_product(*taken),
        )
        found.append((part, taken, shapes, costs))
        taken = shapes
    return tuple(found)
