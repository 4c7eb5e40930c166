"""Edits that put a layer between others, or take one out and close the gap. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from engine import Design, Layer, Wire
from engine.design import Fit, can_connect
from engine.project import Position, Project
from studio.canvas.dimensions import COLUMN_GAP, NODE_LENGTHS, snapped
from studio.model import edits


def refusal_of(layer: Layer, wire: Wire) -> str:
    """Why this layer cannot be inserted into a wire, or an empty string."""
    if not layer.inputs:
        return f"{layer.title} has no input: it cannot stand between {_ends(wire)}."
    if not layer.outputs:
        return f"{layer.title} has no output: it cannot stand between {_ends(wire)}."
    return ""


def insert(
    project: Project,
    layer: Layer,
    wire: Wire,
    places: Mapping[str, Position],
    ends: tuple[Position, Position],
    at: Position,
) -> tuple[Project, str]:
    """With the layer in the middle of a wire; where there is too little room, everything after
    it moves on along the flow. places: where all nodes stand now, ends: where the two
    blocks that the wire joins are seen. Returns the new name too."""
    at, pushed = room_in(project, wire, places, ends, at)
    after, name = edits.add_layer(project, layer, at)
    first, out = layer.inputs.names[0], layer.outputs.names[0]
    kept = [w._replace(source=name, out=out) if w == wire else w for w in after.design.wires]
    design = Design(after.design.nodes, (*kept, Wire(wire.source, name, first, wire.out)))
    after = after.replace(design=design, positions={**places, **after.positions})
    return edits.move(after, pushed), name


def room_in(
    project: Project,
    wire: Wire,
    places: Mapping[str, Position],
    ends: tuple[Position, Position],
    at: Position,
) -> tuple[Position, dict[str, Position]]:
    """Where a new block in a wire goes, and the places of what must move on for it. The other
    arguments are those of `insert`."""
    axis = int(project.orientation == "down")
    if ends[1][axis] - ends[0][axis] >= 2 * NODE_LENGTHS[axis] + COLUMN_GAP:
        return at, {}
    at = _shifted(ends[0], NODE_LENGTHS[axis] + COLUMN_GAP, axis)
    step = snapped(at[axis] + NODE_LENGTHS[axis] + COLUMN_GAP - ends[1][axis])
    return at, _pushed(project.design, wire, places, step, axis)


def _shifted(place: Position, step: float, axis: int) -> Position:
    x, y = place
    return (x, y + step) if axis else (x + step, y)


def _pushed(
    design: Design, wire: Wire, places: Mapping[str, Position], step: float, axis: int
) -> dict[str, Position]:
    """The target and everything after it, moved by a step to make room."""
    behind = {wire.target, *design.adjacency.descendants(wire.target)}
    if step <= 0 or wire.source in behind:
        return {}
    return {name: _shifted(places[name], step, axis) for name in behind}


def remove(
    project: Project, names: Iterable[str], wires: Iterable[Wire], fit: Fit | None
) -> Project:
    """Without these nodes and wires. A gap is closed where there is one way to do it: the nodes
    in it had one wire in and one wire out, and the new wire is allowed."""
    gone, cut = set(names), set(wires)
    design = project.design
    for wire in [w for w in design.wires if w.source in gone and w.target not in gone]:
        before = _wire_beyond(design, wire, gone, cut)
        if before is None or wire in cut:
            continue
        bridge = wire._replace(source=before.source, out=before.out)
        closed = [bridge if w == wire else w for w in project.design.wires]
        bridged = project.replace(design=Design(design.nodes, tuple(closed)))
        if _allowed(bridged.design.disconnect([bridge]), gone, bridge, project, fit):
            project = bridged
    return edits.remove(project, gone, cut & set(project.design.wires))


def _wire_beyond(
    design: Design, wire: Wire, gone: Collection[str], cut: Collection[Wire]
) -> Wire | None:
    """The wire from a node that stays into the gap; None where the way back is not unique."""
    while wire.source in gone:
        incoming = design.inputs_of(wire.source)
        if len(incoming) != 1 or len(design.outputs_of(wire.source)) != 1 or incoming[0] in cut:
            return None
        wire = incoming[0]
    return wire


def _allowed(
    design: Design,
    gone: Collection[str],
    bridge: Wire,
    project: Project,
    fit: Fit | None,
) -> bool:
    left = design.remove(gone)
    source, target, _, out = bridge
    if any((w.source, w.out) == (source, out) for w in left.inputs_of(target)):
        return False  # it is wired to this node already
    return can_connect(left, *bridge, project.training, fit) is None


def _ends(wire: Wire) -> str:
    return f"'{wire.source}' and '{wire.target}'"
