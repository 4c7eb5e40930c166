"""What the resting mouse shows: the port under it grows, the wire under it is emphasized."""

from __future__ import annotations

from PySide6.QtCore import Qt

from studio.canvas.gestures import Pointer
from studio.canvas.port import Port
from studio.canvas.scene import CanvasScene


class Hover:
    """Follows the mouse while no gesture is active."""

    def __init__(self, scene: CanvasScene) -> None:
        self._scene = scene
        self._port: Port | None = None  # of a block

    def move(self, at: Pointer, reach: float) -> Qt.CursorShape:
        """Highlight what is under the mouse; returns the cursor for what a press would do."""
        port = self._scene.port_at(at.scene, reach)
        node = None if port is not None else self._scene.node_at(at.scene)
        over_node = port is not None or node is not None
        wire = None if over_node else self._scene.wire_at(at.scene)
        self._show_port(port)
        for item in self._scene.wires.values():
            item.set_hovered(item is wire)
        if port is not None:
            return Qt.CursorShape.CrossCursor
        if wire is not None:
            return Qt.CursorShape.PointingHandCursor
        if not over_node and self._scene.frame_at(at.scene) is not None:
            return Qt.CursorShape.PointingHandCursor
        note = None if over_node else self._scene.note_at(at.scene)
        if note is not None and note.on_edge(at.scene, reach / 2):
            return Qt.CursorShape.SizeHorCursor
        return Qt.CursorShape.ArrowCursor

    def leave(self) -> None:
        """The mouse left, or a gesture began."""
        self._show_port(None)
        for item in self._scene.wires.values():
            item.set_hovered(False)

    def _show_port(self, port: Port | None) -> None:
        port = None if port is None else self._scene.blocks.local(port)
        for name in {p.node for p in (self._port, port) if p is not None}:
            if name in self._scene.nodes:
                mine = port is not None and port.node == name
                self._scene.nodes[name].set_hovered(port if mine else None)
        self._port = port
