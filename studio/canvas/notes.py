"""Commands for notes on the canvas."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QRectF

from engine.project import Note, Project
from studio.canvas.canvas_base import CanvasBase
from studio.canvas.dimensions import snapped
from studio.canvas.note_editor import NoteEditor
from studio.look.theme import GRID_PX
from studio.model import edits

NEW_WIDTH = 240.0


class Notes(QObject):
    """Writes, adds and widens the notes of one view."""

    def __init__(self, view: CanvasBase) -> None:
        super().__init__(view)
        self._view = view
        self._editor: NoteEditor | None = None
        self._edited: Note | None = None
        self._take: Callable[[str], None] | None = None

    @property
    def editor(self) -> NoteEditor | None:
        """The text field, while a note is written."""
        return self._editor

    def add(self, at: QPointF) -> None:
        """Start a new note here; it is added once it has text."""
        place = QPointF(snapped(at.x()), snapped(at.y()))
        self._write(None, place, NEW_WIDTH, lambda text: self._create(text, place))

    def edit(self, index: int) -> None:
        """Edit a note."""
        item = self._view.canvas.notes[index]
        note = item.note
        item.setVisible(False)
        self._write(note, item.pos(), note.width, lambda text: self._change(index, note, text))

    def end(self) -> None:
        """Finish editing."""
        if self._editor is not None:
            self._editor.end()

    def keep_up(self) -> None:
        """The project changed: keep editing, unless the note was changed or deleted."""
        remarks = self._view.document.project.remarks
        known = self._edited is None or any(note is self._edited for note in remarks)
        if self._editor is not None and not known:
            self._editor.drop()
            self._forget()

    def look(self) -> None:
        """The view scrolled or zoomed."""
        if self._editor is not None:
            self._editor.follow()

    def _write(
        self, note: Note | None, at: QPointF, width: float, take: Callable[[str], None]
    ) -> None:
        self.end()
        view = self._view
        view.ensureVisible(QRectF(at.x(), at.y(), width, 8.0 * GRID_PX), GRID_PX, GRID_PX)
        view.hold_still()
        editor = NoteEditor(view)
        self._editor, self._edited, self._take = editor, note, take
        editor.written.connect(self._written)
        editor.open(note, at, width)

    def _written(self, text: str) -> None:
        take = self._take
        self._forget()
        if take is not None:
            take(text.strip())

    def _forget(self) -> None:
        self._editor, self._edited, self._take = None, None, None
        for item in self._view.canvas.notes:
            item.setVisible(True)

    def _create(self, text: str, at: QPointF) -> None:
        if text:
            note = Note(text, at.x(), at.y(), NEW_WIDTH)
            self._do(lambda p: edits.add_remark(p, note), self.tr("Add Note"))
            view = self._view
            view.canvas.selection.set(notes=[len(view.document.project.remarks) - 1])

    def _change(self, index: int, note: Note, text: str) -> None:
        """Change the text; an empty note is deleted."""
        remarks = self._view.document.project.remarks
        if index >= len(remarks) or remarks[index] is not note or text == note.text:
            return
        if text:
            changes = {index: {"text": text}}
            self._do(lambda p: edits.change_remarks(p, changes), self.tr("Edit Note"))
        else:
            self._do(lambda p: edits.remove_remarks(p, [index]), self.tr("Delete Note"))

    def widen(self, index: int, width: float) -> None:
        """Change the width."""
        changes = {index: {"width": width}}
        self._do(lambda p: edits.change_remarks(p, changes), self.tr("Widen Note"))

    def _do(self, make: Callable[[Project], Project], text: str) -> None:
        refused = self._view.document.try_edit(make, text)
        if refused:
            self._view.pointer_hint.say(refused, self._view.viewport().rect().center())
