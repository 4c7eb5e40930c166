"""What the canvas says it has painted, as plain data."""

from __future__ import annotations

from typing import Any

from studio.canvas.node_item import NodeItem
from studio.canvas.scene import CanvasScene
from studio.canvas.wire_item import WireItem


def painted(scene: CanvasScene) -> dict[str, Any]:
    """nodes: by name, or by the key of a folded group. wires: in the order of the design. selected:
    the nodes, in the order of selection. notes: their texts."""
    return {
        "nodes": {key: _node(item) for key, item in scene.nodes.items()},
        "wires": [_wire(item) for item in scene.wires.values()],
        "selected": list(scene.selection.nodes),
        "notes": [item.note.text for item in scene.notes],
    }


def _node(item: NodeItem) -> dict[str, Any]:
    """measure: the live number on its tab, or ""; alarm: the word beside it."""
    face, measure = item.face, item.measure
    return {
        "title": face.title,
        "settings": list(face.settings),
        "parameters": face.parameters,
        "gives": face.gives,
        "problems": list(face.problems),
        "x": item.x(),
        "y": item.y(),
        "measure": measure.text if measure is not None else "",
        "alarm": measure.alarm if measure is not None else "",
    }


def _wire(item: WireItem) -> dict[str, Any]:
    """flow: the shape on its label. measure: the live number below, or ""."""
    wire = item.wire
    return {
        "source": wire.source,
        "target": wire.target,
        "port": wire.port,
        "out": wire.out,
        "flow": item.label.text,
        "measure": item.measure.text if item.measure is not None else "",
    }
