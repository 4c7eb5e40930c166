"""Dragging from the palette: a ghost follows the mouse and becomes a node where it is dropped.

Dropped on a wire, the node is inserted there.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF

from engine import Layer, Wire
from studio.canvas.canvas_base import CanvasBase
from studio.canvas.dimensions import snapped
from studio.canvas.face import NodeFace, face_of_new
from studio.canvas.gestures import Gesture, Pointer
from studio.canvas.insertion import refusal_of
from studio.canvas.node_item import NodeItem
from studio.canvas.saved_blocks import SavedBlocks
from studio.canvas.wire_item import WireItem
from studio.model.block_library import SavedBlock

GHOST_OPACITY = 0.6


class Drop(Gesture):
    """Base of all drops."""

    def __init__(self, view: CanvasBase, face: NodeFace) -> None:
        super().__init__(view)
        self._ghost = NodeItem(face)
        self._wire: WireItem | None = None

    def refusal(self, wire: Wire) -> str:
        """Why it cannot be inserted into a wire, or an empty string."""
        raise NotImplementedError

    def add(self, center: QPointF) -> None:
        """Add it to empty canvas."""
        raise NotImplementedError

    def insert(self, wire: Wire, center: QPointF) -> None:
        """Insert it into a wire."""
        raise NotImplementedError

    def begin(self, at: Pointer) -> None:
        super().begin(at)
        self._ghost.setOpacity(GHOST_OPACITY)
        self._ghost.setZValue(8)
        self.scene.addItem(self._ghost)
        self.move(at)

    def move(self, at: Pointer) -> None:
        corner = at.scene - self._ghost.body.center()
        if self.snaps(at):
            corner = QPointF(snapped(corner.x()), snapped(corner.y()))
        self._ghost.setPos(corner)
        over_node = self.scene.node_at(at.scene) is not None
        self._aim_at(None if over_node else self.scene.wire_at(at.scene), at)

    def finish(self, at: Pointer) -> None:
        self.move(at)
        wire = self._wire.wire if self._wire is not None and not self._refused() else None
        self.cancel()
        center = self._ghost.pos() + self._ghost.body.center()
        if wire is not None:
            self.insert(wire, center)
        else:
            self.add(center)
        self.view.focus_canvas()

    def cancel(self) -> None:
        self._aim_at(None, self.start)
        self.scene.removeItem(self._ghost)

    def _aim_at(self, item: WireItem | None, at: Pointer) -> None:
        if item is self._wire:
            return
        if self._wire is not None:
            self._wire.set_hovered(False)
        self._wire = item
        self.view.pointer_hint.clear_now()
        if item is not None and self._refused():
            self.view.pointer_hint.say(self._refused(), at.view, stay=True)
        elif item is not None:
            item.set_hovered(True)

    def _refused(self) -> str:
        return "" if self._wire is None else self.refusal(self._wire.wire)


class DropLayer(Drop):
    """A new layer."""

    def __init__(self, view: CanvasBase, layer: Layer) -> None:
        super().__init__(view, face_of_new(layer, view.canvas.down))
        self._layer = layer

    def refusal(self, wire: Wire) -> str:
        return refusal_of(self._layer, wire)

    def add(self, center: QPointF) -> None:
        self.view.add_layer(self._layer, center)

    def insert(self, wire: Wire, center: QPointF) -> None:
        self.view.insert(self._layer, wire, center)


class DropBlock(Drop):
    """One of the user's own blocks."""

    def __init__(self, view: CanvasBase, tool: SavedBlocks, block: SavedBlock) -> None:
        super().__init__(view, tool.face(block))
        self._tool = tool
        self._block = block

    def refusal(self, wire: Wire) -> str:
        return self._tool.refusal_of(self._block, wire)

    def add(self, center: QPointF) -> None:
        self._tool.add_at(self._block, center)

    def insert(self, wire: Wire, center: QPointF) -> None:
        self._tool.insert(self._block, wire, center)
