"""Plain text: names and sentences are shown as the characters they are, whatever markup they hold.

Qt guesses whether a label or a tooltip is HTML. A class named `<img src=...>` would load a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as RichText
from PySide6.QtWidgets import QLabel, QWidget

MOST_IN_TIP = 1_000
"""Characters; a longer tooltip would not fit on the screen."""
TIP_LINE = 120
"""Characters; a longer tooltip is wrapped."""
MOST_IN_LABEL = 5_000
LONGEST_WORD = 60
"""Characters; a longer word may be broken, so that it does not widen the window."""
BREAK = "\u200b"  # takes no room
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that turn what follows them around, in the sentence behind a name, too."""
_LONG_WORD = re.compile(rf"[^\s/\\]{{{LONGEST_WORD}}}(?=\S)")


class PlainLabel(QLabel):
    """A label that never takes its text for markup, and is not widened by one long word."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._text = ""
        if text:
            self.setText(text)

    def setText(self, text: str) -> None:
        self._text = text
        super().setText(breakable(text))

    def text(self) -> str:
        """As it was set."""
        return self._text


def plain_tip(text: str) -> str:
    """What to set as a tooltip, to show this text and nothing else, wrapped where it is long."""
    shown = breakable(text, MOST_IN_TIP)
    is_harmless = len(text) <= TIP_LINE and not RichText.mightBeRichText(shown)
    return shown.replace(BREAK, "") if is_harmless else wrapped_tip([text])


def wrapped_tip(sentences: Iterable[str]) -> str:
    """A tooltip of several sentences, each on a line of its own, which wraps where it is long."""
    text = breakable("\n".join(sentences), MOST_IN_TIP)
    return f"<p>{escape(text).replace(chr(10), '<br>')}</p>"


def without_keys(text: str) -> str:
    """The text of a button, an entry or a tab that takes no & for the mark of a key."""
    return text.replace("&", "&&")


def breakable(text: str, most: int = MOST_IN_LABEL) -> str:
    """The text with breaks in words that no line has room for, dots for what is too much, and
    marks that turn text around written out."""
    shown = text if len(text) <= most else f"{text[: most - 1]}…"
    shown = _TURNED.sub(lambda mark: f"\\u{ord(mark[0]):04x}", shown)
    return _LONG_WORD.sub(rf"\g<0>{BREAK}", shown)
