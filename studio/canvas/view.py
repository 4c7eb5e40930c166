"""CanvasView: the canvas as a widget, as the window uses it.

The keys are listed in `keyboard`. Wheel: zoom at the pointer, with Shift sideways; on a touchpad
two fingers drag and a pinch zooms. Middle button, or Space and drag: move the view.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from engine import Layer, Wire
from engine.project import Project
from studio.canvas import accessibility, context_menu, gesture_choice, keyboard
from studio.canvas.drops import DropBlock, DropLayer
from studio.canvas.editing import EditingView
from studio.canvas.empty_hint import EmptyHint
from studio.canvas.gestures import Gesture, Pointer
from studio.canvas.minimap import Minimap
from studio.canvas.painted import painted
from studio.look.theme import theme
from studio.model.block_library import SavedBlock
from studio.model.document import Document
from studio.running.painted_facts import facts_of_project

FLASH_MS = 900


class CanvasView(EditingView):
    """Shows and edits the open document's design.

    selection_changed(names): the selected nodes changed; names in the order of selection.
    wires_chosen(wires): the selected wires changed.
    room_beyond: what `fit` leaves free at the right and below, for what hangs at the nodes.
    """

    selection_changed = Signal(list)
    wires_chosen = Signal(list)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.empty_hint = EmptyHint(self)
        self.minimap = Minimap(self, self.canvas)
        self._shown_wires: tuple[Wire, ...] = ()
        self._shown_nodes: tuple[str, ...] = ()
        self.room_beyond = 0.0, 0.0
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

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data; see `painted`."""
        empty = not self.canvas.nodes
        told = self.empty_hint.words if empty else ""
        facts = facts_of_project(self.document.project, message=told, empty=empty)
        return {**facts, **painted(self.canvas)}

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

    @property
    def spoken_view(self) -> CanvasView:
        """Tells `accessibility` that this is a canvas."""
        return self

    # For gestures and keys.

    def gesture_for(self, button: Qt.MouseButton, at: Pointer) -> Gesture | None:
        return gesture_choice.gesture_for(self, button, at)

    def gesture_for_drop(self, dragged: Layer | SavedBlock) -> Gesture:
        if isinstance(dragged, SavedBlock):
            return DropBlock(self, self.saved_blocks, dragged)
        return DropLayer(self, dragged)

    def content(self) -> QRectF:
        return super().content().adjusted(0, 0, *self.room_beyond)

    # Following the document.

    def _follow(self, before: Project, after: Project) -> None:
        self.cancel_gesture()
        self._show_hint()
        self.minimap.renew()
        self.notes.keep_up()
        self._describe()
        accessibility.tell_structure(self)

    def _show_hint(self) -> None:
        self.empty_hint.setVisible(not self.canvas.nodes and not self.canvas.notes)

    def _tell_selection(self) -> None:
        nodes = tuple(self.selected_nodes())
        self._describe()
        if nodes != self._shown_nodes:
            self._shown_nodes = nodes
            accessibility.tell_focus(self)
            self.selection_changed.emit(list(nodes))
        wires = self.canvas.selection.wires
        if wires != self._shown_wires:
            self._shown_wires = wires
            self.wires_chosen.emit(list(wires))

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
        self.empty_hint.fill()
        self.minimap.look()
