"""Groups of layers, as pure functions: make, dissolve, rename, fold. The design stays flat;
a group is only a way to look at it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from engine import DesignError
from engine.project import Group, Project

STEM = "block"


def by_name(project: Project) -> dict[str, Group]:
    """All groups."""
    return {group.name: group for group in project.groups}


def children(project: Project) -> dict[str, list[Group]]:
    """The groups directly inside each group; "" has the outermost ones."""
    found: dict[str, list[Group]] = {"": [], **{group.name: [] for group in project.groups}}
    for group in project.groups:
        found[group.parent].append(group)
    return found


def all_nodes(project: Project, name: str) -> list[str]:
    """Every layer in a group, in groups within it too, in the order of the design."""
    inside: set[str] = set()
    below, waiting = children(project), [by_name(project)[name]]
    while waiting:
        group = waiting.pop()
        inside.update(group.nodes)
        waiting += below[group.name]
    return [node for node in project.design.nodes if node in inside]


def around(project: Project, node: str) -> list[str]:
    """The groups that a layer stands in, the innermost first."""
    groups = by_name(project)
    name = next((group.name for group in project.groups if node in group.nodes), "")
    return way_up(groups, name)


def way_up(groups: Mapping[str, Group], name: str) -> list[str]:
    """A group and those around it, the innermost first."""
    way = []
    while name:
        way.append(name)
        name = groups[name].parent
    return way


def free_name(taken: Collection[str], stem: str = STEM) -> str:
    """The first of "block", "block 2"... that is not taken."""
    number = 1
    while (name := f"{stem} {number}" if number > 1 else stem) in taken:
        number += 1
    return name


def make(project: Project, nodes: Collection[str]) -> tuple[Project, str]:
    """With these layers folded into a new group; groups that lie in it as a whole stay groups in
    it. Returns its made-up name too. Raises DesignError for fewer than two layers."""
    chosen = set(nodes)
    if len(chosen) < 2:
        raise DesignError("Select at least two layers to group them.")
    groups = by_name(project)
    name = free_name(groups)
    whole = {g.name for g in project.groups if chosen.issuperset(all_nodes(project, g.name))}
    units = {unit for unit in whole if groups[unit].parent not in whole}
    inner = {node for unit in whole for node in groups[unit].nodes}
    loose = tuple(node for node in project.design.nodes if node in chosen - inner)
    ways = [around(project, node) for node in loose]
    ways += [way_up(groups, groups[unit].parent) for unit in units]
    parent = next((g for g in ways[0] if all(g in way for way in ways)), "")
    kept = [
        replace(
            group,
            nodes=group.nodes if group.name in whole else _without(group.nodes, chosen),
            parent=name if group.name in units else group.parent,
        )
        for group in project.groups
    ]
    return project.replace(groups=(*kept, Group(name, loose, parent, True))), name


def dissolve(project: Project, names: Iterable[str]) -> Project:
    """Dissolve these groups; their content moves to the groups around them."""
    for name in names:
        groups = by_name(project)
        gone = groups.pop(name)
        if gone.parent:
            above = groups[gone.parent]
            groups[above.name] = replace(above, nodes=(*above.nodes, *gone.nodes))
        kept = (
            replace(group, parent=gone.parent) if group.parent == name else group
            for group in groups.values()
        )
        project = project.replace(groups=tuple(kept))
    return project


def rename(project: Project, old: str, new: str) -> Project:
    """Rename a group. Raises DesignError for a name that is taken or unfit."""
    names = {old: new}
    return project.replace(
        groups=tuple(
            replace(
                group,
                name=names.get(group.name, group.name),
                parent=names.get(group.parent, group.parent),
            )
            for group in project.groups
        )
    )


def fold(project: Project, names: Collection[str], collapsed: bool) -> Project:
    """Show these groups as one block each, or as frames around their layers."""
    return project.replace(
        groups=tuple(
            replace(group, collapsed=collapsed) if group.name in names else group
            for group in project.groups
        )
    )


def _without(nodes: Iterable[str], gone: Collection[str]) -> tuple[str, ...]:
    return tuple(node for node in nodes if node not in gone)
