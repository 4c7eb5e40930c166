"""The base of all editors, and what they share: marks and tooltips."""

from __future__ import annotations

from html import escape
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.project.fields import Field
from engine.spec import readable
from studio.forms.field_state import Apply, Change, FieldState
from studio.look.translate import translator
from studio.model.refusal import Refusal

_tr = translator("FieldEditor")


class WidgetBelow(QWidget):
    """What belongs under a field, over the whole width of the form."""

    rebuilt = Signal()
    """Other fields are in it now."""

    def set_room_right(self, room: int) -> None:
        """Leave room under the arrows of the outer form, in pixels."""
        raise NotImplementedError


class Editor(QWidget):
    """Edits one field: shows states, and hands changes to `apply`.

    input: the widget that takes the keys; no focus proxy, because Tab would stop at both.
    below: a widget that belongs under the field over the whole width of the form, or None.
    """

    refused = Signal(object)
    """Why the last change was refused; an empty string when all is well again."""

    def __init__(self, field: Field, apply: Apply, hint: str = "") -> None:
        super().__init__()
        self.field = field
        self.hint = hint
        self.state: FieldState | None = None
        self.input: QWidget = self
        self.below: WidgetBelow | None = None
        self._apply = apply

    def show_state(self, state: FieldState) -> None:
        """Show this state; called only when it changed."""
        raise NotImplementedError

    def forget_draft(self) -> None:
        """Drop what was typed but not accepted: another layer is about to be shown."""

    def tab_stops_below(self) -> list[QWidget]:
        """What takes the focus in the widget below."""
        return []

    def needed_width(self) -> int:
        """The width at which no word is cut off."""
        return self.sizeHint().width()

    def commit(self, value: Any) -> bool:
        """Try to make this the field's value; False if it was refused."""
        change = Change((self.field.name,), self.field.title, lambda owner: value)
        refusal = self._apply(change)
        self.refused.emit(refusal)
        return not refusal

    def adopt(self, input_widget: QWidget) -> None:
        """Give the widget that takes the keys its name, help and focus."""
        input_widget.setAccessibleName(self.field.title)
        self.input = input_widget
        self.describe("")

    def describe(self, problem: str) -> None:
        """Tell screen readers what the field is for; first of all, what is wrong with it."""
        words = f"{problem} {self.field.help} {_range(self.field)}".strip()
        self.input.setAccessibleDescription(words)

    @property
    def empty_words(self) -> str:
        """What an empty field means, such as "0.8 (inherited)"."""
        state = self.state
        if state is None or state.fallback is None:
            return self.hint or _tr("none")
        return f"{readable(state.fallback)} ({state.origin})"


def mark(widget: QWidget, name: str, on: bool) -> None:
    """Set a property that the style sheet looks at, and dress the widget again if it changed."""
    if bool(widget.property(name)) != on:
        widget.setProperty(name, on)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def tooltip_of(field: Field, formula: str = "", about: str = "") -> str:
    """Title, help, range, unit and formula, as a tooltip that wraps. about: what is chosen."""
    lines = [f"<b>{escape(field.title)}</b>", escape(field.help), escape(_range(field)), formula]
    lines.append(escape(about))
    return "".join(f"<div>{line}</div>" for line in lines if line)


def titled(sentence: str, field: Field) -> str:
    """What is said of a field, under the title beside it: "Keep probability must be ...".

    The engine says "Dense: keep_prob must be ..."; what is said of something else stays as it is.
    """
    if isinstance(sentence, Refusal) and sentence.field == field.name and sentence.limits:
        return f"{field.title} {sentence.limits}"
    return sentence


def _range(field: Field) -> str:
    if not field.range:
        return ""
    words = field.range[0].upper() + field.range[1:]
    unit = f" ({field.unit})" if field.unit else ""
    return f"{words}{unit}."
