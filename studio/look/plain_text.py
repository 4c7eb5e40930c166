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
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD}}}(?=\S)")


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
    is_short = len(text) <= TIP_LINE
    return text if is_short and not RichText.mightBeRichText(text) else wrapped_tip([text])


def wrapped_tip(sentences: Iterable[str]) -> str:
    """A tooltip of several sentences, each on a line of its own, which wraps where it is long."""
    text = breakable("\n".join(sentences), MOST_IN_TIP)
    return f"<p>{escape(text).replace(chr(10), '<br>')}</p>"


def without_keys(text: str) -> str:
    """The text of a button, an entry or a tab that takes no & for the mark of a key."""
    return text.replace("&", "&&")


def breakable(text: str, most: int = MOST_IN_LABEL) -> str:
    """The text with breaks in words that no line has room for, and dots for what is too much."""
    shown = text if len(text) <= most else f"{text[: most - 1]}…"
    return _LONG_WORD.sub(rf"\g<0>{BREAK}", shown)
