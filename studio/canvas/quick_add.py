"""Quick add: the search menu on the canvas, and what becomes of the chosen layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from engine import Layer, Wire
from studio.canvas.insertion import refusal_of
from studio.canvas.node_item import Port
from studio.canvas.quick_menu import QuickMenu
from studio.canvas.search import follows, leads_to, likely

if TYPE_CHECKING:
    from studio.canvas.view import CanvasView


def anywhere(view: CanvasView, at: QPointF) -> QuickMenu:
    """All layers; the chosen one stands with its middle at this point of the scene."""
    layers = likely(view.document)
    title = view.tr("Add a layer here")
    return _open(view, layers, title, at, lambda layer: view.commands.add_at(layer, at))


def beside(view: CanvasView, name: str) -> QuickMenu:
    """Layers that may follow a node; the chosen one is appended to it."""
    layers = [layer for layer in likely(view.document, after=name) if _follows(view, layer, name)]
    item = view.canvas.nodes[name]
    at = item.pos() + item.body.topRight()
    title = view.tr("Append to {0}").format(name)
    return _open(view, layers, title, at, view.add_layer)


def from_port(view: CanvasView, port: Port, at: QPointF) -> QuickMenu:
    """Layers that fit a port; the chosen one is wired to it."""
    if port.index is None:
        layers = likely(view.document, after=port.node)
        fitting = [layer for layer in layers if _follows(view, layer, port.node)]
        title = view.tr("Add after {0}").format(port.node)
    else:
        layers = likely(view.document, before=port.node)
        fitting = [layer for layer in layers if _leads(view, layer, port)]
        title = view.tr("Add before {0}").format(port.node)
    return _open(view, fitting, title, at, lambda layer: view.commands.add_wired(layer, port, at))


def into_wire(view: CanvasView, wire: Wire, at: QPointF) -> QuickMenu:
    """Layers that may stand in a wire; the chosen one is inserted."""
    layers = [
        layer
        for layer in likely(view.document, after=wire.source)
        if _follows(view, layer, wire.source) and not refusal_of(layer(), wire)
    ]
    title = view.tr("Insert between {0} and {1}").format(wire.source, wire.target)
    return _open(view, layers, title, at, lambda layer: view.commands.insert(layer, wire, at))


def _follows(view: CanvasView, layer: type[Layer], name: str) -> bool:
    return follows(view.document, layer(), name)


def _leads(view: CanvasView, layer: type[Layer], port: Port) -> bool:
    taken = {wire.port for wire in view.document.project.design.inputs_of(port.node)}
    return leads_to(view.document, layer(), port.node, port.index if port.index in taken else None)


def _open(
    view: CanvasView,
    layers: list[type[Layer]],
    title: str,
    at: QPointF,
    take: Callable[[Layer], object],
) -> QuickMenu:
    menu = QuickMenu(layers, title, view)
    view.await_choice(menu, take)
    menu.open_at(view.viewport().mapToGlobal(view.view_point(at)))
    return menu
