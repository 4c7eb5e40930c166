"""Rules for inputs and outputs: different data for each input, an output, no dead ends."""

from __future__ import annotations

from engine.data.fit import ONLY_BLOCK
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
        f"Add {output.title} after '{case.loose[0]}'", design.connect(case.loose[0], name)
    )


@rule("no input")
def _add_input(case: FixCase) -> DesignFix | None:
    name = case.design.free_name(stem(Input()))
    design = case.design.add(name, Input())
    starts = [node for node in case.hungry if not case.design.inputs_of(node)]
    if len(starts) != 1:
        return DesignFix(f"Add {Input.title}", design)
    return DesignFix(f"Add {Input.title} before '{starts[0]}'", design.connect(name, starts[0]))


@rule("second input", "block")
def _take_a_free_block(case: FixCase) -> DesignFix | None:
    """The first block of the data that no other input takes."""
    if case.fit is None:
        return None
    others = [n for n in case.design.of_type(Input) if n != case.node]
    taken = {getattr(case.design.nodes[name], "block", None) for name in others}
    names = [block.name for block in case.fit.x_blocks]
    if None in taken:
        taken.add(names[0])
    free = [name for name in names if name not in taken]
    if not free:
        return None
    return DesignFix(
        f"Use the block '{free[0]}' of the data", case.design.edit(case.node, block=free[0])
    )


@rule("target")
def _take_a_target_of_the_data(case: FixCase) -> DesignFix | None:
    """The first one that suits the output's task; else the first of all."""
    output = case.design.nodes[case.node]
    if case.fit is None or not isinstance(output, Output):
        return None
    targets, kind = case.fit.y_blocks, output.task.targets.kind
    name = next((target.name for target in targets if target.task == kind), targets[0].name)
    design = case.design.edit(case.node, target=name)
    return DesignFix(f"Use the target '{name}' of the data", design)


@rule("second input", "block")
def _keep_one_input(case: FixCase) -> DesignFix | None:
    """The first input feeds the layers of the second one."""
    first = next((n for n in case.design.of_type(Input) if _same_block(case, n)), case.node)
    if first == case.node:
        return None
    moved = {wire for wire in case.design.wires if wire.source == case.node}
    if not moved:
        return _deletion(case)
    wires = [w._replace(source=first) if w in moved else w for w in case.design.wires]
    design = Design(case.design.nodes, tuple(wires)).remove([case.node])
    return DesignFix(f"Delete '{case.node}' and feed its layers from '{first}'", design)


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
    return DesignFix(f"Replace '{case.node}' with a wire", design)


@rule("loose end")
def _add_the_output_behind(case: FixCase) -> DesignFix | None:
    if case.design.of_type(Output) or case.loose != [case.node]:
        return None
    return _add_output(case)


@rule("loose end", "missing wire")
def _delete_what_is_left_over(case: FixCase) -> DesignFix | None:
    """Only in a network with an output: while a network is being built, it may still be needed."""
    layer = case.design.nodes[case.node]
    unfed = isinstance(layer, Output) and not case.design.inputs_of(case.node)
    left_over = unfed or (case.node in case.loose and not isinstance(layer, Input))
    return _deletion(case) if left_over and case.output_is_fed else None


def _same_block(case: FixCase, name: str) -> bool:
    first = case.fit.x_blocks[0].name if case.fit else ONLY_BLOCK
    blocks = (getattr(case.design.nodes[n], "block", None) or first for n in (name, case.node))
    return len(set(blocks)) == 1


def _connection(case: FixCase, source: str, target: str) -> DesignFix:
    return DesignFix(f"Wire '{source}' to '{target}'", case.design.connect(source, target))


def _deletion(case: FixCase) -> DesignFix:
    return DesignFix(f"Delete '{case.node}'", case.design.remove([case.node]))


def _may_lead(design: Design, source: str, target: str) -> bool:
    """Whether a wire between them does not close a cycle."""
    return source != target and source not in design.adjacency.descendants(target)
