"""Rules for shapes: inputs must fit their layer, and inputs and outputs the data."""

from __future__ import annotations

import math
from collections.abc import Iterable

from engine.design.design import Design, Wire
from engine.design.fixes.case import DesignFix, FixCase, fits, rule, stem
from engine.layers import Flatten, Layer, Linear, Output
from engine.losses import task_for


@rule("misfit")
def _take_another_output(case: FixCase) -> DesignFix | None:
    """Another output of the same layer, if it fits: the last state instead of all states."""
    for wire in case.design.inputs_of(case.node):
        for out, shape in case.report.outputs[wire.source].items():
            if fits(case.layer, {**case.given, wire.port: shape}):
                moved = [w._replace(out=out) if w == wire else w for w in case.design.wires]
                design = Design(case.design.nodes, tuple(moved))
                return DesignFix(f"Use '{out}' of '{wire.source}'", design)
    return None


@rule("misfit")
def _insert_flatten(case: FixCase) -> DesignFix | None:
    """A Flatten layer on every input that is not a vector, if the layer then fits."""
    wires = case.design.inputs_of(case.node)
    shapes = [case.report.outputs[wire.source][wire.out] for wire in wires]
    flat = {wire.port: (math.prod(shape),) for wire, shape in zip(wires, shapes, strict=True)}
    if not fits(case.layer, flat):
        return None
    design = case.design
    for wire, shape in zip(wires, shapes, strict=True):
        if len(shape) > 1:
            design = _insert(design, wire, [Flatten()])
    return DesignFix(f"Insert {Flatten.title}", design)


@rule("misfit")
def _match_the_sides(case: FixCase) -> DesignFix | None:
    """A projection on each shorter path, with as many units as the longest path has."""
    wires = case.design.inputs_of(case.node)
    shapes = [case.report.outputs[wire.source][wire.out] for wire in wires]
    depth = _depths(case.design)
    longest = max(range(len(wires)), key=lambda side: depth[wires[side].source], default=0)
    units = math.prod(shapes[longest]) if shapes else 0
    if len(wires) < 2 or not fits(case.layer, {wire.port: (units,) for wire in wires}):
        return None
    design = case.design
    for wire, shape in zip(wires, shapes, strict=True):
        flatten = [Flatten()] if len(shape) > 1 else []
        project = [Linear(units=units)] if math.prod(shape) != units else []
        design = _insert(design, wire, [*flatten, *project])
    return DesignFix(f"Match the sides with a {Linear.title} layer of {units:,} units", design)


def _depths(design: Design) -> dict[str, int]:
    """Layers on the longest path that leads to each node."""
    depth: dict[str, int] = {}
    for name in design.order():
        depth[name] = 1 + max((depth[w.source] for w in design.inputs_of(name)), default=0)
    return depth


@rule("shape")
def _let_the_shape_follow(case: FixCase) -> DesignFix | None:
    return DesignFix("Let the shape follow the data", case.design.edit(case.node, shape=None))


@rule("vocabulary")
def _let_the_vocabulary_follow(case: FixCase) -> DesignFix | None:
    return DesignFix(
        "Let the vocabulary follow the data", case.design.edit(case.node, vocabulary=None)
    )


@rule("lengths")
def _switch_the_lengths_off(case: FixCase) -> DesignFix | None:
    return DesignFix("Turn off the lengths", case.design.edit(case.node, lengths=False))


@rule("task")
def _take_the_task_of_the_data(case: FixCase) -> DesignFix | None:
    output, target = case.design.nodes[case.node], case.target
    task = task_for(target.task) if target else None
    if task is None or target is None or not isinstance(output, Output):
        return None
    design = case.design.edit(case.node, task=task)
    if output.units is not None and output.units != task.units(target.outputs):
        design = design.edit(case.node, units=None)
    return DesignFix(f"Change the task to '{task.title}'", design)


@rule("units")
def _let_the_units_follow(case: FixCase) -> DesignFix | None:
    output, target = case.design.nodes[case.node], case.target
    if target is None or not isinstance(output, Output):
        return None
    units = output.task.units(target.outputs)
    noun = "unit" if units == 1 else "units"
    return DesignFix(
        f"Use the {units:,} {noun} of the data", case.design.edit(case.node, units=None)
    )


def _insert(design: Design, wire: Wire, layers: Iterable[Layer]) -> Design:
    """With these layers, in this order, in the middle of a wire."""
    source, out = wire.source, wire.out
    for layer in layers:
        name = design.free_name(stem(layer))
        design = design.add(name, layer).connect(source, name, out=out)
        source, out = name, "out"
    kept = [other for other in design.wires if other != wire]
    return Design(design.nodes, (*kept, wire._replace(source=source, out=out)))
