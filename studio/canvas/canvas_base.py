"""CanvasBase: the part of the canvas that gestures, tools and screen readers work with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QWidget

from engine import Layer, Wire
from studio.canvas.camera import Camera
from studio.canvas.commands import CanvasCommands
from studio.canvas.dimensions import PORT_REACH_PX
from studio.canvas.free_places import with_places
from studio.canvas.pointer_hint import PointerHint
from studio.canvas.port import Port
from studio.canvas.scene import CanvasScene
from studio.model.document import Document

MARGIN_PX = 24


class CanvasBase(Camera):
    """A camera on a document's scene, with the commands that edit the document.

    Gestures (`gestures`, `wire_gestures`, ...) and tools (`notes`, `groups`, `quick_add`,
    `saved_blocks`) know this class only; the classes above it know the gestures and the tools.

    canvas: the scene. commands: edits, one undo step each. pointer_hint: a sentence at the
    pointer.
    """

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        self.canvas = CanvasScene(document)
        super().__init__(self.canvas, parent)
        self.canvas.setParent(self)
        self.document = document
        self.commands = CanvasCommands(self.canvas, self)
        self.pointer_hint = PointerHint(self)
        document.placer = partial(with_places, self.canvas)

    def content(self) -> QRectF:
        return self.canvas.whole_box()

    # Selection.

    def selected_nodes(self) -> list[str]:
        """Names of the selected layers, in the order of selection; all those of a group."""
        return self.canvas.layers_of(self.canvas.selection.nodes)

    def selected_wires(self) -> list[Wire]:
        """The selected wires."""
        return list(self.canvas.selection.wires)

    def select(self, names: Iterable[str]) -> None:
        """Select exactly these layers, as far as they exist; for a hidden layer, its group."""
        blocks = (self.canvas.blocks.block_of(name) for name in names)
        self.canvas.selection.set(key for key in blocks if key in self.canvas.nodes)

    # Where things are.

    def port_reach(self) -> float:
        """How close the pointer must be to a port to hit it, in scene units."""
        return PORT_REACH_PX / max(self.zoom, 0.5)

    def view_point(self, at: QPointF) -> QPoint:
        """A point of the scene in pixels of the view."""
        return self.mapFromScene(at)

    def seen(self) -> QRectF:
        """The part of the scene that is in view."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def show_node(self, name: str) -> None:
        """Scroll just far enough to show a node."""
        self.hold_still()
        self.ensureVisible(self.canvas.nodes_box([name]), MARGIN_PX, MARGIN_PX)

    def show_selected(self) -> None:
        """Scroll just far enough to show the selected nodes."""
        names = self.canvas.selection.nodes
        if names and not self.seen().contains(self.canvas.nodes_box(names)):
            self.ensureVisible(self.canvas.nodes_box(names), MARGIN_PX, MARGIN_PX)

    def focus_canvas(self) -> None:
        """Take the keyboard focus."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # New layers.

    def add_layer(self, layer: Layer, at: QPointF | None = None) -> str:
        """Add a node with its center at a point of the scene; without a point, append it to the
        selected node or put it in the middle of the view. Returns its name."""
        if at is not None:
            return self.commands.add_at(layer, at)
        middle = self.mapToScene(self.viewport().rect().center())
        return self._showing_all(lambda: self.commands.append(layer, middle))

    def add_wired(self, layer: Layer, port: Port, at: QPointF) -> str:
        """Add a node at the free end of a wire that begins at a port. Returns its name."""
        return self._showing_all(lambda: self.commands.add_wired(layer, port, at))

    def insert(self, layer: Layer, wire: Wire, at: QPointF) -> str:
        """Add a node in the middle of a wire. Returns its name."""
        return self._showing_all(lambda: self.commands.insert(layer, wire, at))

    def _showing_all(self, add: Callable[[], str]) -> str:
        """Add a node. If everything was in view before, everything is in view afterward."""
        everything = self.seen().contains(self.content())
        name = add()
        if everything and not self.seen().contains(self.content()):
            self.fit()
        else:
            self.show_node(name)
        return name
