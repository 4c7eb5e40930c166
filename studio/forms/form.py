"""Form: one row per field, made from its type and limits, updated by diff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_origin

from PySide6.QtWidgets import QFormLayout, QWidget

from engine.spec import Spec
from studio.forms.choice import CheckEditor, ChoiceEditor
from studio.forms.editor import Editor
from studio.forms.family import FamilyEditor
from studio.forms.field import Apply, Field, FieldState
from studio.forms.line import LineEditor
from studio.forms.row import Row
from studio.theme import GRID_PX


class Form(QWidget):
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
        self.rows: dict[str, Row] = {}
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(GRID_PX)
        layout.setVerticalSpacing(GRID_PX // 2)
        layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        with_reset = any(field.inherits for field in fields.values())
        for name, field in fields.items():
            editor = editor_for(field, apply, (hints or {}).get(name, ""))
            row = self.rows[name] = Row(editor, with_reset, formula)
            layout.addRow(row.label, row)
            if editor.below is not None:
                layout.addRow(editor.below)

    def show_specs(
        self,
        specs: Sequence[Spec],
        fallbacks: Mapping[str, tuple[Any, str]] | None = None,
        problems: Mapping[str, str] | None = None,
    ) -> None:
        """Show the fields of these specs; only rows that changed are touched.

        fallbacks: what holds where a field is empty, field -> (value, origin).
        problems: what is wrong with a field, field -> sentence.
        """
        for name, row in self.rows.items():
            fallback, origin = (fallbacks or {}).get(name, (None, ""))
            values = tuple(getattr(spec, name) for spec in specs)
            row.show_state(FieldState(values, fallback, origin, (problems or {}).get(name, "")))

    def forget_drafts(self) -> None:
        """Drop what was typed but not accepted: other specs are about to be shown."""
        for row in self.rows.values():
            row.editor.forget_draft()


def editor_for(field: Field, apply: Apply, hint: str = "") -> Editor:
    """The editor for a field's type; what has no editor of its own is typed as text."""
    first = field.types[0]
    if field.family is not None:
        return FamilyEditor(field, apply, Form, hint)
    if field.types == (bool,) and not field.optional:
        return CheckEditor(field, apply, hint)
    if field.types == (bool,) or (len(field.types) == 1 and get_origin(first) is Literal):
        return ChoiceEditor(field, apply, hint)
    return LineEditor(field, apply, hint)
