"""Form: one row per field, made from its type and limits, updated by diff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal, get_origin

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from engine.project.fields import Field
from engine.spec import Spec
from studio.forms.choice import CheckEditor, ChoiceEditor, NodeChoiceEditor
from studio.forms.editor import Editor
from studio.forms.family import FamilyEditor
from studio.forms.field_form import FieldForm
from studio.forms.field_state import Apply, FieldState
from studio.forms.line import LineEditor
from studio.forms.row import FormRow
from studio.forms.row_parts import RESET_PX
from studio.look.theme import GRID_PX

LABEL_PERCENT = 48
"""Width of the labels, as a share of the outermost form."""
LINES_OF_ROW = 4
"""Label and editor (two if they are stacked), the sentence, and what belongs below."""


class Form(FieldForm):
    """Editors for some fields of one spec, or of several that share these fields.

    apply: makes a change, and returns why it was refused, or "". hints: what an empty field means,
    field -> words, where nothing better is known. formula: what the fields' tooltips end with.
    """

    def __init__(
        self,
        fields: Mapping[str, Field],
        apply: Apply,
        hints: Mapping[str, str] | None = None,
        formula: str = "",
    ) -> None:
        super().__init__()
        self.fields = dict(fields)
        self.rows: dict[str, FormRow] = {}
        self._grid = _make_grid(self)
        with_reset = any(field.inherits for field in fields.values())
        for name, field in fields.items():
            editor = editor_for(field, apply, (hints or {}).get(name, ""))
            self._add_row(FormRow(editor, with_reset, formula), RESET_PX if with_reset else 0)

    def _add_row(self, row: FormRow, room_right: int) -> None:
        line = len(self.rows) * LINES_OF_ROW
        self.rows[row.editor.field.name] = row
        self._place(row, line)
        self._grid.addWidget(row.sentence, line + 2, 0, 1, 2)
        below = row.editor.below
        if below is not None:
            below.set_room_right(room_right)
            below.rebuilt.connect(self.order_tabs)
            self._grid.addWidget(below, line + 3, 0, 1, 2)

    def _place(self, row: FormRow, line: int) -> None:
        """Label and editor side by side, or the editor below where it would be cut off."""
        span = 2 if row.stacked else 1
        self._grid.addWidget(row.label, line, 0, 1, span)
        self._grid.addWidget(row, line + span - 1, 2 - span, 1, span)
        if row.extra is not None:
            self._grid.addWidget(row.extra, line + 3, 2 - span, 1, span)

    def _fit(self) -> None:
        """Stack the rows that are too narrow for their words."""
        room = self.width() - GRID_PX // 2
        left = (room + sum(self.insets)) * LABEL_PERCENT // 100 - self.insets[0]
        self._grid.setColumnMinimumWidth(0, left)
        right = room - left
        for index, row in enumerate(self.rows.values()):
            stacked = row.label.needed_width() > left or row.needed_width() > right
            if stacked != row.stacked:
                row.stacked = stacked
                self._place(row, index * LINES_OF_ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def show_specs(
        self,
        specs: Sequence[Spec],
        fallbacks: Mapping[str, tuple[Any, str]] | None = None,
        problems: Mapping[str, str] | None = None,
        offered: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        for name, row in self.rows.items():
            fallback, origin = (fallbacks or {}).get(name, (None, ""))
            values = tuple(getattr(spec, name) for spec in specs)
            problem, choice = (problems or {}).get(name, ""), (offered or {}).get(name, ())
            row.show_state(FieldState(values, fallback, origin, problem, tuple(choice)))
        self._fit()

    def shown(self) -> dict[str, dict[str, Any]]:
        """What each field shows; see `FormRow.shown`."""
        return {name: row.shown() for name, row in self.rows.items() if row.state is not None}

    def add_below(self, name: str, widget: QWidget) -> None:
        """Put a widget of the panel's own under a field's editor."""
        row = self.rows[name]
        row.extra = widget
        self._place(row, list(self.rows).index(name) * LINES_OF_ROW)

    def tab_stops(self) -> list[QWidget]:
        stops: list[QWidget] = []
        for row in self.rows.values():
            stops += [row.editor.input, row.reset, *row.editor.tab_stops_below()]
        return stops

    def order_tabs(self) -> None:
        """Let Tab follow the reading order, after fields below a family came or went."""
        for first, second in pairwise(self.tab_stops()):
            QWidget.setTabOrder(first, second)
        self.rebuilt.emit()

    def forget_drafts(self) -> None:
        for row in self.rows.values():
            row.editor.forget_draft()


def _make_grid(form: QWidget) -> QGridLayout:
    """Two columns whose widths depend on the panel's alone, so that nothing jumps."""
    grid = QGridLayout(form)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GRID_PX // 2)
    grid.setVerticalSpacing(GRID_PX // 2)
    grid.setColumnStretch(1, 1)
    return grid


def editor_for(field: Field, apply: Apply, hint: str = "") -> Editor:
    """The editor for a field's type; what has no editor of its own is typed as text."""
    first = field.types[0]
    if field.family is not None:
        return FamilyEditor(field, apply, Form, hint)
    if field.names_node:
        return NodeChoiceEditor(field, apply, hint)
    if field.types == (bool,) and not field.optional:
        return CheckEditor(field, apply, hint)
    if field.types == (bool,) or (len(field.types) == 1 and get_origin(first) is Literal):
        return ChoiceEditor(field, apply, hint)
    return LineEditor(field, apply, hint)
