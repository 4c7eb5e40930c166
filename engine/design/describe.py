"""describe(design): one row per layer, with shapes, parameters, costs, and advice."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from engine.data.fit import Fit
from engine.design.advice import Advice, advice_on
from engine.design.analysis import Anatomy, Piece
from engine.design.check import Report, check
from engine.design.design import Design
from engine.layers import Layer, Shape
from engine.settings import TrainingSettings

BYTES = 4
"""Of one number: training is in float32."""


class LayerRow(NamedTuple):
    """One layer. shape: its output without m.

    multiply_adds: of the forward pass for one example; elementwise functions do not count.
    backward_multiply_adds: of the products dW and dA for one example; there is no dA if nothing
    before it learns. activation_bytes: float32 memory for one example of what the forward pass of
    training keeps for the backward pass: Z and A of each layer, Z_norm, dropout's mask. advice:
    what could be better about this layer.
    """

    name: str
    kind: str
    settings: str
    shape: Shape
    parameters: int
    multiply_adds: int
    backward_multiply_adds: int
    activation_bytes: int
    advice: tuple[Advice, ...] = ()


class Analysis(NamedTuple):
    """rows: the layers in network order. advice: on the network as a whole."""

    rows: list[LayerRow]
    advice: tuple[Advice, ...] = ()


def describe(
    design: Design, settings: TrainingSettings | None = None, fit: Fit | None = None
) -> list[LayerRow]:
    """The layers in network order. Raises DesignError if the design cannot run."""
    return analyze(design, settings, fit).rows


def analyze(
    design: Design,
    settings: TrainingSettings | None = None,
    fit: Fit | None = None,
    report: Report | None = None,
) -> Analysis:
    """Rows and advice. report: the check of the design, if known. Raises DesignError as `describe`
    does."""
    settings = settings or TrainingSettings()
    report = report or check(design, settings, fit)
    report.raise_first()
    anatomy = Anatomy.of(design, settings, fit, report)
    advice: dict[str | None, list[Advice]] = {}
    for piece_of_advice in advice_on(anatomy, settings):
        advice.setdefault(piece_of_advice.node, []).append(piece_of_advice)
    pieces: dict[str, list[Piece]] = {}
    for piece in anatomy.pieces:
        pieces.setdefault(piece.node, []).append(piece)
    rows = [
        LayerRow(
            name,
            layer.kind,
            _face(layer),
            report.shapes[name],
            report.parameters[name],
            sum(piece.costs.multiply_adds for piece in pieces[name]),
            sum(piece.backward_multiply_adds for piece in pieces[name]),
            BYTES * sum(piece.costs.kept for piece in pieces[name]),
            tuple(advice.get(name, ())),
        )
        for name, layer in anatomy.nodes.items()
    ]
    return Analysis(rows, tuple(advice.get(None, ())))


@lru_cache(maxsize=4096)
def _face(layer: Layer) -> str:
    return ", ".join(layer.face())


def size_text(size: int) -> str:
    """A number of bytes as people read it: "640 B", "12.5 kB", "3.2 MB" (powers of 1000)."""
    for factor, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if size >= factor:
            return f"{size / factor:,.1f} {unit}"
    return f"{size} B"
