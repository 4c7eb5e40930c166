"""Fields that are typed: numbers, shapes, lists of pairs and words. Every valid key counts at once.

The text under the cursor is never rewritten. Text that is not accepted stays until the field is
left or Escape is pressed; then the project's value is shown again.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout

from engine.project.fields import Field
from studio.forms.editor import Editor, mark
from studio.forms.field_line import FieldLine
from studio.forms.field_state import Apply, Change, FieldState, same
from studio.forms.steps import is_wide, stepped
from studio.forms.text import may_become_valid, reader_of, typed
from studio.look.translate import translator

_tr = translator("LineField")

PATIENCE_MS = 700
"""A number that looks unfinished is judged only after a pause this long, or when it is left."""
LINE_PADDING_PX = 14
TYPICAL_NUMBER = "0.0001"


UNTYPED = object()
"""No key has been pressed since the field showed its value."""


class LineEditor(Editor):
    """A line of text that is read as the field's type; numbers have steppers."""

    def __init__(self, field: Field, apply: Apply, hint: str = "") -> None:
        super().__init__(field, apply, hint)
        self._read = reader_of(field)
        self.line = FieldLine(is_number(field) and not field.read_only)
        self.line.setReadOnly(field.read_only)
        self.adopt(self.line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line)
        self._before: Any = UNTYPED
        self._taking_back = False
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._try_text)
        self.line.textEdited.connect(self._typed)
        self.line.accepted.connect(self._accept)
        self.line.left.connect(self._leave)
        self.line.escaped.connect(self.restore)
        self.line.stepped.connect(self._step)

    def show_state(self, state: FieldState) -> None:
        self.state = state
        mixed = _tr("mixed values")
        self.line.setPlaceholderText(mixed if state.mixed else self.empty_words)
        mark(self.line, "inherited", state.mixed or state.empty)
        if not (self._taking_back or (self.line.hasFocus() and self._reads_as(state))):
            self._show_text()

    def needed_width(self) -> int:
        words = self.line.placeholderText() if self.field.optional else ""
        text = self.line.fontMetrics().horizontalAdvance(max(words, TYPICAL_NUMBER, key=len))
        return text + LINE_PADDING_PX + self.line.textMargins().right()

    def forget_draft(self) -> None:
        self.restore()

    def restore(self) -> None:
        """Show the project's value again, whatever was typed."""
        self._show_text()

    def _show_text(self) -> None:
        self._patience.stop()
        self._before = UNTYPED
        text = typed(self.state.value) if self.state else ""
        if text != self.line.text():
            self.line.setText(text)
            self.line.setCursorPosition(0 if not self.line.hasFocus() else len(text))
        self._set_refusal("")

    def _reads_as(self, state: FieldState) -> bool:
        return not state.mixed and same(self._value(), state.value)

    def _value(self) -> Any:
        text = self.line.text()
        return None if self.field.optional and not text.strip() else self._read(text)

    def _typed(self) -> None:
        self._patience.stop()
        if self._before is UNTYPED and self.state is not None and not self.state.mixed:
            self._before = self.state.value
        if self._is_unfinished():
            self._set_refusal("")
            self._patience.start()
        else:
            self._try_text()

    def _is_unfinished(self) -> bool:
        """Whether the text is likely the beginning of another number, and had better wait.

        The 1 of 1e-4 would be a learning rate of 1 for a moment: enough to ruin a run.
        """
        text, value = self.line.text(), self._value()
        if may_become_valid(text, self.field) and value is not None:
            return True
        return isinstance(value, float) and value >= 1 and is_wide(self.field) and "e" not in text

    def _try_text(self) -> None:
        self._patience.stop()
        if self.state is not None and self._reads_as(self.state):
            self._set_refusal("")
        else:
            accepted = self.commit(self._value())
            mark(self.line, "invalid", not accepted)
            self.line.setModified(not accepted)  # what holds already cannot be taken back
            if not accepted:
                self._take_back()

    def _take_back(self) -> None:
        """Return to the value from before the typing: the 9 of a refused 99999999 was no wish."""
        before = self._before
        if before is not UNTYPED and self.state is not None and self.state.value != before:
            self._taking_back = True  # what was typed stays, beside the sentence
            self._apply(Change((self.field.name,), self.field.title, lambda owner: before))
            self._taking_back = False

    def _accept(self) -> None:
        self._try_text()
        if not self.line.property("invalid"):
            self._show_text()
            self.line.selectAll()

    def _leave(self) -> None:
        """Clicking away accepts what was waiting; text that is refused makes room for the value."""
        if self._patience.isActive():
            self._try_text()
        self.restore()

    def _step(self, ticks: int) -> None:
        state = self.state
        if state is None:
            return
        start = next((v for v in (*state.values, state.fallback) if v is not None), None)
        start = self.field.limits.get("ge", 0) if start is None else start
        if self.commit(stepped(start, ticks, self.field)):
            self._show_text()

    def _set_refusal(self, sentence: str) -> None:
        mark(self.line, "invalid", bool(sentence))
        self.refused.emit(sentence)


def is_number(field: Field) -> bool:
    """Whether the field holds one number and nothing else."""
    return field.types in ((int,), (float,))
