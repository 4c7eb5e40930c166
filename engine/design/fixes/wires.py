"""Rules for wires: no surplus ones, and no cycles."""

from __future__ import annotations

from engine.design.design import Design, Wire
from engine.design.fixes.case import DesignFix, FixCase, rule, stem
from engine.layers import Add, Concatenate, Layer, Shape


@rule("excess wire")
def _remove_wires_that_say_the_same(case: FixCase) -> DesignFix | None:
    """Wires into a layer without inputs, or twice from the same layer into a single input."""
    wires, most = case.design.inputs_of(case.node), len(case.design.nodes[case.node].inputs)
    if most and (most > 1 or len({wire.source for wire in wires}) > 1):
        return None
    gone = wires[most:]
    title = "Remove the second wire" if most and len(gone) == 1 else _removal(gone)
    return DesignFix(title, case.design.disconnect(gone))


@rule("excess wire")
def _join_the_wires(case: FixCase) -> DesignFix | None:
    """Surplus wires lead to a new merge layer, whose output feeds the input."""
    layer, wires = case.design.nodes[case.node], case.design.inputs_of(case.node)
    last = len(layer.inputs) - 1
    joined = wires[last:]
    join = type(layer)() if last else _merge_for([case.report.shapes.get(w.source) for w in joined])
    if len(joined) > len(join.inputs):
        return None
    name = case.design.free_name(stem(join))
    entries = [
        wire._replace(target=name, port=port)
        for port, wire in zip(join.inputs, joined, strict=False)
    ]
    kept = [wire for wire in case.design.wires if wire not in joined]
    design = Design(
        {**case.design.nodes, name: join},
        (*kept, *entries, joined[0]._replace(source=name, out="out")),
    )
    return DesignFix(f"Insert {join.title}", design)


def _merge_for(shapes: list[Shape | None]) -> Layer:
    same = len(set(shapes)) == 1 and shapes[0] is not None
    return Add() if same else Concatenate()


@rule("unknown port")
def _remove_wires_to_no_port(case: FixCase) -> DesignFix | None:
    ports, nodes = case.design.nodes[case.node].inputs, case.design.nodes
    gone = [
        wire
        for wire in case.design.inputs_of(case.node)
        if wire.port not in ports or wire.out not in nodes[wire.source].outputs
    ]
    return DesignFix(_removal(gone), case.design.disconnect(gone))


@rule("cycle")
def _remove_the_wires_back(case: FixCase) -> DesignFix | None:
    """The last wire of the cycle: the one that leads back and is least needed."""
    design, gone = case.design, []
    while same_cycle(case.design, design):
        back = _way_back(design, design.cycle())
        gone += back
        design = design.disconnect(back)
    return DesignFix(_removal(gone), design)


def same_cycle(before: Design, after: Design) -> bool:
    """Whether the nodes of a cycle still form one."""
    return set(before.cycle()) <= set(after.nodes) and set(after.cycle()) == set(before.cycle())


def _way_back(design: Design, cycle: list[str]) -> list[Wire]:
    """All wires between the two neighbors of a cycle that need them least."""
    rank = {name: index for index, name in enumerate(design.nodes)}

    def least_missed(step: tuple[str, str]) -> tuple[bool, bool, int]:
        source, target = step
        into, out = design.inputs_of(target), design.outputs_of(source)
        rest = [wire.port for wire in into if wire.source != source]
        ports = design.nodes[target].inputs
        spare = not ports.missing(rest) and len(rest) >= ports.fewest
        leads_on = any(wire.target != target for wire in out)
        return spare, leads_on, rank[source] - rank[target]

    steps = list(zip(cycle, [*cycle[1:], cycle[0]], strict=True))
    source, target = max(steps, key=least_missed)
    return [wire for wire in design.inputs_of(target) if wire.source == source]


def _removal(wires: list[Wire]) -> str:
    if len(wires) == 1:
        return f"Remove the wire from '{wires[0].source}' to '{wires[0].target}'"
    return f"Remove {len(wires)} wires"
