"""Cutting a piece out of a project, and putting a copy of one in. Pure functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from engine import Design, Wire
from engine.layers.references import redirected, references
from engine.project import Group, Note, Position, Project
from studio.canvas import grouping
from studio.model.fragments import Fragment


def cut_out(
    project: Project,
    names: Collection[str],
    places: Mapping[str, Position] | None = None,
    notes: Iterable[Note] = (),
) -> Fragment:
    """These nodes, the wires that join two of them, the groups that lie in them as a whole, and
    these notes. places: where they stand, if not as saved."""
    design, chosen = project.design, set(names)
    places = project.positions if places is None else places
    nodes = {name: layer for name, layer in design.nodes.items() if name in names}
    wires = tuple(w for w in design.wires if w.source in nodes and w.target in nodes)
    groups = tuple(
        group
        for group in project.groups
        if chosen.issuperset(grouping.all_nodes(project, group.name))
    )
    there = {name: places[name] for name in nodes}
    return Fragment(Design(nodes, wires), there, tuple(notes), groups)


def put_in(
    project: Project, piece: Fragment, step: tuple[float, float], parent: str = ""
) -> tuple[Project, list[str]]:
    """Add a copy of the piece, moved by a step. Returns the new project and the new names. parent:
    the group that its groups belong to. Copies refer to each other as the originals do."""
    design = project.design
    names = _free_names(design, piece.design.nodes)
    lost = {name: None for name in _referred_to(piece.design) if name not in design.nodes}
    layers = {
        names[name]: redirected(layer, {**lost, **names})
        for name, layer in piece.design.nodes.items()
    }
    wires = (Wire(names[w.source], names[w.target], w.port, w.out) for w in piece.design.wires)
    design = Design({**design.nodes, **layers}, (*design.wires, *wires))
    moved = {names[n]: (x + step[0], y + step[1]) for n, (x, y) in piece.positions.items()}
    notes = (replace(note, x=note.x + step[0], y=note.y + step[1]) for note in piece.notes)
    after = project.replace(
        design=design,
        positions={**project.positions, **moved},
        remarks=(*project.remarks, *notes),
        groups=(*project.groups, *_copied(project, piece, names, parent)),
    )
    return after, list(names.values())


def _free_names(design: Design, names: Iterable[str]) -> dict[str, str]:
    """What copies of layers are called in a design, by the names of the originals."""
    found: dict[str, str] = {}
    numbers: dict[str, int] = defaultdict(int)
    for name in names:
        stem = _stem(name)
        free = ""
        while not free or free in design.nodes:
            numbers[stem] += 1
            free = f"{stem} {numbers[stem]}" if numbers[stem] > 1 else stem
        found[name] = free
    return found


def _referred_to(design: Design) -> set[str]:
    return {node for layer in design.nodes.values() for node in references(layer).values()}


def _copied(
    project: Project, piece: Fragment, nodes: Mapping[str, str], parent: str
) -> list[Group]:
    """The groups of a piece, under free names. nodes: old name of a layer -> new name."""
    taken, names = {group.name for group in project.groups}, {}
    for group in piece.groups:
        names[group.name] = grouping.free_name(taken, _stem(group.name))
        taken.add(names[group.name])
    return [
        Group(
            names[group.name],
            tuple(nodes[node] for node in group.nodes),
            names.get(group.parent, parent),
            group.collapsed,
        )
        for group in piece.groups
    ]


def _stem(name: str) -> str:
    """The name without the number at its end: copies of "h 2" are "h", "h 3"..."""
    stem, _, number = name.rpartition(" ")
    return stem if stem and number.isdigit() else name
