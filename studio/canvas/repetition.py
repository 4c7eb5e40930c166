"""Repeating a group: copies of it behind each other in the chain. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from engine import Design, DesignError, Wire
from engine.project import Position, Project
from studio.canvas import clipboard
from studio.canvas.grouping import all_nodes, by_name

MOST_COPIES = 64


def crossing(design: Design, inside: Collection[str]) -> tuple[list[Wire], list[Wire]]:
    """The wires that enter some layers from outside, and those that leave them."""
    incoming = [w for w in design.wires if w.target in inside and w.source not in inside]
    outgoing = [w for w in design.wires if w.source in inside and w.target not in inside]
    return incoming, outgoing


def repeat(
    project: Project, name: str, times: int, places: Mapping[str, Position], step: Position
) -> tuple[Project, list[str]]:
    """With `times` - 1 copies of a group behind it in the chain, each a step further, and all that
    follows moved on as far. Returns the names of the copies too. places: of all layers.

    Raises DesignError unless one layer feeds the group and one layer of it leads on."""
    if not 2 <= times <= MOST_COPIES:
        raise DesignError(f"A group can be repeated 2 to {MOST_COPIES} times; got {times}.")
    inside = all_nodes(project, name)
    incoming, outgoing = crossing(project.design, inside)
    entries, exits = {wire.source for wire in incoming}, {wire.source for wire in outgoing}
    if len(entries) != 1 or len(exits) != 1:
        raise DesignError(
            f"'{name}' cannot be repeated: one layer must feed it and one layer of it must lead "
            f"on. Layers that feed it: {len(entries)}; layers of it that lead on: {len(exits)}.",
            hint="Choose the layers of the group so that one wire enters it and one leaves it.",
        )
    leaving, out = outgoing[0].source, outgoing[0].out
    project = project.replace(positions={**places, **project.positions})
    project = _pushed(project, inside, [w.target for w in outgoing], times - 1, step)
    piece = clipboard.cut_out(project, inside)
    links, made = [], []
    for number in range(1, times):
        before = set(by_name(project))
        shift = (step[0] * number, step[1] * number)
        project, copies = clipboard.put_in(project, piece, shift, by_name(project)[name].parent)
        made.append(next(g.name for g in project.groups if g.name not in before))
        names = dict(zip(piece.design.nodes, copies, strict=True))
        links += [Wire(leaving, names[wire.target], wire.port, out) for wire in incoming]
        leaving = names[outgoing[0].source]
    kept = [w for w in project.design.wires if w not in outgoing]
    led = [wire._replace(source=leaving) for wire in outgoing]
    design = Design(project.design.nodes, (*kept, *links, *led))
    return project.replace(design=design), made


def _pushed(
    project: Project, inside: Collection[str], first: Iterable[str], count: int, step: Position
) -> Project:
    """With all that follows the group moved on, to make room for the copies."""
    behind, waiting = set(inside), list(first)
    while waiting:
        node = waiting.pop()
        if node not in behind:
            behind.add(node)
            waiting += project.design.adjacency.after(node)
    moved = {
        node: (x + count * step[0], y + count * step[1])
        for node, (x, y) in project.positions.items()
        if node in behind and node not in inside
    }
    return project.replace(positions={**project.positions, **moved})
