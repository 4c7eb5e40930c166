"""CanvasView: the canvas as a widget. It turns events into gestures and keys into commands.

The keys are listed in `keyboard`. Wheel: zoom at the pointer, with Shift sideways; on a touchpad
two fingers drag and a pinch zooms. Middle button, or Space and drag: move the view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCursor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from engine import Layer, Wire
from engine.project import Project
from studio import layer_mime
from studio.canvas import keyboard, quick_add
from studio.canvas.bubble import Bubble
from studio.canvas.camera import Camera
from studio.canvas.choice import gesture_for
from studio.canvas.commands import Commands
from studio.canvas.gestures import DropLayer, Gesture, Pointer
from studio.canvas.hint import EmptyHint
from studio.canvas.hover import Hover
from studio.canvas.measures import PORT_REACH_PX
from studio.canvas.quick_menu import QuickMenu
from studio.canvas.scene import CanvasScene
from studio.document import Document
from studio.theme import theme

FLASH_MS = 900
MARGIN_PX = 24

Held = Qt.MouseButton | Qt.Key | None


class CanvasView(Camera):
    """Shows and edits the open document's design.

    selection_changed(names): other nodes are selected, in the order of selection.
    node_activated(name): the user wants to edit this node (Enter, double click).
    """

    selection_changed = Signal(list)
    node_activated = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        self.canvas = CanvasScene(document)
        super().__init__(self.canvas, parent)
        self.canvas.setParent(self)
        self.document = document
        self.commands = Commands(self.canvas, self)
        self.bubble = Bubble(self)
        self._hint = EmptyHint(self)
        self._hover = Hover(self.canvas)
        self._gesture: Gesture | None = None
        self._held: Held = None
        self._take: Callable[[Layer], object] | None = None
        self._shown_nodes: tuple[str, ...] = ()
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Canvas: the network as a graph"))
        self.canvas.selection.changed.connect(self._tell_selection)
        self.canvas.replaced.connect(self.fit)
        document.changed.connect(self._follow)
        theme.changed.connect(self._dress)
        self._dress()
        self._describe()
        self._show_hint()

    # For the window.

    def selected_nodes(self) -> list[str]:
        """Names of the selected nodes, in the order of selection."""
        return list(self.canvas.selection.nodes)

    def selected_wires(self) -> list[Wire]:
        """The selected wires."""
        return list(self.canvas.selection.wires)

    def select(self, names: Iterable[str]) -> None:
        """Select exactly these nodes, as far as they exist."""
        self.canvas.selection.set(name for name in names if name in self.canvas.nodes)

    def select_all(self) -> None:
        """Select every node."""
        self.select(self.document.project.design.nodes)

    def delete_selection(self) -> None:
        """Delete the selected nodes and wires."""
        selection = self.canvas.selection
        self.commands.delete(selection.nodes, selection.wires)

    def arrange(self) -> None:
        """Tidy the whole design, and show it."""
        self.commands.arrange()
        self.fit()

    def add_layer(self, layer: Layer, at: QPointF | None = None) -> str:
        """Add a node with its middle at a point of the scene; without one, append it to the
        selected node or put it in the middle of the view. Returns its name."""
        self.cancel_gesture()
        if at is not None:
            return self.commands.add_at(layer, at)
        name = self.commands.append(layer, self.mapToScene(self.viewport().rect().center()))
        self.show_node(name)
        return name

    def quick_add(self) -> None:
        """Open the search menu: at the mouse, or, without one over the canvas, for what follows
        the node that was selected last."""
        at = self.pointer()
        current = self.canvas.selection.current
        if self.viewport().rect().contains(at.view) and self.underMouse():
            self._quick_add_at(at.scene)
        elif current is not None and self.canvas.nodes[current].face.has_output:
            quick_add.beside(self, current)
        else:
            quick_add.anywhere(self, self.mapToScene(self.viewport().rect().center()))

    def await_choice(self, menu: QuickMenu, take: Callable[[Layer], object]) -> None:
        """Do `take` with the layer that is chosen in a menu.

        The menu, a child, must not hold a function that holds this view: deleting the one would
        then delete the other in the midst of it.
        """
        self._take = take
        menu.chosen.connect(self._take_chosen)
        menu.closed.connect(self.focus_canvas)

    def _take_chosen(self, layer: Layer) -> None:
        take, self._take = self._take, None
        if take is not None:
            take(layer)

    def _quick_add_at(self, at: QPointF) -> None:
        wire = self.canvas.wire_at(at)
        if wire is not None and self.canvas.node_at(at) is None:
            quick_add.into_wire(self, wire.wire, at)
        else:
            quick_add.anywhere(self, at)

    def reveal(self, name: str) -> None:
        """Scroll to a node, select it and highlight it for a moment."""
        item = self.canvas.nodes.get(name)
        if item is None:
            return
        self.select([name])
        self.show_node(name)
        item.set_flashing(True)
        QTimer.singleShot(FLASH_MS, self, lambda: item.set_flashing(False))

    def focus_canvas(self) -> None:
        """Take the keyboard focus."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # For gestures and keys.

    def content(self) -> QRectF:
        return self.canvas.nodes_box()

    def port_reach(self) -> float:
        """Within this distance in the scene, a port is hit."""
        return PORT_REACH_PX / max(self.zoom, 0.5)

    def view_point(self, at: QPointF) -> QPoint:
        """A point of the scene in pixels of the view."""
        return self.mapFromScene(at)

    def begin_gesture(self, gesture: Gesture, at: Pointer, held: Held = None) -> None:
        """Put a gesture to work; `held` is the button or key whose release finishes it."""
        self.cancel_gesture()
        self.hold_still()
        self._hover.leave()
        self._gesture, self._held = gesture, held
        gesture.begin(at)
        if gesture.cursor is not None:
            self.viewport().setCursor(gesture.cursor)

    def finish_gesture(self, at: Pointer) -> None:
        """The gesture comes to its end."""
        gesture, self._gesture, self._held = self._gesture, None, None
        self.viewport().unsetCursor()
        if gesture is not None:
            gesture.finish(at)

    def cancel_gesture(self) -> bool:
        """Undo what the gesture at work shows; whether there was one."""
        gesture, self._gesture, self._held = self._gesture, None, None
        self.viewport().unsetCursor()
        if gesture is not None:
            gesture.cancel()
        return gesture is not None

    @property
    def gesture(self) -> Gesture | None:
        """The gesture at work."""
        return self._gesture

    def pointer(self) -> Pointer:
        """Where the mouse is now."""
        at = self.viewport().mapFromGlobal(QCursor.pos())
        return Pointer(self.mapToScene(at), at, Qt.KeyboardModifier.NoModifier)

    def show_node(self, name: str) -> None:
        """Scroll as far as needed to see a node."""
        self.hold_still()
        self.ensureVisible(self.canvas.nodes_box([name]), MARGIN_PX, MARGIN_PX)

    # Following the document.

    def _follow(self, before: Project, after: Project) -> None:
        self.cancel_gesture()
        self._show_hint()
        self._describe()

    def _show_hint(self) -> None:
        self._hint.setVisible(not self.canvas.nodes)

    def _tell_selection(self) -> None:
        nodes = self.canvas.selection.nodes
        self._describe()
        if nodes != self._shown_nodes:
            self._shown_nodes = nodes
            self.selection_changed.emit(list(nodes))

    def _describe(self) -> None:
        """Tell screen readers what is selected."""
        self.setAccessibleDescription(keyboard.described(self))

    def _dress(self) -> None:
        c = theme.colors
        self.setStyleSheet(
            f"CanvasView {{ border: 2px solid {c.border}; }}"
            f"CanvasView:focus {{ border: 2px solid {c.accent}; }}"
        )
        self.resetCachedContent()
        self.viewport().update()

    # Mouse.

    def _pointer_of(self, event: QMouseEvent | QDropEvent) -> Pointer:
        at = event.position().toPoint()
        return Pointer(self.mapToScene(at), at, event.modifiers())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._pointer_of(event)
        if self._gesture is not None:
            self._gesture.press(at)
            return
        self.bubble.clear_now()
        gesture = gesture_for(self, event.button(), at)
        if gesture is not None:
            self.begin_gesture(gesture, at, event.button())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._pointer_of(event)
        if self._gesture is not None:
            self._gesture.move(at)
        else:
            self.viewport().setCursor(self._hover.move(at, self.port_reach()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self._pointer_of(event)
        if self._gesture is not None and event.button() == self._held:
            self.finish_gesture(at)
        elif self._gesture is not None:
            self._gesture.lift(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at = self._pointer_of(event).scene
        item = self.canvas.node_at(at)
        self.cancel_gesture()
        if item is not None:
            self.node_activated.emit(item.face.name)
        elif self.canvas.port_at(at, self.port_reach()) is None:
            self._quick_add_at(at)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover.leave()

    # Drag and drop.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        layer = layer_mime.from_mime(event.mimeData())
        if layer is None:
            event.ignore()
            return
        self.begin_gesture(DropLayer(self, layer), self._pointer_of(event))
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self._gesture is None:
            event.ignore()
            return
        self._gesture.move(self._pointer_of(event))
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.cancel_gesture()

    def dropEvent(self, event: QDropEvent) -> None:
        if self._gesture is None:
            event.ignore()
            return
        event.acceptProposedAction()
        self.finish_gesture(self._pointer_of(event))

    # Keys and the rest.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if keyboard.press(self, event):
            event.accept()
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if self._held is not None and event.key() == self._held and not event.isAutoRepeat():
            self.finish_gesture(self.pointer())
        else:
            event.ignore()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab walks through the nodes; beyond the last one it leaves the canvas."""
        return keyboard.walk(self, 1 if next else -1) or super().focusNextPrevChild(next)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if isinstance(self._held, Qt.Key):
            self.cancel_gesture()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hint.fill()
