"""Rules for the ends: one input, one output, and nothing that leads nowhere."""

from __future__ import annotations

from engine.design.design import Design
from engine.design.fixes.case import DesignFix, FixCase, rule, stem
from engine.layers import Input, Output
from engine.losses import task_for


@rule("no output")
def _add_output(case: FixCase) -> DesignFix | None:
    task = task_for(case.fit.task) if case.fit else None
    output = Output(task=task) if task else Output()
    name = case.design.free_name(stem(output))
    design = case.design.add(name, output)
    if len(case.loose) != 1:
        return DesignFix(f"Add {output.title}", design)
    return DesignFix(
        f"Add {output.title} behind '{case.loose[0]}'", design.connect(case.loose[0], name)
    )


@rule("no input")
def _add_input(case: FixCase) -> DesignFix | None:
    name = case.design.free_name(stem(Input()))
    design = case.design.add(name, Input())
    starts = [node for node in case.hungry if not case.design.inputs_of(node)]
    if len(starts) != 1:
        return DesignFix(f"Add {Input.title}", design)
    return DesignFix(f"Add {Input.title} before '{starts[0]}'", design.connect(name, starts[0]))


@rule("second input")
def _keep_one_input(case: FixCase) -> DesignFix | None:
    """The layers of the second input are fed by the first from now on."""
    first = case.design.of_type(Input)[0]
    moved = {wire for wire in case.design.wires if wire.source == case.node}
    if not moved:
        return _deletion(case)
    wires = [w._replace(source=first) if w in moved else w for w in case.design.wires]
    design = Design(case.design.nodes, tuple(wires)).remove([case.node])
    return DesignFix(f"Delete '{case.node}' and feed its layers from '{first}'", design)


@rule("second output")
def _keep_one_output(case: FixCase) -> DesignFix | None:
    """The one that the network leads to stays; where both or none do, the first."""
    first = case.design.of_type(Output)[0]
    wired = bool(case.design.inputs_of(case.node))
    gone = first if wired and not case.design.inputs_of(first) else case.node
    return DesignFix(f"Delete '{gone}'", case.design.remove([gone]))


@rule("loose end")
def _wire_to_the_only_hungry_layer(case: FixCase) -> DesignFix | None:
    targets = [node for node in case.hungry if _may_lead(case.design, case.node, node)]
    return _connection(case, case.node, targets[0]) if len(targets) == 1 else None


@rule("missing wire")
def _wire_from_the_only_loose_layer(case: FixCase) -> DesignFix | None:
    sources = [node for node in case.loose if _may_lead(case.design, node, case.node)]
    return _connection(case, sources[0], case.node) if len(sources) == 1 else None


@rule("missing wire")
def _replace_a_merge_of_one_by_a_wire(case: FixCase) -> DesignFix | None:
    wires = case.design.inputs_of(case.node)
    if len(wires) != 1 or not case.design.outputs_of(case.node):
        return None
    source, out = wires[0].source, wires[0].out
    kept = [
        wire._replace(source=source, out=out) if wire.source == case.node else wire
        for wire in case.design.wires
        if wire.target != case.node
    ]
    design = Design(case.design.nodes, tuple(kept)).remove([case.node])
    return DesignFix(f"Replace '{case.node}' by a wire", design)


@rule("loose end")
def _add_the_output_behind(case: FixCase) -> DesignFix | None:
    if case.design.of_type(Output) or case.loose != [case.node]:
        return None
    return _add_output(case)


@rule("loose end", "missing wire")
def _delete_what_is_left_over(case: FixCase) -> DesignFix | None:
    """Only in a network that has its end: in one that is being built, it may be needed yet."""
    ends = isinstance(case.design.nodes[case.node], Input | Output)
    if ends or not case.output_is_fed or case.node not in case.loose:
        return None
    return _deletion(case)


def _connection(case: FixCase, source: str, target: str) -> DesignFix:
    return DesignFix(f"Wire '{source}' to '{target}'", case.design.connect(source, target))


def _deletion(case: FixCase) -> DesignFix:
    return DesignFix(f"Delete '{case.node}'", case.design.remove([case.node]))


def _may_lead(design: Design, source: str, target: str) -> bool:
    """Whether a wire between them closes no cycle."""
    return source != target and source not in design.adjacency.descendants(target)
