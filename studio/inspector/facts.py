"""What the inspector's header says about a node, as text. No widgets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

from engine import EngineError, Layer
from engine.design.sharing import owner_of
from engine.layers import Shape, shape_text
from studio.inspector.formula import FormulaLine, lines_of
from studio.model.document import Document

Shapes = tuple[Shape, ...]


class LayerFacts(NamedTuple):
    """kind; formula in plain text, lines in LaTeX; flow: shapes in and out; sizes: of parameters.

    parameters: how many there are. problem: what is wrong with the node and no field in particular.
    """

    kind: str
    formula: str
    lines: tuple[FormulaLine, ...]
    flow: str
    sizes: str
    parameters: str
    problem: str


def facts_of(document: Document, name: str) -> LayerFacts:
    """The facts about one node of the open project."""
    report, design = document.report, document.shown
    layer = design.nodes[name].resolved(document.project.training)
    given = {wire.port: report.shape_on(wire) for wire in design.inputs_of(name)}
    inputs = layer.inputs.arranged(given)
    output = report.shapes.get(name)
    problems = [str(p) for p in report.problems if p.node == name and not p.field]
    return LayerFacts(
        kind=layer.title,
        formula=layer.formula,
        lines=lines_of(layer, cast("Shapes", inputs) if output else None),
        flow=_flow(inputs, output),
        sizes=_sizes(layer, inputs) if output else "",
        parameters=_parameters(layer, report.parameters.get(name)),
        problem="\n".join(problems),
    )


def _parameters(layer: Layer, count: int | None) -> str:
    owner = owner_of(layer)
    if owner is not None:
        return f"Shares the parameters of '{owner}'"
    return "" if count is None else count_text(count)


def count_text(count: int) -> str:
    """A number of parameters in words."""
    if count == 0:
        return "No parameters"
    return f"{count:,} parameter{'s' if count > 1 else ''}"


def _flow(inputs: Sequence[Shape | None], output: Shape | None) -> str:
    if output is None:
        return ""
    given = ", ".join(shape_text(shape) for shape in inputs if shape is not None)
    return f"{given} → {shape_text(output)}" if given else f"→ {shape_text(output)}"


def _sizes(layer: Layer, inputs: Sequence[Shape | None]) -> str:
    """The shape of each parameter, such as "W 128 × 784   b 128 × 1", to break between them."""
    words, shapes = [], cast("Shapes", tuple(inputs))
    try:
        for part in layer.expand():
            for name, shape in part.parameter_shapes(*shapes).items():
                word = f"{_GREEK.get(name, name)} {shape_text(shape)}"
                words.append(word.replace(" ", NO_BREAK))
            shapes = part.output_shapes(*shapes)
    except EngineError:
        return ""
    return "   ".join(words)


NO_BREAK = "\u00a0"
"""A space at which no line breaks."""
_GREEK = {"gamma": "γ", "beta": "β"}
