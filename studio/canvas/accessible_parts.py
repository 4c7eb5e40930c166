"""The parts of a canvas for screen readers: nodes, ports, wires and notes, each with a name and a
description. `accessibility` offers them as the children of the canvas."""

from __future__ import annotations

import weakref
from typing import Any, Generic, TypeAlias, TypeVar

import shiboken6
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

from engine import Wire
from engine.layers.ports import numbered_port
from studio.canvas.blocks import Blocks, title_of
from studio.canvas.canvas_base import CanvasBase
from studio.canvas.face import NodeFace
from studio.canvas.node_item import NodeItem
from studio.canvas.port import Port

Role: TypeAlias = QAccessible.Role
State: TypeAlias = QAccessible.State
Key: TypeAlias = str | Wire | Port | int
"""The key of a node, a wire, a port or a note."""
K = TypeVar("K", bound=Key)
AnyPart: TypeAlias = "AccessiblePart[Any]"
Answer: TypeAlias = Any
"""An interface or None; Qt's type stubs do not allow None."""


class Whole(QAccessibleWidget):
    """The interface of a canvas, as its parts know it."""

    def part(self, key: Key) -> AnyPart:
        """The interface of a node, a wire, a port or a note."""
        raise NotImplementedError


class AccessiblePart(QAccessibleInterface, Generic[K]):
    """Something on a canvas, found by its key whenever it is asked for."""

    role_of = Role.ListItem

    def __init__(self, view: CanvasBase, key: K) -> None:
        super().__init__()
        self.key = key
        self._view = weakref.ref(view)

    @property
    def view(self) -> CanvasBase:
        """The canvas; ask only while `isValid`."""
        view = self._view()
        assert view is not None
        return view

    @property
    def canvas(self) -> Whole | None:
        """The canvas's interface."""
        found = QAccessible.queryAccessibleInterface(self.view) if self.isValid() else None
        return found if isinstance(found, Whole) else None

    def exists(self) -> bool:
        """Whether the canvas still shows it."""
        raise NotImplementedError

    def name(self) -> str:
        """What it is called."""
        raise NotImplementedError

    def words(self) -> str:
        """Everything about it, in sentences."""
        raise NotImplementedError

    def area(self) -> QRectF:
        """Where it is in the scene."""
        raise NotImplementedError

    def marks(self, state: State) -> None:
        """Add to its state."""

    def isValid(self) -> bool:
        view = self._view()
        return view is not None and shiboken6.isValid(view) and self.exists()

    def object(self) -> Answer:
        return None

    def parent(self) -> Answer:
        return self.canvas

    def child(self, index: int) -> Answer:
        return None

    def childCount(self) -> int:
        return 0

    def childAt(self, x: int, y: int) -> Answer:
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def role(self) -> Role:
        return self.role_of

    def text(self, kind: QAccessible.Text) -> str:
        if not self.isValid():
            return ""
        if kind == QAccessible.Text.Name:
            return self.name()
        return self.words() if kind == QAccessible.Text.Description else ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Names change in the inspector."""

    def rect(self) -> QRect:
        if not self.isValid():
            return QRect()
        viewport = self.view.viewport()
        box = self.view.mapFromScene(self.area()).boundingRect()
        return box.translated(viewport.mapToGlobal(box.topLeft()) - box.topLeft())

    def state(self) -> State:
        state = State()
        if self.isValid():
            on_screen = self.view.mapFromScene(self.area()).boundingRect()
            state.offscreen = not self.view.viewport().rect().intersects(on_screen)
            self.marks(state)
        else:
            state.invalid = True
        return state


class NodeInterface(AccessiblePart[str]):
    """A node; its children are its ports."""

    @property
    def item(self) -> NodeItem:
        """The node on the scene."""
        return self.view.canvas.nodes[self.key]

    def exists(self) -> bool:
        return self.key in self.view.canvas.nodes

    def name(self) -> str:
        face = self.item.face
        kind = self.view.tr("group of {0}").format(face.title) if face.is_group else face.title
        return f"{face.shown_name}, {kind}"

    def words(self) -> str:
        return " ".join(self.item.sentences())

    def area(self) -> QRectF:
        return self.item.body.translated(self.item.pos())

    def marks(self, state: State) -> None:
        selection = self.view.canvas.selection
        state.expandable = state.collapsed = self.item.face.is_group
        state.selectable = state.focusable = state.movable = True
        state.selected = self.key in selection.nodes
        state.focused = self.view.hasFocus() and self.key == selection.current

    def childCount(self) -> int:
        return len(self.item.ports()) if self.isValid() else 0

    def child(self, index: int) -> Answer:
        if not 0 <= index < self.childCount() or self.canvas is None:
            return None
        return self.canvas.part(self.item.ports()[index])

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        ports = self.item.ports() if self.isValid() else []
        key = child.key if isinstance(child, AccessiblePart) else None
        return ports.index(key) if key in ports else -1


class PortInterface(AccessiblePart[Port]):
    """An input or an output of a node."""

    role_of = Role.StaticText

    @property
    def _face(self) -> NodeFace:
        return self.view.canvas.nodes[self.key.node].face

    def exists(self) -> bool:
        item = self.view.canvas.nodes.get(self.key.node)
        return item is not None and self.key in item.ports()

    def name(self) -> str:
        port, tr = self.key, self.view.tr
        node = title_of(port.node)
        if port.is_output:
            several = len(self._face.outputs) > 1
            told = tr("Output '{0}' of '{1}'") if several else tr("Output of '{1}'")
            return told.format(port.out, node)
        number = self._face.inputs.index(port.input) + 1
        if port.input == numbered_port(number):
            return tr("Input {0} of '{1}'").format(number, node)
        return tr("Input '{0}' of '{1}'").format(port.input, node)

    def words(self) -> str:
        port, tr = self.key, self.view.tr
        blocks = self.view.canvas.blocks
        wires = [wire for wire in self.view.canvas.wires if _ends_at(wire, port, blocks)]
        if not wires:
            return tr("Not connected.")
        others = (wire.target if port.is_output else wire.source for wire in wires)
        names = ", ".join(f"'{name}'" for name in dict.fromkeys(others))
        told = tr("Leads to {0}.") if port.is_output else tr("Fed by {0}.")
        return told.format(names)

    def area(self) -> QRectF:
        reach = self.view.port_reach()
        at = self.view.canvas.nodes[self.key.node].point_of(self.key)
        return QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)

    def parent(self) -> Answer:
        canvas = self.canvas
        return None if canvas is None else canvas.part(self.key.node)


class WireInterface(AccessiblePart[Wire]):
    """A wire."""

    def exists(self) -> bool:
        return self.key in self.view.canvas.wires

    def name(self) -> str:
        return self.view.tr("Wire from '{0}' to '{1}'").format(self.key.source, self.key.target)

    def words(self) -> str:
        item, tr = self.view.canvas.wires[self.key], self.view.tr
        text = item.label.text
        told = tr("Carries {0}.").format(text) if text else tr("Its shape is not known yet.")
        if item.measure is not None:
            told = f"{told} {item.measure.help} {item.measure.text}."
        return f"{told} {tr('The shapes do not match.')}" if item.misfits else told

    def area(self) -> QRectF:
        return self.view.canvas.wires[self.key].boundingRect()

    def marks(self, state: State) -> None:
        state.selectable = True
        state.selected = self.key in self.view.canvas.selection.wires


class NoteInterface(AccessiblePart[int]):
    """A note; its words are its description."""

    role_of = Role.Note

    def exists(self) -> bool:
        return self.key < len(self.view.canvas.notes)

    def name(self) -> str:
        return self.view.tr("Note {0}").format(self.key + 1)

    def words(self) -> str:
        return self.view.canvas.notes[self.key].note.text

    def area(self) -> QRectF:
        return self.view.canvas.notes[self.key].box()

    def marks(self, state: State) -> None:
        state.selectable = state.focusable = state.movable = True
        state.selected = self.key in self.view.canvas.selection.notes


def part_for(view: CanvasBase, key: Key) -> AnyPart:
    """The interface for something on a canvas."""
    if isinstance(key, Wire):
        return WireInterface(view, key)
    if isinstance(key, int):
        return NoteInterface(view, key)
    return PortInterface(view, key) if isinstance(key, Port) else NodeInterface(view, key)


def _ends_at(wire: Wire, port: Port, blocks: Blocks) -> bool:
    return blocks.ends(wire)[0 if port.is_output else 1] == port
