"""WidenNote: the gesture that changes the width of a note."""

from __future__ import annotations

from PySide6.QtCore import Qt

from engine.project.project import MAX_NOTE_WIDTH, MIN_NOTE_WIDTH
from studio.canvas.canvas_base import CanvasBase
from studio.canvas.dimensions import snapped
from studio.canvas.gestures import Gesture, Pointer
from studio.canvas.notes import Notes

EDGE_PX = 6.0
"""How close the pointer must be to the right side of a note to drag it."""


class WidenNote(Gesture):
    """Drag the right side of a note."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(self, view: CanvasBase, notes: Notes, index: int) -> None:
        super().__init__(view)
        self._notes = notes
        self._item = view.canvas.notes[index]

    def begin(self, at: Pointer) -> None:
        super().begin(at)
        self._width = self._item.note.width
        self.scene.selection.set(notes=[self._item.index])

    def move(self, at: Pointer) -> None:
        width = self._item.note.width + at.scene.x() - self.start.scene.x()
        width = snapped(width) if self.snaps(at) else width
        self._width = max(MIN_NOTE_WIDTH, min(width, MAX_NOTE_WIDTH))
        self._item.show_width(self._width)

    def finish(self, at: Pointer) -> None:
        self.move(at)
        self._notes.widen(self._item.index, self._width)

    def cancel(self) -> None:
        self._item.show_width(self._item.note.width)
