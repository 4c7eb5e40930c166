"""The canvas for screen readers: every node, port, wire and note, each with a name and words.

Qt does not expose the items of a QGraphicsView. Here the view gets an interface whose children are
the nodes in the order of the data flow, then the wires and the notes; a node's children are its
ports.

Qt deletes interfaces and Python must not, so each one is kept here until Qt has deleted it.
"""

from __future__ import annotations

import weakref
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface

from studio.canvas.accessible_parts import (
    AccessiblePart,
    Answer,
    AnyPart,
    Key,
    Role,
    Whole,
    part_for,
)
from studio.canvas.canvas_base import CanvasBase
from studio.canvas.graph_walk import walk_order

Made = TypeVar("Made", bound=QAccessibleInterface)
_kept: set[QAccessibleInterface] = set()


def offer(class_name: str, of: QObject) -> QAccessibleInterface | None:
    """Called by Qt to get an object's interface; answers for canvases only."""
    view = getattr(of, "spoken_view", None)
    if view is None:
        return None
    for old in [old for old in _kept if not shiboken6.isValid(old)]:
        _kept.discard(old)
    return _keep(CanvasInterface(view))


def tell_focus(view: CanvasBase) -> None:
    """Make a screen reader read the node selected last."""
    current = view.canvas.selection.current
    if not QAccessible.isActive() or not view.hasFocus() or current is None:
        return
    interface = QAccessible.queryAccessibleInterface(view)
    if isinstance(interface, CanvasInterface):
        event = QAccessibleEvent(view, QAccessible.Event.Focus)
        event.setChild(interface.keys().index(current))
        QAccessible.updateAccessibility(event)


def tell_structure(view: CanvasBase) -> None:
    """Tell a screen reader that the items have changed."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleEvent(view, QAccessible.Event.ObjectReorder))


def _keep(interface: Made) -> Made:
    _kept.add(interface)
    return interface


class CanvasInterface(Whole):
    """The view, with the nodes, the wires and the notes as children."""

    def __init__(self, view: CanvasBase) -> None:
        super().__init__(view, Role.List)
        self._view = weakref.ref(view)
        self._made: dict[Key, AnyPart] = {}
        self._keys: tuple[object, list[Key]] = (None, [])

    def keys(self) -> list[Key]:
        """The children: nodes in the order of the data flow, then wires, then notes."""
        view = self._view()
        if view is None or not shiboken6.isValid(view):
            return []
        project, canvas = view.document.project, view.canvas
        if self._keys[0] is not project:
            nodes = [name for name in walk_order(canvas.blocks.flow) if name in canvas.nodes]
            self._keys = project, [*nodes, *canvas.wires, *range(len(canvas.notes))]
            self._forget()
        return self._keys[1]

    def part(self, key: Key) -> AnyPart:
        """The interface of a node, a wire, a port or a note."""
        if key not in self._made:
            view = self._view()
            assert view is not None
            self._made[key] = made = _keep(part_for(view, key))
            QAccessible.registerAccessibleInterface(made)
        return self._made[key]

    def _forget(self) -> None:
        """Drop the interfaces of items that no longer exist."""
        for key in [key for key, part in self._made.items() if not part.isValid()]:
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(self._made.pop(key)))

    def childCount(self) -> int:
        return len(self.keys())

    def child(self, index: int) -> Answer:
        keys = self.keys()
        return self.part(keys[index]) if 0 <= index < len(keys) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        keys = self.keys()
        key = child.key if isinstance(child, AccessiblePart) else None
        return keys.index(key) if key in keys else -1

    def childAt(self, x: int, y: int) -> Answer:
        parts = (self.part(key) for key in self.keys())
        return next((part for part in parts if part.rect().contains(x, y)), None)

    def focusChild(self) -> Answer:
        view = self._view()
        current = view.canvas.selection.current if view is not None and view.hasFocus() else None
        return self.part(current) if current in self.keys() else None


QAccessible.installFactory(offer)
