"""Pure edits: from Project to Project. Every gesture and every field calls one of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine import Design, DesignError, Wire
from engine.data import DataPlan, DataSource, Fit
from engine.layers import Input, Layer, Output
from engine.losses import task_for
from engine.project import Note, Orientation, Position, Project
from engine.project.findings import ErrorAnalysis
from engine.project.human_error import HumanError


def add_layer(project: Project, layer: Layer, at: Position) -> tuple[Project, str]:
    """With a new node at a place on the canvas; also returns its generated name."""
    name = project.design.free_name(_stem(layer))
    design = project.design.add(name, layer)
    return project.replace(design=design, positions={**project.positions, name: at}), name


def connect(
    project: Project, source: str, target: str, port: str | None = None, out: str = "out"
) -> Project:
    """With a wire; port None takes the first free input."""
    return project.replace(design=project.design.connect(source, target, port, out))


def disconnect(project: Project, wires: Iterable[Wire]) -> Project:
    """Without these wires."""
    return project.replace(design=project.design.disconnect(wires))


def remove(project: Project, names: Iterable[str], wires: Iterable[Wire] = ()) -> Project:
    """Without these nodes (and their wires) and these further wires."""
    gone = set(names)
    kept = [w for w in wires if w.source not in gone and w.target not in gone]
    return project.replace(design=project.design.disconnect(kept).remove(gone))


def move(project: Project, places: Mapping[str, Position]) -> Project:
    """With these nodes at other places."""
    return project.replace(positions={**project.positions, **places})


def orient(project: Project, orientation: Orientation, places: Mapping[str, Position]) -> Project:
    """With the data flowing the other way, and all nodes at places that suit it."""
    return move(project.replace(orientation=orientation), places)


def add_remark(project: Project, note: Note) -> Project:
    """With one more note on the canvas."""
    return project.replace(remarks=(*project.remarks, note))


def change_remarks(project: Project, changes: Mapping[int, Mapping[str, Any]]) -> Project:
    """With other text, place or width of some notes, each given by its number."""
    return project.replace(
        remarks=tuple(
            replace(note, **changes.get(index, {})) for index, note in enumerate(project.remarks)
        )
    )


def remove_remarks(project: Project, indices: Iterable[int]) -> Project:
    """Without some notes, each given by its number."""
    gone = set(indices)
    kept = (note for index, note in enumerate(project.remarks) if index not in gone)
    return project.replace(remarks=tuple(kept))


def insert_behind(project: Project, node: str, layer: Layer) -> Project:
    """With a layer inserted between the (first) output of `node` and everything that used it."""
    design = project.design
    name = design.free_name(_stem(layer))
    taken = (node, "out")
    wires = [w._replace(source=name) if (w.source, w.out) == taken else w for w in design.wires]
    added = design.add(name, layer)
    return project.replace(design=Design(added.nodes, (*wires, Wire(node, name))))


def normalize_inputs(project: Project) -> Project:
    """With a layer after every input that measures the training set and normalizes by it.

    It follows layers that change pictures: a picture that was normalized pixel by pixel first would
    leave a shadow when it is moved. The data itself is no longer normalized.
    """
    kind = next(layer for layer in Layer.registry.values() if layer.learns_from_data)
    for name in project.design.of_type(Input):
        project = insert_behind(project, _behind_pictures(project.design, name), kind())
    return project.replace(data=project.data.replace(normalize=False))


def _behind_pictures(design: Design, node: str) -> str:
    """The last of the layers that directly follow a node and change pictures, or the node
    itself."""
    while True:
        followers = [wire.target for wire in design.wires if wire.source == node]
        if len(followers) != 1 or not design.nodes[followers[0]].changes_pictures:
            return node
        node = followers[0]


def set_field(project: Project, node: str, field: str, value: Any) -> Project:
    """With one field of one layer changed. Raises SpecError for a bad value."""
    return project.replace(design=project.design.edit(node, **{field: value}))


def change_layers(
    project: Project, names: Iterable[str], change: Callable[[Layer], Layer]
) -> Project:
    """With one change made to several layers. Raises SpecError if it does not fit one of them.

    The design is rebuilt only once, so 300 selected layers can follow each keystroke.
    """
    design = project.design
    layers = {name: change(design.nodes[name]) for name in names}
    return project.replace(design=Design({**design.nodes, **layers}, design.wires))


def rename(project: Project, old: str, new: str) -> Project:
    """With one node renamed. Raises DesignError for a name that is taken or invalid."""
    positions = {new if name == old else name: at for name, at in project.positions.items()}
    groups = (
        replace(group, nodes=tuple(new if name == old else name for name in group.nodes))
        for group in project.groups
    )
    training, rule = project.training, project.training.stopping.with_renamed_output(old, new)
    if rule is not training.stopping:
        training = training.replace(stopping=rule)
    design = project.design.rename(old, new)
    return project.replace(
        design=design, training=training, positions=positions, groups=tuple(groups)
    )


def set_training(project: Project, field: str, value: Any) -> Project:
    """With one training setting changed. Raises SpecError for a bad value."""
    return project.replace(training=project.training.replace(**{field: value}))


def set_human_error(project: Project, error: HumanError) -> Project:
    """With another human-level error. Raises DataError if it is not a share."""
    return project.replace(human_error=error)


def analyze_errors(project: Project, change: Callable[[ErrorAnalysis], ErrorAnalysis]) -> Project:
    """With other findings on wrong examples. Raises DataError if the change does not fit."""
    return project.replace(analysis=change(project.analysis))


def set_data(project: Project, plan: DataPlan) -> Project:
    """With other data; sizes and task that only fitted the old data follow the new ones."""
    design, fit = project.design, plan.source.fit()
    if plan.source.fit() != project.data.source.fit():
        for name in design.of_type(Input):
            design = design.edit(name, shape=None)
        for name in design.of_type(Output):
            design = design.edit(name, units=None)
    return project.replace(data=plan, design=_follow_targets(design, fit))


def _follow_targets(design: Design, fit: Fit) -> Design:
    """With outputs that learn targets of the data, each by a task that suits it."""
    known = {target.name: target for target in fit.y_blocks}
    for name in design.of_type(Output):
        output = design.nodes[name]
        if not isinstance(output, Output):
            continue
        if output.target is not None and output.target not in known:
            design = design.edit(name, target=None)
        target = known.get(output.target or "", fit.y_blocks[0])
        if output.task.targets.kind != target.task:
            design = design.edit(name, task=task_for(target.task) or output.task)
    return design


def set_source(project: Project, source: DataSource) -> Project:
    """With data from another source. Settings that suit only pixels are reset for other features:
    they are normalized, and the input drops none of them."""
    plan, design = project.data, project.design
    if plan.source.has_pixels and not source.has_pixels:
        plan = plan.replace(normalize=True)
        for name in design.of_type(Input):
            design = design.edit(name, keep_prob=Input().keep_prob)
    return set_data(project.replace(design=design), plan.replace(source=source))


def set_task(project: Project, task: Any) -> Project:
    """With another task at the output node. Raises DesignError if there is no output."""
    outputs = project.design.of_type(Output)
    if not outputs:
        raise DesignError("There is no output layer whose task could change.")
    return set_field(project, outputs[0], "task", task)


def name_run(project: Project, key: str, name: str) -> Project:
    """With another name for a run; an empty one restores its number. Raises FileError."""
    return _change_runs(project, [key], name=name.strip())


def pin_runs(project: Project, keys: Iterable[str], pinned: bool) -> Project:
    """With runs pinned or unpinned; pinned ones are never dropped for newer ones."""
    return _change_runs(project, keys, pinned=pinned)


def remove_runs(project: Project, keys: Iterable[str]) -> Project:
    """Without these runs."""
    gone = set(keys)
    return project.replace(runs=tuple(run for run in project.runs if run.key not in gone))


def restore_run(project: Project, key: str) -> Project:
    """With the design, the training settings, and the data of a run; places, notes, and groups stay
    if their layers do. Raises DesignError for a run that no longer exists."""
    run = next((run for run in project.runs if run.key == key), None)
    if run is None:
        raise DesignError("This run is no longer kept.")
    return project.replace(design=run.design, training=run.training, data=run.data)


def _change_runs(project: Project, keys: Iterable[str], **changes: Any) -> Project:
    chosen = set(keys)
    return project.replace(
        runs=tuple(run.replace(**changes) if run.key in chosen else run for run in project.runs)
    )


def _stem(layer: Layer) -> str:
    return layer.title.lower()
