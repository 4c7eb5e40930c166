"""Mouse gestures: one object each, with begin, move, finish and cancel.

A gesture shows a preview on the scene and ends in at most one edit of the document. The view
holds the active gesture; `gesture_choice.gesture_for` decides which one a press begins.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsRectItem

from engine import Wire
from engine.project import Position
from studio.canvas import ink
from studio.canvas.canvas_base import CanvasBase
from studio.canvas.dimensions import snapped
from studio.look.theme import theme

DRAG_DISTANCE_PX = 4
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


class Pointer(NamedTuple):
    """Where the mouse is: in the scene, in the view (pixels), and the keys held down."""

    scene: QPointF
    view: QPoint
    keys: Qt.KeyboardModifier


class Gesture:
    """The base class: a press, moves and a release, or a cancellation that leaves no trace."""

    cursor: Qt.CursorShape | None = None
    scrolls = True
    """Whether the view moves on by itself when the mouse comes near its edge."""

    def __init__(self, view: CanvasBase) -> None:
        self.view = view
        self.scene = view.canvas
        self.document = view.document

    def begin(self, at: Pointer) -> None:
        self.start = at

    def press(self, at: Pointer) -> None:
        """A mouse button was pressed during the gesture."""

    def lift(self, at: Pointer) -> None:
        """A mouse button that does not end the gesture was released."""

    def move(self, at: Pointer) -> None:
        raise NotImplementedError

    def finish(self, at: Pointer) -> None:
        raise NotImplementedError

    def cancel(self) -> None:
        raise NotImplementedError

    def snaps(self, at: Pointer) -> bool:
        """Whether nodes snap to the grid; holding Alt does the opposite."""
        return self.scene.snaps is not bool(at.keys & ALT)

    def travelled(self, at: Pointer) -> bool:
        """Whether the mouse moved far enough for a drag rather than a click."""
        return (at.view - self.start.view).manhattanLength() >= DRAG_DISTANCE_PX


class Pan(Gesture):
    """Move the view over the scene."""

    cursor = Qt.CursorShape.ClosedHandCursor
    scrolls = False

    def begin(self, at: Pointer) -> None:
        super().begin(at)
        self._last = at.view

    def move(self, at: Pointer) -> None:
        self.view.pan(at.view - self._last)
        self._last = at.view

    def finish(self, at: Pointer) -> None:
        self.move(at)

    def cancel(self) -> None:
        self.view.pan(self.start.view - self._last)


class HandPan(Gesture):
    """While Space is held down, dragging moves the view; a tap calls `tapped`."""

    cursor = Qt.CursorShape.OpenHandCursor
    scrolls = False

    def __init__(self, view: CanvasBase, tapped: Callable[[], object]) -> None:
        super().__init__(view)
        self._when_tapped = tapped

    def begin(self, at: Pointer) -> None:
        super().begin(at)
        self._drag: Pan | None = None
        self._tapped = True

    def press(self, at: Pointer) -> None:
        self._tapped = False
        self._drag = Pan(self.view)
        self._drag.begin(at)

    def move(self, at: Pointer) -> None:
        if self._drag is not None:
            self._drag.move(at)

    def lift(self, at: Pointer) -> None:
        self._drag = None

    def finish(self, at: Pointer) -> None:
        if self._tapped:
            self._when_tapped()

    def cancel(self) -> None:
        if self._drag is not None:
            self._drag.cancel()


class MoveNodes(Gesture):
    """Click selects; dragging moves all selected nodes and notes, as one undo step on release.

    what: the name of the node, or the number of the note, in the hand; or all nodes in a frame.
    """

    def __init__(self, view: CanvasBase, *what: str | int) -> None:
        super().__init__(view)
        self._hand = what
        self._what = what[0]
        self._dragging = False

    def begin(self, at: Pointer) -> None:
        super().begin(at)
        selection = self.scene.selection
        self._toggles = bool(at.keys & (CONTROL | SHIFT))
        if not self._toggles and not self._is_selected():
            selection.set(*self._alone())

    def move(self, at: Pointer) -> None:
        if not self._dragging:
            if not self.travelled(at):
                return
            self._start_dragging()
        step = at.scene - self.start.scene
        x, y = self._origin()
        if self.snaps(at):
            step = QPointF(snapped(x + step.x()) - x, snapped(y + step.y()) - y)
        self._places = {
            name: (x + step.x(), y + step.y()) for name, (x, y) in self._origins.items()
        }
        self._note_places = {
            index: (x + step.x(), y + step.y()) for index, (x, y) in self._note_origins.items()
        }
        self.scene.show_moved(self._places)
        self.scene.show_moved_notes(self._note_places)

    def finish(self, at: Pointer) -> None:
        if not self._dragging:
            self._click()
            return
        self.move(at)
        self.view.commands.move(self._places, self._note_places)
        self.scene.show_settled(self._origins)

    def cancel(self) -> None:
        if self._dragging:
            self.scene.show_settled(self._origins)

    def _start_dragging(self) -> None:
        self._dragging = True
        selection = self.scene.selection
        if not self._is_selected():
            if self._toggles:
                selection.toggle(*self._alone())
            else:
                selection.set(*self._alone())
        self._origins = {name: self.scene.place_of(name) for name in selection.nodes}
        self._note_origins = {i: self.scene.notes[i].pos().toTuple() for i in selection.notes}
        self._places, self._note_places = dict(self._origins), dict(self._note_origins)

    def _click(self) -> None:
        if self._toggles:
            self.scene.selection.toggle(*self._alone())
        else:
            self.scene.selection.set(*self._alone())

    def _is_selected(self) -> bool:
        selection = self.scene.selection
        chosen = {*selection.nodes, *selection.notes}
        return chosen.issuperset(self._hand)

    def _alone(self) -> tuple[list[str], list[Wire], list[int]]:
        """What is in the hand, as a selection."""
        names = [what for what in self._hand if isinstance(what, str)]
        return names, [], [what for what in self._hand if isinstance(what, int)]

    def _origin(self) -> Position:
        if isinstance(self._what, str):
            return self._origins[self._what]
        return self._note_origins[self._what]


class RubberBand(Gesture):
    """Select the nodes that a rectangle touches; Ctrl adds to the selection."""

    def begin(self, at: Pointer) -> None:
        super().begin(at)
        selection = self.scene.selection
        self._before = selection.nodes, selection.wires, selection.notes
        adds = bool(at.keys & (CONTROL | SHIFT))
        self._kept = (selection.nodes, selection.notes) if adds else ((), ())
        if not any(self._kept):
            selection.set()
        self._band = QGraphicsRectItem()
        self._band.setZValue(9)
        self._band.setPen(ink.pen(theme.colors.accent, 0))
        self._band.setBrush(ink.color(theme.colors.accent, 0.12))
        self.scene.addItem(self._band)

    def move(self, at: Pointer) -> None:
        area = QRectF(self.start.scene, at.scene).normalized()
        self._band.setRect(area)
        nodes, notes = self._kept
        self.scene.selection.set(
            [*nodes, *self.scene.nodes_in(area)], notes=[*notes, *self.scene.notes_in(area)]
        )

    def finish(self, at: Pointer) -> None:
        if self.travelled(at):
            self.move(at)
        self.scene.removeItem(self._band)

    def cancel(self) -> None:
        self.scene.removeItem(self._band)
        self.scene.selection.set(*self._before)
        self.scene.keep_selection()  # an undo may have ended the gesture
