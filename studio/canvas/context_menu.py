"""The context menu: every command of the canvas, with its key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from studio.canvas.alignment import Alignment, DistributionAxis
from studio.canvas.blocks import is_group
from studio.canvas.editing import EditingView

TIMES = (2, 3, 4, 6, 8, 12, 16)
"""The numbers of repetitions that the menu offers for a group."""


def select_under(view: EditingView, at: QPointF) -> None:
    """Select what is under the mouse, unless it is selected already: the menu acts on it."""
    selection = view.canvas.selection
    item, wire = view.canvas.node_at(at), view.canvas.wire_at(at)
    frame = view.canvas.frame_at(at)
    if item is not None:
        if item.face.name not in selection.nodes:
            selection.set([item.face.name])
    elif wire is not None:
        if wire.wire not in selection.wires:
            selection.set(wires=[wire.wire])
    elif frame is not None:
        selection.set(view.canvas.blocks.frames[frame.name])
    elif (note := view.canvas.note_at(at)) is not None:
        if note.index not in selection.notes:
            selection.set(notes=[note.index])
    else:
        selection.set()


def menu_for(view: EditingView, at: QPointF) -> QMenu:
    """The commands that make sense for what is selected; at: where new things go."""
    menu = _Menu(view)
    menu.aboutToHide.connect(menu.deleteLater)
    nodes, wires = view.canvas.selection.nodes, view.selected_wires()
    menu.offer(view.tr("Add Layer…"), lambda v: v.quick.open_at(at), "Space")
    menu.offer(view.tr("Add Note"), lambda v: v.add_note(at), "N")
    menu.addSeparator()
    notes = view.canvas.selection.notes
    if nodes:
        if not is_group(nodes[-1]):
            menu.offer(view.tr("Settings"), lambda v: v.node_activated.emit(nodes[-1]), "Enter")
    elif notes:
        menu.offer(view.tr("Edit Note"), lambda v: v.edit_note(notes[-1]), "Enter")
    if nodes or notes:
        menu.offer(view.tr("Copy"), lambda v: v.copy(), "Ctrl+C")
        menu.offer(view.tr("Cut"), lambda v: v.cut(), "Ctrl+X")
    menu.offer(view.tr("Paste"), lambda v: v.paste(), "Ctrl+V")
    if nodes or notes:
        menu.offer(view.tr("Duplicate"), lambda v: v.duplicate(), "Ctrl+D")
    if nodes or wires or notes:
        menu.offer(view.tr("Delete"), lambda v: v.delete_selection(), "Del")
    if nodes:
        _offer_groups(menu, view, len(nodes))
    if len(nodes) > 1:
        _offer_lines(menu, view, len(nodes))
    menu.addSeparator()
    _offer_views(menu, view, bool(nodes))
    return menu


def _offer_groups(menu: _Menu, view: EditingView, count: int) -> None:
    menu.addSeparator()
    if count > 1:
        menu.offer(view.tr("Group"), lambda v: v.group_selection(), "Ctrl+G")
    names = view.groups.meant()
    if not names:
        return
    closed = any(is_group(key) for key in view.canvas.selection.nodes)
    menu.offer(
        view.tr("Expand") if closed else view.tr("Collapse"), lambda v: v.toggle_groups(), "G"
    )
    menu.offer(view.tr("Ungroup"), lambda v: v.ungroup_selection(), "Ctrl+Shift+G")
    if len(names) == 1:
        menu.offer(view.tr("Rename Group…"), lambda v: v.rename_group(), "F2")
        menu.offer(view.tr("Save to Palette"), lambda v: v.keep_group())
        copies = menu.offer_menu(view.tr("Repeat Group"))
        for times in TIMES:
            copies.offer(f"× {times}", _repeating(times))


def _repeating(times: int) -> Callable[[EditingView], object]:
    return lambda view: view.repeat_group(times)


def _offer_lines(menu: _Menu, view: EditingView, count: int) -> None:
    lines = menu.offer_menu(view.tr("Align"))
    for line, text in (
        (Alignment.LEFT, view.tr("Left Edges")),
        (Alignment.CENTER, view.tr("Horizontal Centers")),
        (Alignment.RIGHT, view.tr("Right Edges")),
        (Alignment.TOP, view.tr("Tops")),
        (Alignment.MIDDLE, view.tr("Vertical Centers")),
        (Alignment.BOTTOM, view.tr("Bottoms")),
    ):
        lines.offer(text, _aligning(line))
    if count > 2:
        gaps = menu.offer_menu(view.tr("Distribute"))
        gaps.offer(
            view.tr("Distribute Horizontally"), lambda v: v.distribute(DistributionAxis.ACROSS)
        )
        gaps.offer(view.tr("Distribute Vertically"), lambda v: v.distribute(DistributionAxis.DOWN))


def _offer_views(menu: _Menu, view: EditingView, chosen: bool) -> None:
    menu.offer(view.tr("Select All"), lambda v: v.select_all(), "Ctrl+A")
    menu.offer(view.tr("Tidy"), lambda v: v.arrange(), "Ctrl+L")
    if view.canvas.down:
        menu.offer(view.tr("Arrange Left to Right"), lambda v: v.set_orientation("right"))
    else:
        menu.offer(view.tr("Arrange Top to Bottom"), lambda v: v.set_orientation("down"))
    menu.offer(view.tr("Fit"), lambda v: v.fit(), "F")
    if chosen:
        menu.offer(view.tr("Fit Selection"), lambda v: v.zoom_to_selection(), "Shift+F")
    snapping = menu.addAction(view.tr("Snap to Grid"))
    snapping.setCheckable(True)
    snapping.setChecked(view.canvas.snaps)
    snapping.toggled.connect(view.set_snapping)


def _aligning(line: Alignment) -> Callable[[EditingView], object]:
    return lambda view: view.align(line)


class _Menu(QMenu):
    """A menu of commands. Only the key's name is shown; the canvas itself listens to the keys.

    The commands are functions of the view and are kept in the entries' data, not in connections:
    a child must not hold its parent.
    """

    def __init__(self, view: EditingView) -> None:
        super().__init__(view)
        self._view = view
        self._commands: list[Callable[[EditingView], object]] = []
        self.triggered.connect(self._do)

    def offer(self, text: str, command: Callable[[EditingView], object], key: str = "") -> None:
        """Add an entry."""
        action = self.addAction(f"{text}\t{key}" if key else text)
        action.setData(len(self._commands))
        self._commands.append(command)

    def offer_menu(self, text: str) -> _Menu:
        """Add a submenu."""
        inner = _Menu(self._view)
        inner.setTitle(text)
        self.addMenu(inner)
        return inner

    def _do(self, action: QAction) -> None:
        index = action.data()
        if index is not None and action in self.actions():
            self._commands[index](self._view)
