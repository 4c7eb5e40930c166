"""The user's own blocks on the canvas: a group becomes a SavedBlock, and a SavedBlock layers."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QPointF

from engine import Design, Wire
from engine.project import Position, Project
from studio.canvas import clipboard, grouping, placing
from studio.canvas.canvas_base import CanvasBase
from studio.canvas.face import NodeFace, face_of_piece
from studio.canvas.groups import Groups
from studio.canvas.insertion import room_in
from studio.canvas.node_item import NodeItem
from studio.canvas.repetition import crossing
from studio.model import edits
from studio.model.block_library import End, SavedBlock
from studio.model.fragments import Fragment


class SavedBlocks(QObject):
    """Puts saved blocks onto one view, each as one undo step."""

    def __init__(self, view: CanvasBase, groups: Groups) -> None:
        super().__init__(view)
        self._view = view
        self._scene = view.canvas
        self._groups = groups

    def of_selection(self) -> SavedBlock | None:
        """The group that the selection is about, as a block; None if there is no such group."""
        names = self._groups.meant()
        if not names:
            return None
        return block_of(self._view.document.project, names[0], self._scene.all_places())

    def face(self, block: SavedBlock) -> NodeFace:
        """How a block looks while it is dragged."""
        inputs = sum(len(fed) for fed in block.inputs)
        down = self._scene.down
        return face_of_piece(block.name, len(block.piece.design.nodes), inputs, down)

    def add_at(self, block: SavedBlock, center: QPointF) -> None:
        """Put a block here, with no wire to other layers."""
        at = placing.around(center, self._size(block), ())
        self._do(*put(self._view.document.project, block, at), self.tr("Add {0}"), block)

    def append(self, block: SavedBlock) -> None:
        """Put a block after the selected node and wire it; without one, in the middle."""
        scene, project = self._scene, self._view.document.project
        chosen = scene.selection.nodes
        standing = [scene.nodes_box([name]) for name in scene.nodes]
        source = scene.blocks.exit(chosen[0]) if len(chosen) == 1 else None
        if source is not None:
            beside = scene.nodes_box(chosen)
            at = placing.beside(beside, self._size(block), standing, scene.down)
        else:
            at = placing.around(self._view.seen().center(), self._size(block), standing)
        if source is not None and not project.design.nodes[source].outputs:
            source = None
        self._do(*put(project, block, at, source), self.tr("Add {0}"), block)

    def insert(self, block: SavedBlock, wire: Wire, center: QPointF) -> None:
        """Put a block into the middle of a wire; the layers after it move on to make room."""
        scene, project = self._scene, self._view.document.project
        source, target = (scene.item_of(name).pos() for name in wire[:2])
        ends = (source.x(), source.y()), (target.x(), target.y())
        at = placing.around(center, self._size(block), ())
        at, pushed = room_in(project, wire, scene.all_places(), ends, at)
        after, names = insert(project, block, wire, at)
        self._do(edits.move(after, pushed), names, self.tr("Insert {0}"), block)

    def refusal_of(self, block: SavedBlock, wire: Wire) -> str:
        """Why this block cannot be put into a wire, or an empty string."""
        if goes_between(block):
            return ""
        told = self.tr(
            "“{0}” does not fit between '{1}' and '{2}': it needs exactly one input and one output."
        )
        return told.format(block.name, *wire[:2])

    def _size(self, block: SavedBlock) -> Position:
        return NodeItem(self.face(block)).size

    def _do(self, after: Project, names: list[str], text: str, block: SavedBlock) -> None:
        lasting = {**self._scene.unsaved_places(), **after.positions}
        self._view.document.edit(edits.move(after, lasting), text.format(block.name))
        self._view.select(names)
        self._view.show_selected()


def block_of(project: Project, group: str, places: Mapping[str, Position]) -> SavedBlock:
    """A group with everything in it, its upper left corner at (0, 0). places: of all layers."""
    inside = grouping.all_nodes(project, group)
    left, top = (min(places[node][axis] for node in inside) for axis in (0, 1))
    moved = {node: (places[node][0] - left, places[node][1] - top) for node in inside}
    piece = clipboard.cut_out(grouping.fold(project, [group], True), inside, moved)
    return SavedBlock(
        group, piece, _inputs(project.design, inside), _outputs(project.design, inside)
    )


def put(
    project: Project, block: SavedBlock, at: Position, source: str | None = None
) -> tuple[Project, list[str]]:
    """Add a copy of the block with its upper left corner here, fed by `source` if one is given.
    Returns the new project and the names of the new layers."""
    after, names = clipboard.put_in(project, _named(block), at)
    if source is not None:
        new = dict(zip(block.piece.design.nodes, names, strict=True))
        for node, port in block.inputs[0] if block.inputs else ():
            after = edits.connect(after, source, new[node], port)
    return after, names


def insert(
    project: Project, block: SavedBlock, wire: Wire, at: Position
) -> tuple[Project, list[str]]:
    """Add a copy of the block in the middle of a wire; see `goes_between`."""
    after, names = put(project, block, at, wire.source)
    (output,) = block.outputs
    new = dict(zip(block.piece.design.nodes, names, strict=True))
    wires = [w._replace(source=new[output]) if w == wire else w for w in after.design.wires]
    return after.replace(design=Design(after.design.nodes, tuple(wires))), names


def goes_between(block: SavedBlock) -> bool:
    """Whether the block has one input and one output, so that it can be put into a wire."""
    return len(block.inputs) == len(block.outputs) == 1


def _inputs(design: Design, inside: list[str]) -> tuple[tuple[End, ...], ...]:
    """What each layer outside feeds; then every layer that has room for an input but none."""
    incoming, _ = crossing(design, inside)
    fed = {
        source: tuple((wire.target, wire.port) for wire in incoming if wire.source == source)
        for source in dict.fromkeys(wire.source for wire in incoming)
    }
    open_ends = (n for n in inside if design.nodes[n].inputs and not design.inputs_of(n))
    return (*fed.values(), *(((node, design.free_port(node)),) for node in open_ends))


def _outputs(design: Design, inside: list[str]) -> tuple[str, ...]:
    """The layers that lead outside; if there are none, those that could."""
    _, outgoing = crossing(design, inside)
    leading = dict.fromkeys(wire.source for wire in outgoing)
    if leading:
        return tuple(leading)
    return tuple(n for n in inside if design.nodes[n].outputs and not design.outputs_of(n))


def _named(block: SavedBlock) -> Fragment:
    """The piece, with the block's present name on its outermost group."""
    project = Project(design=block.piece.design, groups=block.piece.groups)
    outermost = [group.name for group in project.groups if not group.parent]
    taken = {group.name for group in project.groups}
    if len(outermost) != 1 or block.name in taken:
        return block.piece
    groups = grouping.rename(project, outermost[0], block.name).groups
    piece = block.piece
    return Fragment(piece.design, piece.positions, piece.notes, groups)
