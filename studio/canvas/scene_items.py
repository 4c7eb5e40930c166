"""The items on the canvas: which there are, and what is where."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from engine import Wire
from studio.canvas.arrange import Size
from studio.canvas.blocks import Blocks
from studio.canvas.face import ports_of
from studio.canvas.frame_item import FrameItem
from studio.canvas.node_item import NodeItem
from studio.canvas.note_item import NoteItem
from studio.canvas.port import Port
from studio.canvas.wire_item import WireItem
from studio.model.document import Document


class ItemsScene(QGraphicsScene):
    """nodes, wires and notes: the items, by key (see `blocks`), by wire and by number.
    frames: those of the open groups."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[Wire, WireItem] = {}
        self.frames: dict[str, FrameItem] = {}
        self.blocks = Blocks(document.project)
        self.notes: list[NoteItem] = []

    def layers_of(self, keys: Iterable[str]) -> list[str]:
        """All layers of some blocks."""
        return list(dict.fromkeys(n for key in keys for n in self.blocks.members(key)))

    @property
    def down(self) -> bool:
        """Whether the data flow down."""
        return self.document.project.orientation == "down"

    def sizes(self) -> dict[str, Size]:
        """Width and height of every node."""
        return {name: item.size for name, item in self.nodes.items()}

    def node_at(self, at: QPointF) -> NodeItem | None:
        """The node under a point."""
        return next((i for i in self.items(at) if isinstance(i, NodeItem) and self._is(i)), None)

    def wire_at(self, at: QPointF) -> WireItem | None:
        """The wire under a point."""
        return next((i for i in self.items(at) if isinstance(i, WireItem)), None)

    def frame_at(self, at: QPointF) -> FrameItem | None:
        """The frame whose name is under a point."""
        return next(
            (i for i in self.items(at) if isinstance(i, FrameItem) and i.on_title(at)), None
        )

    def point_of(self, port: Port) -> QPointF:
        """Where the port of a layer is, or where its wires enter or leave the group it is in."""
        local = self.blocks.local(port)
        return self.nodes[local.node].point_of(local)

    def item_of(self, node: str) -> NodeItem:
        """The block that shows a layer."""
        return self.nodes[self.blocks.block_of(node)]

    def inputs_shown(self, node: str) -> tuple[str, ...]:
        """The inputs that a layer offers, whether it is hidden or not."""
        design = self.document.project.design
        return ports_of(design.nodes[node], [wire.port for wire in design.inputs_of(node)])

    def note_at(self, at: QPointF) -> NoteItem | None:
        """The note under a point."""
        return next((i for i in self.items(at) if isinstance(i, NoteItem)), None)

    def port_at(self, at: QPointF, reach: float) -> Port | None:
        """The port within reach of a point; of a group, that of the layer that it stands for."""
        near = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        for item in self.items(near):
            if isinstance(item, NodeItem) and self._is(item):
                port = item.port_at(at, reach)
                if port is not None:
                    return self.blocks.real(port)
        return None

    def nodes_in(self, area: QRectF) -> list[str]:
        """Nodes that an area touches, in the order of the design."""
        return [
            name
            for name, item in self.nodes.items()
            if area.intersects(item.body.translated(item.pos()))
        ]

    def notes_in(self, area: QRectF) -> list[int]:
        """Notes that an area touches."""
        return [item.index for item in self.notes if area.intersects(item.box())]

    def whole_box(self) -> QRectF:
        """The smallest box around everything, notes too."""
        box = self.nodes_box()
        for item in self.notes:
            box = box.united(item.box())
        for frame in self.frames.values():
            box = box.united(frame.box)
        return box

    def nodes_box(self, names: Iterable[str] | None = None) -> QRectF:
        """The smallest box around some nodes, or all."""
        box = QRectF()
        for name in self.nodes if names is None else names:
            item = self.nodes[name]
            box = box.united(item.body.translated(item.pos()))
        return box

    def _is(self, item: NodeItem) -> bool:
        return self.nodes.get(item.face.name) is item
