"""EditingView: what one can do on the canvas by a command, of the window's or of a menu's."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPointF, QRectF, Signal

from engine import Layer, Wire
from engine.project import Orientation
from studio.canvas import keys
from studio.canvas.alignment import Axis, Line
from studio.canvas.groups import Groups
from studio.canvas.notes import Notes
from studio.canvas.own_blocks import OwnBlocks
from studio.canvas.port import Port
from studio.canvas.quick_add import QuickAdd
from studio.canvas.surface import Surface
from studio.model.block_library import KeptBlock

MARGIN_PX = 24


class EditingView(Surface):
    """Every edit is one undo step; what it is about stays in view.

    quick, notes, groups, own_blocks: made by the view that is shown. left_off: the order of all
    nodes, and which were deleted last; Tab goes on from there.
    block_kept(block): the user wants this group, a KeptBlock, in the palette.
    """

    block_kept = Signal(object)
    quick: QuickAdd
    notes: Notes
    groups: Groups
    own_blocks: OwnBlocks
    left_off: tuple[list[str], tuple[str, ...]] = [], ()

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
