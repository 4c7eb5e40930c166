"""Words for values of a form that are signs rather than words, such as the delimiters."""

from __future__ import annotations

from studio.forms import Form
from studio.forms.choice import ChoiceEditor
from studio.look.translate import translator

_tr = translator("ValueWords")

WORDS = {
    ",": "Comma  ,",
    ";": "Semicolon  ;",
    "\t": "Tab",
    "|": "Vertical bar  |",
    ".": "Point  .",
    '"': 'Double  "',
    "'": "Single  '",
    "": "None",
    "drop": "Drop the row",
    "mean": "Fill in the mean",
    "category": "Category",
}


def say_values(form: Form) -> None:
    """Put words in place of signs in all lists of a form."""
    for row in form.rows.values():
        if isinstance(row.editor, ChoiceEditor):
            combo = row.editor.combo
            for index in range(combo.count()):
                text = combo.itemText(index)
                combo.setItemText(index, _tr(WORDS.get(text, _capital(text))))


def _capital(word: str) -> str:
    """Words begin with a capital; names such as "utf-8" stay as they are written."""
    return word.capitalize() if word.isalpha() else word
