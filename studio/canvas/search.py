"""Finding a layer, and guessing which one comes next. Names no particular layer."""

from __future__ import annotations

from collections import Counter
from typing import cast

from engine import Design, EngineError, Layer, can_connect
from studio.look.theme import CATEGORY_SERIES
from studio.model import edits
from studio.model.document import Document

__all__ = ["follows", "leads_to", "likely"]

Kinds = list[type[Layer]]
Shapes = tuple[tuple[int, ...], ...]


def likely(document: Document, after: str | None = None, before: str | None = None) -> Kinds:
    """All layers, best guesses first: what follows (or comes before) this kind of node in the
    design, then what it uses most, then in the order in which networks are built; last a second
    input or output."""
    pairs, used = _habits(document.project.design, after, before)
    categories = {category: index for index, category in enumerate(CATEGORY_SERIES)}

    def rank(layer: type[Layer]) -> tuple[bool, int, int, int]:
        is_end = not layer.inputs or not layer.outputs
        needed_no_more = is_end and used[layer.kind] > 0  # a design has one input and one output
        place = categories.get(layer.category, len(categories))
        return needed_no_more, -pairs[layer.kind], -used[layer.kind], place

    return sorted(Layer.registry.values(), key=rank)


def _habits(
    design: Design, after: str | None, before: str | None
) -> tuple[Counter[str], Counter[str]]:
    """How often each kind is a neighbor of nodes of this kind, and how often it is used."""
    kinds = {name: layer.kind for name, layer in design.nodes.items()}
    pairs: Counter[str] = Counter()
    for source, target, *_ in design.wires:
        if after is not None and kinds[source] == kinds[after]:
            pairs[kinds[target]] += 1
        if before is not None and kinds[target] == kinds[before]:
            pairs[kinds[source]] += 1
    return pairs, Counter(kinds.values())


def follows(document: Document, layer: Layer, source: str) -> bool:
    """Whether a new node of this layer may be wired to the output of `source`."""
    if not layer.inputs or not document.project.design.nodes[source].outputs:
        return False
    shape = document.report.shapes.get(source)
    if shape is None:
        return True
    if len(layer.inputs.missing(())) > 1:  # its other inputs are still to come
        return True
    try:
        inputs = layer.inputs.arranged({layer.inputs.names[0]: shape})
        layer.resolved(document.project.training).checked_shapes(*cast("Shapes", inputs))
    except EngineError:
        return _waits_for_data(document, layer, source)
    return True


def _waits_for_data(document: Document, layer: Layer, source: str) -> bool:
    """Whether only a blank that the data will fill in keeps the layer from having a shape."""
    project, name = edits.add_layer(document.project, layer, (0.0, 0.0))
    fit, training = document.fit, project.training
    return can_connect(project.design, source, name, settings=training, fit=fit) is None


def leads_to(document: Document, layer: Layer, target: str, port: str | None) -> bool:
    """Whether a new node of this layer may be wired to an input of `target`."""
    if not layer.outputs:
        return False
    project, name = edits.add_layer(document.project, layer, (0.0, 0.0))
    fit, training = document.fit, project.training
    return can_connect(project.design, name, target, port, settings=training, fit=fit) is None
