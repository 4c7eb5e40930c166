"""The user's own blocks on the canvas: keeping a group, and putting blocks in, as undo steps."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF

from engine import Wire
from engine.project import Position, Project
from studio.canvas import keeping, placing
from studio.canvas.canvas_base import CanvasBase
from studio.canvas.face import NodeFace, face_of_piece
from studio.canvas.groups import Groups
from studio.canvas.insertion import room_in
from studio.canvas.node_item import NodeItem
from studio.model import edits
from studio.model.block_library import KeptBlock


class OwnBlocks(QObject):
    """The user's blocks for one view."""

    def __init__(self, view: CanvasBase, groups: Groups) -> None:
        super().__init__(view)
        self._groups = groups
        self._view = view
        self._scene = view.canvas

    def of_selection(self) -> KeptBlock | None:
        """The group that the selection is about, to be kept; None where there is none."""
        names = self._groups.meant()
        if not names:
            return None
        return keeping.kept(self._view.document.project, names[0], self._scene.all_places())

    def face(self, block: KeptBlock) -> NodeFace:
        """How a block looks while it is dragged."""
        inputs = sum(len(fed) for fed in block.inputs)
        down = self._scene.down
        return face_of_piece(block.name, len(block.piece.design.nodes), inputs, down)

    def add_at(self, block: KeptBlock, center: QPointF) -> None:
        """Put a block here, wired to nobody."""
        at = placing.around(center, self._size(block), ())
        self._do(*keeping.put(self._view.document.project, block, at), self.tr("Add {0}"), block)

    def append(self, block: KeptBlock) -> None:
        """Put a block behind the one that is selected, wired to it; else in the middle."""
        scene, project = self._scene, self._view.document.project
        chosen = scene.selection.nodes
        standing = [scene.nodes_box([name]) for name in scene.nodes]
        source = scene.blocks.exit(chosen[0]) if len(chosen) == 1 else None
        if source is not None:
            beside = scene.nodes_box(chosen)
            at = placing.beside(beside, self._size(block), standing, scene.down)
        else:
            at = placing.around(self._view.seen().center(), self._size(block), standing)
        if source is not None and not project.design.nodes[source].wires_out:
            source = None
        self._do(*keeping.put(project, block, at, source), self.tr("Add {0}"), block)

    def insert(self, block: KeptBlock, wire: Wire, center: QPointF) -> None:
        """Put a block into the middle of a wire; what follows moves on where there is no room."""
        scene, project = self._scene, self._view.document.project
        source, target = (scene.item_of(name).pos() for name in wire[:2])
        ends = (source.x(), source.y()), (target.x(), target.y())
        at = placing.around(center, self._size(block), ())
        at, pushed = room_in(project, wire, scene.all_places(), ends, at)
        after, names = keeping.insert(project, block, wire, at)
        self._do(edits.move(after, pushed), names, self.tr("Insert {0}"), block)

    def refusal_of(self, block: KeptBlock, wire: Wire) -> str:
        """Why this block cannot be put into a wire, or an empty string."""
        if keeping.goes_between(block):
            return ""
        told = self.tr(
            "“{0}” cannot stand between '{1}' and '{2}': only a block can that one layer feeds "
            "and that leads to one."
        )
        return told.format(block.name, *wire[:2])

    def _size(self, block: KeptBlock) -> Position:
        return NodeItem(self.face(block)).size

    def _do(self, after: Project, names: list[str], text: str, block: KeptBlock) -> None:
        lasting = {**self._scene.unsaved_places(), **after.positions}
        self._view.document.edit(edits.move(after, lasting), text.format(block.name))
        self._view.select(names)
        self._view.show_selected()
