"""Fields whose value is a member of a family: its kind from a list, its own fields underneath."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.project.fields import Field, fields_of
from engine.spec import Family, readable
from studio.forms.choice import italic
from studio.forms.editor import Editor, WidgetBelow, mark, tooltip_of
from studio.forms.field_form import FieldForm
from studio.forms.field_state import Apply, Change, FieldState
from studio.look.theme import GRID_PX, theme
from studio.look.translate import translator
from studio.widgets.controls import FieldComboBox

_tr = translator("FamilyField")

INDENT_PX = 2 * GRID_PX
MakeForm = Callable[[Mapping[str, Field], Apply], FieldForm]


class FamilyEditor(Editor):
    """A list of the registered members, and below it a form of the chosen member's fields."""

    def __init__(self, field: Field, apply: Apply, make_form: MakeForm, hint: str = "") -> None:
        super().__init__(field, apply, hint)
        assert field.family is not None
        self._members: list[type[Family] | None] = list(field.family.registry.values())
        if field.optional:
            self._members.insert(0, None)
        self.combo = self._make_combo()
        self.nested = NestedForm(make_form, self._apply_inside)
        self.below = self.nested
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.combo)

    def _make_combo(self) -> FieldComboBox:
        combo = FieldComboBox()
        for index, member in enumerate(self._members):
            combo.addItem(member.title if member else "")
            help_text = first_line(member) if member else _tr("Same as in the training settings.")
            combo.setItemData(index, help_text, Qt.ItemDataRole.ToolTipRole)
        if self.field.optional:
            combo.setItemData(0, italic(), Qt.ItemDataRole.FontRole)
        self.adopt(combo)
        combo.activated.connect(self._chosen)
        return combo

    def show_state(self, state: FieldState) -> None:
        self.state = state
        kinds = {type(value) for value in state.values}
        member = state.values[0] if len(kinds) == 1 else None
        if self.field.optional:
            self.combo.setItemText(0, self._first_words(state))
        known = state.empty or (member is not None and type(member) in self._members)
        index = self._members.index(type(member) if member is not None else None) if known else -1
        named = _tr("mixed values") if member is None else readable(member)
        self.combo.setPlaceholderText(named)  # of what no list offers
        self.combo.setCurrentIndex(index)
        mark(self.combo, "inherited", len(kinds) > 1 or state.empty)
        about = first_line(type(member)) if member is not None else ""
        self.combo.setToolTip(tooltip_of(self.field, about=about))
        nameable = member is not None and type(member) in self._members
        self.nested.show_members(state.values if nameable else ())

    def tab_stops_below(self) -> list[QWidget]:
        return self.nested.form.tab_stops() if self.nested.form else []

    def forget_draft(self) -> None:
        self.nested.forget_drafts()

    def _first_words(self, state: FieldState) -> str:
        if state.fallback is None:
            return self.hint or _tr("None")
        return f"{state.origin.capitalize()}: {readable(state.fallback)}"

    def _chosen(self, index: int) -> None:
        member, state = self._members[index], self.state
        if state is None or {type(value) for value in state.values} == {member or type(None)}:
            return
        fallback = state.fallback
        if member is not None:
            self.commit(fallback if type(fallback) is member else member())
        else:
            self.commit(None)
        self.show_state(self.state or state)

    def _apply_inside(self, change: Change) -> str:
        return self._apply(change.inside(self.field.name))


class NestedForm(WidgetBelow):
    """The form of a family member, indented behind a line; hidden where there is nothing to set."""

    def __init__(self, make_form: MakeForm, apply: Apply) -> None:
        super().__init__()
        self._make_form, self._apply = make_form, apply
        self._kind: type[Family] | None = None
        self._room_right = 0
        self.form: FieldForm | None = None
        self._column = QVBoxLayout(self)
        self.hide()

    def set_room_right(self, room: int) -> None:
        self._room_right = room
        self._column.setContentsMargins(INDENT_PX, 0, room, GRID_PX // 2)

    def show_members(self, members: tuple[Family, ...]) -> None:
        """Show these members, all of one kind; none hides the form."""
        kind = type(members[0]) if members else None
        if kind is not self._kind:
            self._rebuild(kind)
        if self.form is not None:
            self.form.show_specs(members)
        self.setVisible(self.form is not None)

    def forget_drafts(self) -> None:
        """Drop what was typed but not accepted."""
        if self.form is not None:
            self.form.forget_drafts()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(QColor(theme.colors.border), 2))
        painter.drawLine(GRID_PX, 2, GRID_PX, self.height() - 2)

    def _rebuild(self, kind: type[Family] | None) -> None:
        self._kind = kind
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        fields = fields_of(kind) if kind else {}
        if fields:
            self.form = self._make_form(fields, self._apply)
            self.form.insets = (INDENT_PX, self._room_right)
            self._column.addWidget(self.form)
            self.form.rebuilt.connect(self.rebuilt)
        self.rebuilt.emit()


def first_line(member: type[Family]) -> str:
    """The first line of a class's description: what it is, in a sentence."""
    return (member.__doc__ or "").strip().split("\n")[0]
