"""EditingView: the canvas's commands, for the window and for menus."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Signal
from PySide6.QtWidgets import QWidget

from engine import Layer
from engine.project import Orientation
from studio.canvas import graph_walk
from studio.canvas.alignment import Alignment, DistributionAxis
from studio.canvas.groups import Groups
from studio.canvas.notes import Notes
from studio.canvas.quick_add import QuickAdd
from studio.canvas.saved_blocks import SavedBlocks
from studio.canvas.surface import Surface
from studio.model.block_library import SavedBlock
from studio.model.document import Document


class EditingView(Surface):
    """Every edit is one undo step; what it is about stays in view.

    quick, notes, groups, saved_blocks: the tools. left_off: the order of all nodes, and which were
    deleted last; Tab goes on from there.
    block_saved(block): the user wants this group, a SavedBlock, in the palette.
    node_activated(name): the user wants to edit this node (Enter, double click).
    """

    block_saved = Signal(object)
    node_activated = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.quick = QuickAdd(self)
        self.notes = Notes(self)
        self.groups = Groups(self)
        self.saved_blocks = SavedBlocks(self, self.groups)
        self.left_off: tuple[list[str], tuple[str, ...]] = [], ()

    def select_all(self) -> None:
        """Select every node and every note."""
        self.canvas.selection.set(self.canvas.nodes, notes=range(len(self.canvas.notes)))

    def delete_selection(self) -> None:
        """Delete the selected nodes, wires and notes."""
        selection = self.canvas.selection
        if selection.nodes:
            self.left_off = graph_walk.walk_order(self.canvas.blocks.flow), selection.nodes
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
        """Paste from the clipboard; a sentence says why if it holds no layers."""
        refused = self.commands.paste(self.seen())
        if refused:
            self.pointer_hint.say(refused, self.viewport().rect().center())
        else:
            self.show_selected()

    def duplicate(self) -> None:
        """Copy the selected nodes and notes, next to the originals."""
        selection = self.canvas.selection
        self.commands.duplicate(selection.nodes, self.seen(), selection.notes)
        self.show_selected()

    def align(self, line: Alignment) -> None:
        """Align the selected nodes."""
        self.commands.align(self.canvas.selection.nodes, line)

    def distribute(self, axis: DistributionAxis) -> None:
        """Make the gaps between the selected nodes equal."""
        self.commands.distribute(self.canvas.selection.nodes, axis)

    def set_snapping(self, snaps: bool) -> None:
        """Whether dragged nodes snap to the grid; holding Alt does the opposite."""
        self.canvas.snaps = snaps

    def zoom_to_selection(self) -> None:
        """Zoom to the selected nodes, or to everything if none is selected."""
        names = self.canvas.selection.nodes
        if names:
            self.show_box(self.canvas.nodes_box(names))
        else:
            self.fit()

    def arrange(self) -> None:
        """Lay out the whole design automatically, and fit it into the view."""
        self.commands.arrange()
        self.fit()

    def set_orientation(self, orientation: Orientation) -> None:
        """Make the data flow "right" or "down", and lay out the whole design for it. The project
        remembers it."""
        self.commands.orient(orientation)
        self.fit()

    def add_layer(self, layer: Layer, at: QPointF | None = None) -> str:
        self.cancel_gesture()
        return super().add_layer(layer, at)

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
        """Edit the name of the selected group."""
        for name in self.groups.meant()[:1]:
            self.groups.ask_name(name)

    def repeat_group(self, times: int) -> None:
        """Put copies of the group that the selection is about behind it: `times` in all."""
        for name in self.groups.meant()[:1]:
            self.groups.repeat(name, times)

    def keep_group(self) -> None:
        """Save the selected group to the palette."""
        block = self.saved_blocks.of_selection()
        if block is not None:
            self.block_saved.emit(block)
        else:
            self.pointer_hint.say(
                self.tr("Select a group first. Ctrl+G groups the selected layers."),
                self.viewport().rect().center(),
            )

    def add_block(self, block: SavedBlock) -> None:
        """Append one of the user's own blocks to the selected node."""
        self.cancel_gesture()
        self.saved_blocks.append(block)

    def add_note(self, at: QPointF | None = None) -> None:
        """Write a note: at a point of the scene, or else at the mouse or in the middle."""
        at = self.pointed() if at is None else at
        self.cancel_gesture()
        self.notes.add(self.seen().center() if at is None else at)

    def edit_note(self, index: int) -> None:
        """Edit a note."""
        self.notes.edit(index)

    def quick_add(self) -> None:
        """Open the search menu: at the mouse, or, while the keyboard is used, for what follows the
        node that was selected last."""
        self.quick.open_by_key(self.pointed())
