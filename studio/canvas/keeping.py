"""Groups that are kept for the palette, and put back onto a canvas. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping

from engine import Design, Wire
from engine.project import Position, Project
from studio.canvas import clipboard, grouping
from studio.canvas.repetition import crossing
from studio.model import edits
from studio.model.block_library import End, KeptBlock
from studio.model.fragments import Piece

Places = Mapping[str, Position]


def kept(project: Project, group: str, places: Places) -> KeptBlock:
    """A group with all that is in it, its upper left corner at (0, 0). places: of all layers."""
    inside = grouping.all_nodes(project, group)
    left, top = (min(places[node][axis] for node in inside) for axis in (0, 1))
    moved = {node: (places[node][0] - left, places[node][1] - top) for node in inside}
    piece = clipboard.cut_out(grouping.fold(project, [group], True), inside, moved)
    return KeptBlock(
        group, piece, _inputs(project.design, inside), _outputs(project.design, inside)
    )


def _inputs(design: Design, inside: list[str]) -> tuple[tuple[End, ...], ...]:
    """What each layer outside feeds; besides, every layer that nobody feeds and that takes one."""
    incoming, _ = crossing(design, inside)
    fed = {
        source: tuple((wire.target, wire.port) for wire in incoming if wire.source == source)
        for source in dict.fromkeys(wire.source for wire in incoming)
    }
    open_ends = (n for n in inside if design.nodes[n].wires_in[1] and not design.inputs_of(n))
    return (*fed.values(), *(((node, 0),) for node in open_ends))


def _outputs(design: Design, inside: list[str]) -> tuple[str, ...]:
    """The layers that lead outside, or else those that could."""
    _, outgoing = crossing(design, inside)
    leading = dict.fromkeys(wire.source for wire in outgoing)
    if leading:
        return tuple(leading)
    return tuple(n for n in inside if design.nodes[n].wires_out and not design.outputs_of(n))


def put(
    project: Project, block: KeptBlock, at: Position, source: str | None = None
) -> tuple[Project, list[str]]:
    """With a copy of the block, its upper left corner here, and fed by a layer if one is given.
    Returns the new names too."""
    after, names = clipboard.put_in(project, _named(block), at)
    if source is not None:
        new = dict(zip(block.piece.design.nodes, names, strict=True))
        for node, port in block.inputs[0] if block.inputs else ():
            after = edits.connect(after, source, new[node], port)
    return after, names


def insert(
    project: Project, block: KeptBlock, wire: Wire, at: Position
) -> tuple[Project, list[str]]:
    """With a copy of the block in the middle of a wire; see `goes_between`."""
    after, names = put(project, block, at, wire.source)
    (output,) = block.outputs
    new = dict(zip(block.piece.design.nodes, names, strict=True))
    wires = [w._replace(source=new[output]) if w == wire else w for w in after.design.wires]
    return after.replace(design=Design(after.design.nodes, tuple(wires))), names


def goes_between(block: KeptBlock) -> bool:
    """Whether it takes from one layer and leads to one, and so can stand in a wire."""
    return len(block.inputs) == len(block.outputs) == 1


def _named(block: KeptBlock) -> Piece:
    """The piece with its outermost group called as the block is now."""
    project = Project(design=block.piece.design, groups=block.piece.groups)
    outermost = [group.name for group in project.groups if not group.parent]
    taken = {group.name for group in project.groups}
    if len(outermost) != 1 or block.name in taken:
        return block.piece
    groups = grouping.rename(project, outermost[0], block.name).groups
    piece = block.piece
    return Piece(piece.design, piece.positions, piece.notes, groups)
