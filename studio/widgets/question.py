"""ask: the one way in which the window asks a person what to do, and waits for the answer.

The stage notices each such question, cancels it, and raises its sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from studio.look.plain_text import breakable

MOST_CHARACTERS = 1_500
"""Of a sentence; a longer one would make the box higher than the screen."""
CANCEL = ""
"""The answer where nobody chose anything."""


class Answer(NamedTuple):
    """One button. id: what `ask` returns for it. loses: whether something is lost by it."""

    id: str
    text: str
    loses: bool = False


def message_box(parent: QWidget | None, title: str, sentence: str) -> QMessageBox:
    """A box that shows the sentence as it is written, whatever markup a name in it may hold."""
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(breakable(sentence, MOST_CHARACTERS))
    return box


def tell_failure(parent: QWidget, what: str, why: str) -> None:
    """Say what failed, and why, until somebody has read it."""
    box = message_box(parent, what, f"{what}\n\n{why}")
    box.setIcon(QMessageBox.Icon.Critical)
    box.exec()
    box.deleteLater()


def ask(parent: QWidget | None, title: str, sentence: str, choices: Sequence[Answer]) -> str:
    """The id of the choice, or CANCEL; the first choice is the default, for Enter."""
    roles = QMessageBox.ButtonRole
    box = message_box(parent, title, sentence)
    box.setIcon(QMessageBox.Icon.Warning)
    buttons = {
        box.addButton(each.text, roles.DestructiveRole if each.loses else roles.AcceptRole): each.id
        for each in choices
    }
    cancel = box.addButton(box.tr("&Cancel"), roles.RejectRole)
    box.setEscapeButton(cancel)
    box.setDefaultButton(next(iter(buttons)))
    box.exec()
    clicked = box.clickedButton()
    answer = next((id for button, id in buttons.items() if button is clicked), CANCEL)
    box.deleteLater()
    return answer
