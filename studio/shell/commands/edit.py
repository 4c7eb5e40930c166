"""The Edit menu: edits the layers on the canvas."""

from __future__ import annotations

from engine.layers import Layer
from studio.shell.command import Command
from studio.shell.parts import WindowParts


def _quick_add(window: WindowParts, layer: str | None = None) -> None:
    """layer: its kind; without one, a person searches for it."""
    if layer is None:
        window.canvas.quick_add()
    else:
        window.canvas.add_layer(Layer.parse(layer))


def _snap(window: WindowParts) -> None:
    window.canvas.set_snapping(window.commands["snap"].isChecked())


COMMANDS = (
    Command(
        id="undo",
        text="&Undo",
        menu="edit",
        keys=("Ctrl+Z",),
        icon="undo",
        tip="Undo the last edit.",
        do=lambda window: window.document.undo_stack.undo(),
    ),
    Command(
        id="redo",
        text="&Redo",
        menu="edit",
        keys=("Ctrl+Shift+Z", "Ctrl+Y"),
        icon="redo",
        tip="Redo the last undone edit.",
        do=lambda window: window.document.undo_stack.redo(),
    ),
    Command(
        id="cut",
        text="Cu&t",
        menu="edit",
        keys=("Ctrl+X",),
        tip="Cut the selection.",
        do=lambda window: window.canvas.cut(),
        separator=True,
        on_canvas=True,
    ),
    Command(
        id="copy",
        text="&Copy",
        menu="edit",
        keys=("Ctrl+C",),
        tip="Copy the selection.",
        do=lambda window: window.canvas.copy(),
        on_canvas=True,
    ),
    Command(
        id="paste",
        text="&Paste",
        menu="edit",
        keys=("Ctrl+V",),
        tip="Paste layers.",
        do=lambda window: window.canvas.paste(),
        on_canvas=True,
    ),
    Command(
        id="duplicate",
        text="D&uplicate",
        menu="edit",
        keys=("Ctrl+D",),
        tip="Duplicate the selection.",
        do=lambda window: window.canvas.duplicate(),
        on_canvas=True,
    ),
    Command(
        id="delete",
        text="&Delete",
        menu="edit",
        keys=("Del", "Backspace"),
        icon="delete",
        tip="Delete the selection and reconnect its neighbors where that is unambiguous.",
        do=lambda window: window.canvas.delete_selection(),
        on_canvas=True,
    ),
    Command(
        id="select_all",
        text="Select &All",
        menu="edit",
        keys=("Ctrl+A",),
        tip="Select all layers.",
        do=lambda window: window.canvas.select_all(),
        on_canvas=True,
    ),
    Command(
        id="quick_add",
        text="Add &Layer…",
        menu="edit",
        tip="Search for a layer and add it to the canvas (Space).",
        do=_quick_add,
        separator=True,
        on_canvas=True,
    ),
    Command(
        id="note",
        text="Add &Note",
        menu="edit",
        tip="Write a note on the canvas (N).",
        do=lambda window: window.canvas.add_note(),
    ),
    Command(
        id="group",
        text="&Group",
        menu="edit",
        keys=("Ctrl+G",),
        tip="Group the selected layers into a named block.",
        do=lambda window: window.canvas.group_selection(),
        separator=True,
        on_canvas=True,
    ),
    Command(
        id="ungroup",
        text="U&ngroup",
        menu="edit",
        keys=("Ctrl+Shift+G",),
        tip="Ungroup the block into its layers.",
        do=lambda window: window.canvas.ungroup_selection(),
        on_canvas=True,
    ),
    Command(
        id="toggle_group",
        text="E&xpand or Collapse",
        menu="edit",
        keys=("G",),
        tip="Show the layers inside a block, or collapse it.",
        do=lambda window: window.canvas.toggle_groups(),
        on_canvas=True,
    ),
    Command(
        id="keep_group",
        text="&Save to Palette",
        menu="edit",
        tip="Save this block to the palette for all your projects.",
        do=lambda window: window.canvas.keep_group(),
    ),
    Command(
        id="snap",
        text="&Snap to Grid",
        menu="edit",
        tip="Snap nodes to the grid while dragging. Hold Alt to invert.",
        do=_snap,
        checkable=True,
    ),
)
