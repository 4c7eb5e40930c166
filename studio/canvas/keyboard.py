"""The canvas by keyboard, and in words for screen readers.

Tab, Shift+Tab           the next, the previous node as the data flow, then the notes; beyond
                         the last, leave
Alt+Right, Alt+Left      the node at the other end of an outgoing, an incoming wire
Alt+Down, Alt+Up         the next node below, above; where the data flow down, the two pairs
                         change places
arrow keys               move the selected nodes by one line of the grid; with Shift by 1 px;
                         with nothing selected, select the first node
Enter                    edit the node or the note that was selected last
N                        write a note; Escape ends
Ctrl+G, Ctrl+Shift+G     fold the selected layers into a group, dissolve it
G, or Enter on a group   expand the group, collapse it again; F2 renames it
C                        wire it by keyboard: arrows choose the target, Enter, Escape
Delete, Backspace        delete what is selected
Ctrl+A                   select all nodes
Escape                   cancel what is going on; otherwise select nothing
F, Ctrl++, Ctrl+-, Ctrl+0    fit, zoom in, zoom out, 100 %
Space, with the mouse    drag the view
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from studio.canvas import graph_walk
from studio.canvas.blocks import is_group, title_of
from studio.canvas.editing import EditingView
from studio.canvas.gestures import HandPan, Pointer
from studio.canvas.wire_gestures import ConnectByKeys
from studio.look.theme import GRID_PX

Key = Qt.Key
Command: TypeAlias = "Callable[[EditingView], object]"
ARROWS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}
MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.ShiftModifier
    | Qt.KeyboardModifier.MetaModifier
)


def press(view: EditingView, event: QKeyEvent) -> bool:
    """Run a key's command; False if the key has none here."""
    key = Key(event.key())
    if key not in (Key.Key_Space, Key.Key_N):  # these two ask where the mouse is
        view.uses_keys()
    if key == Key.Key_Escape:
        return view.cancel_gesture() or _select_nothing(view)
    if isinstance(view.gesture, ConnectByKeys):
        if view.gesture.key(key):
            view.finish_gesture(view.pointer())
        return True
    if view.gesture is not None:
        return True
    if key in ARROWS:
        return _arrow(view, ARROWS[key], event.modifiers())
    command = _command_for(event)
    if command is not None:
        command(view)
    return command is not None


def _command_for(event: QKeyEvent) -> Command | None:
    for standard, command in STANDARD.items():
        if event.matches(standard):
            return command
    key, held = Key(event.key()), event.modifiers() & MODIFIERS
    if held == Qt.KeyboardModifier.ControlModifier:
        return WITH_CONTROL.get(key)
    if held == Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier:
        return WITH_CONTROL_AND_SHIFT.get(key)
    if held == Qt.KeyboardModifier.ShiftModifier and key in WITH_SHIFT:
        return WITH_SHIFT[key]
    return PLAIN.get(key) if not held else None


def walk(view: EditingView, step: int) -> bool:
    """Select the next or previous node in the order of the data flow; False at the ends."""
    view.uses_keys()
    if isinstance(view.gesture, ConnectByKeys):
        view.gesture.key(Key.Key_Tab if step > 0 else Key.Key_Backtab)
        return True
    selection = view.canvas.selection
    order = graph_walk.walk_order(view.canvas.blocks.flow)
    stops: list[str | int] = [*order, *range(len(view.canvas.notes))]
    here = selection.notes[-1] if selection.notes and not selection.nodes else selection.current
    if here is None and (near := graph_walk.beside(*view.left_off, order, step)) is not None:
        return _go_to(view, near)
    return _go_to(view, graph_walk.step_in(stops, here, step))


def activate(view: EditingView, key: str | None = None) -> None:
    """Ask for a node's settings, the current one's if none is named, expand a group, or write in
    a note."""
    notes = view.canvas.selection.notes
    key = key or view.canvas.selection.current
    if key is None and notes:
        view.edit_note(notes[-1])
    elif key is not None and is_group(key):
        view.groups.expand([title_of(key)])
    elif key is not None:
        view.node_activated.emit(key)


def connect(view: EditingView) -> None:
    """Start wiring the current node by keyboard."""
    current = view.canvas.selection.current
    if current is None:
        return
    item = view.canvas.nodes[current]
    here = item.pos() + item.body.center()
    if not item.face.has_output:
        refusal = view.tr("'{0}' is the end of the network: nothing can follow it.").format(
            title_of(current)
        )
        view.pointer_hint.say(refusal, view.view_point(here))
        return
    view.begin_gesture(ConnectByKeys(view, view.quick, current), _pointer(view, here))


def hold_hand(view: EditingView) -> None:
    """While Space is down, the mouse drags the view; a tap opens the search menu."""
    view.begin_gesture(HandPan(view, view.quick_add), view.pointer(), Key.Key_Space)


def described(view: EditingView) -> str:
    """The selection, described in whole sentences."""
    selection, nodes = view.canvas.selection, view.canvas.nodes
    current = selection.current
    if len(selection.nodes) == 1 and current in nodes:
        return " ".join([*nodes[current].sentences(), *_wired_to(view, current)])
    if len(selection.nodes) > 1:
        return view.tr("{0} layers are selected.").format(len(selection.nodes))
    if selection.wires:
        return view.tr("The wire from {0} to {1} is selected.").format(*selection.wires[0][:2])
    if selection.notes:
        notes = [view.canvas.notes[index].note.text for index in selection.notes]
        return view.tr("Note: {0}").format(" ".join(notes))
    count = len(nodes)
    if count == 1:
        return view.tr("1 layer. Press Tab to select it.")
    return view.tr("{0} layers. Press Tab to move through them.").format(count)


def _wired_to(view: EditingView, name: str) -> list[str]:
    near = view.canvas.blocks.flow.adjacency
    sources = ", ".join(f"'{title_of(n)}'" for n in near.before(name))
    targets = ", ".join(f"'{title_of(n)}'" for n in near.after(name))
    told = []
    if sources:
        told.append(view.tr("Fed by {0}.").format(sources))
    if targets:
        told.append(view.tr("Leads to {0}.").format(targets))
    return told


def _select_nothing(view: EditingView) -> bool:
    view.pointer_hint.clear_now()
    view.select([])
    return True


def _arrow(view: EditingView, step: tuple[int, int], modifiers: Qt.KeyboardModifier) -> bool:
    selection = view.canvas.selection
    dx, dy = step
    if not selection.nodes and not selection.notes:
        return walk(view, 1)
    if modifiers & Qt.KeyboardModifier.AltModifier:
        if selection.current is None:
            return True
        _walk_along(view, dx, dy)
        return True
    pixels = 1 if modifiers & Qt.KeyboardModifier.ShiftModifier else GRID_PX
    view.commands.nudge(selection.nodes, dx * pixels, dy * pixels, selection.notes)
    return True


def _walk_along(view: EditingView, dx: int, dy: int) -> None:
    design, nodes = view.canvas.blocks.flow, view.canvas.nodes
    current = view.canvas.selection.current
    if current is None:
        return
    way = graph_walk.along_wire if (dy if view.canvas.down else dx) else graph_walk.sideways
    _go_to(view, way(design, nodes, current, dx or dy))


def _go_to(view: EditingView, stop: str | int | None) -> bool:
    if stop is None:
        return False
    if isinstance(stop, str):
        view.select([stop])
        view.show_node(stop)
    else:
        view.canvas.selection.set(notes=[stop])
        view.ensureVisible(view.canvas.notes[stop])
    return True


def _pointer(view: EditingView, at: QPointF) -> Pointer:
    return Pointer(at, view.view_point(at), Qt.KeyboardModifier.NoModifier)


PLAIN: dict[Key, Command] = {
    Key.Key_Delete: lambda view: view.delete_selection(),
    Key.Key_Backspace: lambda view: view.delete_selection(),
    Key.Key_F: lambda view: view.fit(),
    Key.Key_C: connect,
    Key.Key_G: lambda view: view.toggle_groups(),
    Key.Key_F2: lambda view: view.rename_group(),
    Key.Key_N: lambda view: view.add_note(),
    Key.Key_Return: activate,
    Key.Key_Enter: activate,
    Key.Key_Space: hold_hand,
}
STANDARD: dict[QKeySequence.StandardKey, Command] = {
    QKeySequence.StandardKey.Copy: lambda view: view.copy(),
    QKeySequence.StandardKey.Cut: lambda view: view.cut(),
    QKeySequence.StandardKey.Paste: lambda view: view.paste(),
    QKeySequence.StandardKey.SelectAll: lambda view: view.select_all(),
    QKeySequence.StandardKey.ZoomIn: lambda view: view.zoom_in(),
    QKeySequence.StandardKey.ZoomOut: lambda view: view.zoom_out(),
}
WITH_CONTROL: dict[Key, Command] = {
    Key.Key_0: lambda view: view.zoom_reset(),
    Key.Key_D: lambda view: view.duplicate(),
    Key.Key_L: lambda view: view.arrange(),
    Key.Key_G: lambda view: view.group_selection(),
}
WITH_CONTROL_AND_SHIFT: dict[Key, Command] = {Key.Key_G: lambda view: view.ungroup_selection()}
WITH_SHIFT: dict[Key, Command] = {Key.Key_F: lambda view: view.zoom_to_selection()}
