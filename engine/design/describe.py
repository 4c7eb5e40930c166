"""describe(design): one row a layer, with shapes, parameters and multiply-adds."""

from __future__ import annotations

from typing import NamedTuple

from engine.data.fit import Fit
from engine.design.check import check, fitted
from engine.design.design import Design
from engine.layers import Shape
from engine.settings import TrainingSettings


class Row(NamedTuple):
    """One layer. shape: its output without m. multiply_adds: forward, for one example."""

    name: str
    kind: str
    settings: str
    shape: Shape
    parameters: int
    multiply_adds: int


def describe(
    design: Design, settings: TrainingSettings | None = None, fit: Fit | None = None
) -> list[Row]:
    """The layers in network order. Raises DesignError if the design cannot run."""
    settings = settings or TrainingSettings()
    report = check(design, settings, fit)
    report.raise_first()
    design = fitted(design, fit)
    rows = []
    for name in design.order():
        layer = design.nodes[name].resolved(settings)
        inputs = [report.shapes[wire.source] for wire in design.inputs_of(name)]
        rows.append(
            Row(
                name,
                layer.kind,
                ", ".join(layer.face()),
                report.shapes[name],
                report.parameters[name],
                layer.multiply_adds(*inputs),
            )
        )
    return rows
