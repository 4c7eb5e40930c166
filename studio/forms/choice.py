"""Fields with a few values: yes or no, and one of several words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout

from engine.project.fields import Field
from engine.spec import readable
from studio.forms.editor import Editor, mark
from studio.forms.field_state import Apply, FieldState, same
from studio.look.translate import translator
from studio.widgets.controls import FieldCheckBox, FieldComboBox

_tr = translator("ChoiceField")


class CheckEditor(Editor):
    """A box for yes or no; a dash for layers that differ."""

    def __init__(self, field: Field, apply: Apply, hint: str = "") -> None:
        super().__init__(field, apply, hint)
        self.box = FieldCheckBox()
        self.adopt(self.box)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box, 1)
        self.box.clicked.connect(self._clicked)

    def show_state(self, state: FieldState) -> None:
        self.state = state
        self.box.setTristate(state.mixed)
        state_of = {True: Qt.CheckState.Checked, False: Qt.CheckState.Unchecked}
        self.box.setCheckState(state_of.get(state.value, Qt.CheckState.PartiallyChecked))
        self.box.setText(_tr("mixed values") if state.mixed else readable(state.value))

    def _clicked(self) -> None:
        value = self.box.checkState() != Qt.CheckState.Unchecked
        if not self.commit(value) and self.state:
            self.show_state(self.state)


class ChoiceEditor(Editor):
    """A list of values; the first says what an empty field means, where it may be empty."""

    def __init__(self, field: Field, apply: Apply, hint: str = "") -> None:
        super().__init__(field, apply, hint)
        self.combo = FieldComboBox()
        self.offer([] if field.names_node else choices(field))
        self.adopt(self.combo)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.combo)
        self.combo.activated.connect(self._chosen)

    def offer(self, values: Sequence[Any]) -> None:
        """Put these values into the list."""
        self._values = ([None] if self.field.optional else []) + list(values)
        self.combo.clear()
        for value in self._values:
            self.combo.addItem("" if value is None else self.words(value))
        if self.field.optional:
            self.combo.setItemData(0, italic(), Qt.ItemDataRole.FontRole)

    def words(self, value: Any) -> str:
        """How a value reads in the list."""
        return readable(value)

    def show_state(self, state: FieldState) -> None:
        self.state = state
        if self.field.optional:
            self.combo.setItemText(0, self.first_words())
        self.combo.setCurrentIndex(-1 if state.mixed else self._index_of(state.value))
        mark(self.combo, "inherited", state.mixed or state.empty)

    def first_words(self) -> str:
        """The entry of an empty field, such as "Inherited: yes"."""
        state = self.state
        if state is None or state.fallback is None:
            return self.hint or _tr("None")
        return f"{state.origin.capitalize()}: {readable(state.fallback)}"

    def _index_of(self, value: Any) -> int:
        return next((i for i, known in enumerate(self._values) if same(known, value)), -1)

    def _chosen(self, index: int) -> None:
        state, value = self.state, self._values[index]
        if state is not None and (state.mixed or not same(value, state.value)):
            self.commit(value)
            self.show_state(self.state or state)


class NodeChoiceEditor(ChoiceEditor):
    """A list of those nodes of the design that fit; and the present one, fitting or not."""

    def show_state(self, state: FieldState) -> None:
        present = [value for value in dict.fromkeys(state.values) if value is not None]
        self.offer([*state.offered, *(value for value in present if value not in state.offered)])
        super().show_state(state)


def choices(field: Field) -> list[Any]:
    """The values of a Literal, or yes and no."""
    return [True, False] if field.types == (bool,) else list(get_args(field.types[0]))


def italic() -> QFont:
    """The font of what is inherited."""
    font = QFont()
    font.setItalic(True)
    return font
