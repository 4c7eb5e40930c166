"""A field's place in a form: label, editor, the arrow back to the inherited value, the sentence."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from engine.spec import plain
from studio.forms.editor import Editor, titled, tooltip_of
from studio.forms.field_state import FieldState
from studio.forms.row_parts import FieldLabel, ResetButton
from studio.forms.sentence import Sentence


class FormRow(QWidget):
    """The right side of a form's row. `label` is the left side, `sentence` belongs below both.

    stacked: whether the label stands above. extra: a widget of the panel's own under the editor.
    """

    def __init__(self, editor: Editor, with_reset: bool, formula: str = "") -> None:
        super().__init__()
        self.editor = editor
        self.state: FieldState | None = None
        self.stacked = False
        self.extra: QWidget | None = None
        self.label = FieldLabel(editor.field)
        self.label.setBuddy(editor.input)
        self.sentence = Sentence()
        self.reset = ResetButton(editor.field)
        self.reset.setVisible(False)
        _keep_size_when_hidden(self.reset, with_reset)
        self._arrange()
        self._refusal = ""
        editor.refused.connect(self._show_refusal)
        self.reset.clicked.connect(self._reset)
        for widget in (self.label, editor):
            widget.setToolTip(tooltip_of(editor.field, formula))

    def _arrange(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.editor, 1)
        line.addWidget(self.reset)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def needed_width(self) -> int:
        """The width at which no word of the editor is cut off."""
        reset = self.reset.width() if self.editor.field.inherits else 0
        return self.editor.needed_width() + reset

    def show_state(self, state: FieldState) -> None:
        """Show this state if it is another than before."""
        if state == self.state and not _types_differ(state, self.state):
            return
        self.state = state
        overridden = self.editor.field.inherits and not state.empty
        self.label.set_marked(overridden)
        self.reset.setVisible(overridden)
        self.reset.explain(state)
        self.editor.show_state(state)
        self._show_sentence()

    def shown(self) -> dict[str, Any]:
        """What is shown, with values as in a file. value: None where it is empty, or where the
        edited specs differ. inherited: what holds where it is empty. problem: the sentence."""
        state = self.state
        assert state is not None
        return {
            "value": plain(state.value),
            "mixed": state.mixed,
            "inherited": plain(state.fallback),
            "problem": self.sentence.text.text(),
        }

    def _show_refusal(self, sentence: str) -> None:
        self._refusal = titled(sentence, self.editor.field)
        self._show_sentence()

    def _show_sentence(self) -> None:
        problem = self.state.problem if self.state else ""
        self.sentence.show_text(self._refusal or problem)
        self.editor.describe(self._refusal or problem)

    def _reset(self) -> None:
        self.editor.commit(None)
        self.editor.input.setFocus()


def _keep_size_when_hidden(widget: QWidget, keep: bool) -> None:
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(keep)
    widget.setSizePolicy(policy)


def _types_differ(a: FieldState, b: FieldState | None) -> bool:
    return b is None or [type(v) for v in a.values] != [type(v) for v in b.values]
