"""Quick add: the search menu on the canvas, and what happens with the chosen layer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF

from engine import Layer, Wire
from studio.canvas.blocks import title_of
from studio.canvas.canvas_base import CanvasBase
from studio.canvas.insertion import refusal_of
from studio.canvas.port import Port
from studio.canvas.quick_menu import QuickMenu
from studio.canvas.search import follows, leads_to, likely

Kinds = list[type[Layer]]


class QuickAdd(QObject):
    """Opens search menus for one view, each with the layers that fit, best guesses first.

    A menu is a child of the view and must not hold a function that holds the view: deleting one
    would then delete the other midway. So the pending action is kept here.
    """

    def __init__(self, view: CanvasBase) -> None:
        super().__init__(view)
        self._view = view
        self._take: Callable[[Layer], object] | None = None

    def open_by_key(self, at: QPointF | None) -> None:
        """At a point of the scene; without one, for what follows the current node."""
        view = self._view
        current = view.canvas.selection.current
        if at is not None:
            self.open_at(at)
        elif current is not None and view.canvas.nodes[current].face.has_output:
            self._beside(current)
        else:
            middle = view.mapToScene(view.viewport().rect().center())
            self._open(likely(view.document), self.tr("Add a layer"), middle, view.add_layer)

    def open_at(self, at: QPointF) -> None:
        """At a point of the scene: on a wire, the choice is inserted into it."""
        wire = self._view.canvas.wire_at(at)
        if wire is not None and self._view.canvas.node_at(at) is None:
            self._into_wire(wire.wire, at)
        else:
            self._anywhere(at)

    def open_for_port(self, port: Port, at: QPointF) -> None:
        """Layers that fit a port; the chosen one is wired to it."""
        view = self._view
        if port.is_output:
            layers = self._following(port.node)
            title = self.tr("Add after {0}").format(port.node)
        else:
            layers = [k for k in likely(view.document, before=port.node) if self._leads(k, port)]
            title = self.tr("Add before {0}").format(port.node)
        self._open(layers, title, at, lambda layer: view.add_wired(layer, port, at))

    def _anywhere(self, at: QPointF) -> None:
        layers, view = likely(self._view.document), self._view
        title = self.tr("Add a layer here")
        self._open(layers, title, at, lambda layer: view.add_layer(layer, at))

    def _beside(self, name: str) -> None:
        item = self._view.canvas.nodes[name]
        title = self.tr("Append to {0}").format(title_of(name))
        at = item.pos() + (item.body.bottomLeft() if item.face.down else item.body.topRight())
        last = self._view.canvas.blocks.exit(name)
        self._open(self._following(last), title, at, self._view.add_layer)

    def _into_wire(self, wire: Wire, at: QPointF) -> None:
        layers = [k for k in self._following(wire.source) if not refusal_of(k(), wire)]
        title = self.tr("Insert between {0} and {1}").format(wire.source, wire.target)
        view = self._view
        self._open(layers, title, at, lambda layer: view.insert(layer, wire, at))

    def _following(self, name: str) -> Kinds:
        document = self._view.document
        return [k for k in likely(document, after=name) if follows(document, k(), name)]

    def _leads(self, kind: type[Layer], port: Port) -> bool:
        return leads_to(self._view.document, kind(), port.node, port.input)

    def _open(
        self, layers: Kinds, title: str, at: QPointF, take: Callable[[Layer], object]
    ) -> None:
        self._take = take
        menu = QuickMenu(layers, title, self._view)
        menu.chosen.connect(self._chosen)
        menu.closed.connect(self._view.focus_canvas)
        menu.open_at(self._view.viewport().mapToGlobal(self._view.view_point(at)))

    def _chosen(self, layer: Layer) -> None:
        take, self._take = self._take, None
        if take is not None:
            take(layer)
