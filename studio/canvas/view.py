"""CanvasView: the canvas as a widget, with all that the window may ask of it.

The keys are listed in `keyboard`. Wheel: zoom at the pointer, with Shift sideways; on a touchpad
two fingers drag and a pinch zooms. Middle button, or Space and drag: move the view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from engine import Layer, Wire
from engine.project import Orientation, Project
from studio.canvas import choice, context_menu, keyboard, keys, spoken
from studio.canvas.drops import DropBlock, DropLayer
from studio.canvas.gestures import Gesture, Pointer
from studio.canvas.groups import Groups
from studio.canvas.hint import EmptyHint
from studio.canvas.lining import Axis, Line
from studio.canvas.minimap import Minimap
from studio.canvas.notes import Notes
from studio.canvas.own_blocks import OwnBlocks
from studio.canvas.port import Port
from studio.canvas.quick_add import QuickAdd
from studio.canvas.surface import Surface
from studio.document import Document
from studio.kept_blocks import KeptBlock
from studio.theme import theme

FLASH_MS = 900
MARGIN_PX = 24


class CanvasView(Surface):
    """Shows and edits the open document's design.

    selection_changed(names): other nodes are selected, in the order of selection.
    node_activated(name): the user wants to edit this node (Enter, double click).
    block_kept(block): the user wants this group, a KeptBlock, in the palette.
    room_beyond: what `fit` leaves free at the right and below, for what hangs at the nodes.
    left_off: the order of all nodes, and which were deleted last; Tab goes on from there.
    """

    selection_changed = Signal(list)
    node_activated = Signal(str)
    block_kept = Signal(object)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.quick = QuickAdd(self)
        self.notes = Notes(self)
        self.groups = Groups(self)
        self.own_blocks = OwnBlocks(self)
        self._hint = EmptyHint(self)
        self.minimap = Minimap(self, self.canvas)
        self._shown_nodes: tuple[str, ...] = ()
        self.room_beyond = 0.0, 0.0
        self.left_off: tuple[list[str], tuple[str, ...]] = [], ()
        self.setAccessibleName(self.tr("Canvas: the network as a graph"))
        self.canvas.selection.changed.connect(self._tell_selection)
        self.canvas.replaced.connect(self.fit)
        for moved in (
            self.zoom_changed,
            self.horizontalScrollBar().valueChanged,
            self.verticalScrollBar().valueChanged,
        ):
            moved.connect(self.minimap.look)
            moved.connect(self.notes.look)
        document.changed.connect(self._follow)
        theme.changed.connect(self._dress)
        self._dress()
        self._describe()
        self._show_hint()
        self.minimap.renew()

    # For the window.

    def selected_nodes(self) -> list[str]:
        """Names of the selected layers, in the order of selection; all those of a group."""
        return self.canvas.layers_of(self.canvas.selection.nodes)

    def selected_wires(self) -> list[Wire]:
        """The selected wires."""
        return list(self.canvas.selection.wires)

    def select(self, names: Iterable[str]) -> None:
        """Select exactly these layers, as far as they exist; for a hidden one, its group."""
        blocks = (self.canvas.blocks.block_of(name) for name in names)
        self.canvas.selection.set(key for key in blocks if key in self.canvas.nodes)

    def select_all(self) -> None:
        """Select every node and every note."""
        self.canvas.selection.set(self.canvas.nodes, notes=range(len(self.canvas.notes)))

    def delete_selection(self) -> None:
        """Delete the selected nodes, wires and notes."""
        selection = self.canvas.selection
        if selection.nodes:
            self.left_off = keys.walk_order(self.canvas.blocks.flow), selection.nodes
        self.commands.delete(selection.nodes, selection.wires, selection.notes)

    def copy(self) -> None:
        """Copy the selected nodes and notes to the clipboard."""
        selection = self.canvas.selection
        self.commands.copy(selection.nodes, selection.notes)

    def cut(self) -> None:
        """Copy the selected nodes and notes, then delete them."""
        self.copy()
        selection = self.canvas.selection
        self.commands.delete(selection.nodes, [], selection.notes)

    def paste(self) -> None:
        """Put in what the clipboard holds; what is no layers is refused with a sentence."""
        refused = self.commands.paste(self.seen())
        if refused:
            self.bubble.say(refused, self.viewport().rect().center())
        else:
            self.show_selected()

    def duplicate(self) -> None:
        """Copy the selected nodes and notes beside themselves."""
        selection = self.canvas.selection
        self.commands.duplicate(selection.nodes, self.seen(), selection.notes)
        self.show_selected()

    def align(self, line: Line) -> None:
        """Bring the selected nodes onto one line."""
        self.commands.align(self.canvas.selection.nodes, line)

    def distribute(self, axis: Axis) -> None:
        """Make the gaps between the selected nodes equal."""
        self.commands.distribute(self.canvas.selection.nodes, axis)

    def set_snapping(self, snaps: bool) -> None:
        """Whether dragged nodes keep to the grid; Alt does the other for once."""
        self.canvas.snaps = snaps

    def zoom_to_selection(self) -> None:
        """Show the selected nodes as large as sensible; everything, where none is selected."""
        names = self.canvas.selection.nodes
        if names:
            self.show_box(self.canvas.nodes_box(names))
        else:
            self.fit()

    def arrange(self) -> None:
        """Tidy the whole design, and show it."""
        self.commands.arrange()
        self.fit()

    def set_orientation(self, orientation: Orientation) -> None:
        """Let the data flow "right" or "down": tidy the whole design so, and show it. The project
        remembers it."""
        self.commands.orient(orientation)
        self.fit()

    def add_layer(self, layer: Layer, at: QPointF | None = None) -> str:
        """Add a node with its middle at a point of the scene; without one, append it to the
        selected node or put it in the middle of the view. Returns its name."""
        self.cancel_gesture()
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

    def group_selection(self) -> None:
        """Fold the selected layers into one block."""
        self.groups.group()

    def ungroup_selection(self) -> None:
        """Dissolve the selected groups, or those around the selected layers."""
        self.groups.ungroup()

    def toggle_groups(self) -> None:
        """Expand the selected blocks, or else collapse the groups around the selected layers."""
        self.groups.toggle()

    def rename_group(self) -> None:
        """Write another name for the group that the selection is about."""
        for name in self.groups.meant()[:1]:
            self.groups.ask_name(name)

    def repeat_group(self, times: int) -> None:
        """Put copies of the group that the selection is about behind it: `times` in all."""
        for name in self.groups.meant()[:1]:
            self.groups.repeat(name, times)

    def keep_group(self) -> None:
        """Have the group that the selection is about in the palette."""
        block = self.own_blocks.of_selection()
        if block is not None:
            self.block_kept.emit(block)
        else:
            self.bubble.say(
                self.tr("Select a group first: Ctrl+G makes one of the selected layers."),
                self.viewport().rect().center(),
            )

    def add_block(self, block: KeptBlock) -> None:
        """Append one of the user's own blocks to the selected node."""
        self.cancel_gesture()
        self.own_blocks.append(block)

    def add_note(self, at: QPointF | None = None) -> None:
        """Write a note: at a point of the scene, or else at the mouse or in the middle."""
        at = self.pointed() if at is None else at
        self.cancel_gesture()
        self.notes.add(self.seen().center() if at is None else at)

    def edit_note(self, index: int) -> None:
        """Write in a note."""
        self.notes.edit(index)

    def quick_add(self) -> None:
        """Open the search menu: at the mouse, or, while the keyboard is used, for what follows the
        node that was selected last."""
        self.quick.open_by_key()

    def reveal(self, name: str) -> None:
        """Scroll to a layer, select it and highlight it for a moment; a group opens for that."""
        if name not in self.document.project.design.nodes:
            return
        self.groups.reach(name)
        item = self.canvas.nodes[name]
        self.select([name])
        self.show_node(name)
        item.set_flashing(True)
        QTimer.singleShot(FLASH_MS, self, lambda: item.set_flashing(False))

    def focus_canvas(self) -> None:
        """Take the keyboard focus."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def spoken_view(self) -> CanvasView:
        """Says to `spoken` that this is a canvas."""
        return self

    # For gestures and keys.

    def gesture_for(self, button: Qt.MouseButton, at: Pointer) -> Gesture | None:
        return choice.gesture_for(self, button, at)

    def gesture_for_drop(self, dragged: Layer | KeptBlock) -> Gesture:
        if isinstance(dragged, KeptBlock):
            return DropBlock(self, dragged)
        return DropLayer(self, dragged)

    def content(self) -> QRectF:
        return self.canvas.whole_box().adjusted(0, 0, *self.room_beyond)

    def seen(self) -> QRectF:
        """The part of the scene that is in view."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def show_node(self, name: str) -> None:
        """Scroll as far as needed to see a node."""
        self.hold_still()
        self.ensureVisible(self.canvas.nodes_box([name]), MARGIN_PX, MARGIN_PX)

    def _showing_all(self, add: Callable[[], str]) -> str:
        """Add a node; if everything was in view before, everything is afterwards."""
        everything = self.seen().contains(self.content())
        name = add()
        if everything and not self.seen().contains(self.content()):
            self.fit()
        else:
            self.show_node(name)
        return name

    def show_selected(self) -> None:
        """Scroll as far as needed to see what is selected."""
        names = self.canvas.selection.nodes
        if names and not self.seen().contains(self.canvas.nodes_box(names)):
            self.ensureVisible(self.canvas.nodes_box(names), MARGIN_PX, MARGIN_PX)

    # Following the document.

    def _follow(self, before: Project, after: Project) -> None:
        self.cancel_gesture()
        self._show_hint()
        self.minimap.renew()
        self.notes.keep_up()
        self._describe()
        spoken.tell_structure(self)

    def _show_hint(self) -> None:
        self._hint.setVisible(not self.canvas.nodes and not self.canvas.notes)

    def _tell_selection(self) -> None:
        nodes = tuple(self.selected_nodes())
        self._describe()
        if nodes != self._shown_nodes:
            self._shown_nodes = nodes
            spoken.tell_focus(self)
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

    # Qt.

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at = self.pointer_of(event).scene
        item = self.canvas.node_at(at)
        self.cancel_gesture()
        if item is not None:
            keyboard.activate(self, item.face.name)
        elif (frame := self.canvas.frame_at(at)) is not None:
            self.groups.collapse([frame.name])
        elif self.canvas.port_at(at, self.port_reach()) is not None:
            return
        elif (note := self.canvas.note_at(at)) is not None and self.canvas.wire_at(at) is None:
            self.edit_note(note.index)
        else:
            self.quick.open_at(at)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.cancel_gesture():
            return
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        at = event.pos() if by_mouse else self.viewport().rect().center()
        if by_mouse:
            context_menu.select_under(self, self.mapToScene(at))
        context_menu.menu_for(self, self.mapToScene(at)).popup(self.viewport().mapToGlobal(at))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if keyboard.press(self, event):
            event.accept()
        else:
            event.ignore()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab walks through the nodes; beyond the last one it leaves the canvas."""
        return keyboard.walk(self, 1 if next else -1) or super().focusNextPrevChild(next)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hint.fill()
        self.minimap.look()
