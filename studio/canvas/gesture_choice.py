"""Which gesture a mouse press begins."""

from __future__ import annotations

from PySide6.QtCore import Qt

from studio.canvas.editing import EditingView
from studio.canvas.gestures import Gesture, MoveNodes, Pan, Pointer, RubberBand
from studio.canvas.note_gesture import EDGE_PX, WidenNote
from studio.canvas.port import Port
from studio.canvas.wire_gestures import DrawWire, PickWire


def gesture_for(view: EditingView, button: Qt.MouseButton, at: Pointer) -> Gesture | None:
    """Ports before nodes, wires, frames, notes and empty canvas; the middle button always pans."""
    if button is Qt.MouseButton.MiddleButton:
        return Pan(view)
    if button is not Qt.MouseButton.LeftButton:
        return None
    port = view.canvas.port_at(at.scene, view.port_reach())
    if port is not None:
        return _from_port(view, port)
    node = view.canvas.node_at(at.scene)
    if node is not None:
        return MoveNodes(view, node.face.name)
    wire = view.canvas.wire_at(at.scene)
    if wire is not None:
        return PickWire(view, view.quick, wire.wire)
    frame = view.canvas.frame_at(at.scene)
    if frame is not None:
        return MoveNodes(view, *view.canvas.blocks.frames[frame.name])
    note = view.canvas.note_at(at.scene)
    if note is None:
        return RubberBand(view)
    if note.on_edge(at.scene, EDGE_PX / view.zoom):
        return WidenNote(view, view.notes, note.index)
    return MoveNodes(view, note.index)


def _from_port(view: EditingView, port: Port) -> Gesture:
    """A new wire; from an input that has one, that wire's end."""
    wires = view.document.project.design.inputs_of(port.node)
    held = next((wire for wire in wires if wire.port == port.input), None)
    if held is None or port.is_output:
        return DrawWire(view, view.quick, port)
    return DrawWire(view, view.quick, Port(held.source, None, held.out), held)
