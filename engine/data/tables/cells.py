"""What a single cell says: a number, a category, or nothing.

The careful reader calls these for every cell; the fast reader is told the same rules.
"""

from __future__ import annotations

import math
import re

import numpy as np

from engine.data.tables.options import Column

_MISSING_WORDS = ("NA", "N/A", "NaN", "null", "None", "nil")
MISSING = frozenset(
    ["", "?", "-", ".", "#N/A", "#NA", "<NA>"]
    + [form for word in _MISSING_WORDS for form in (word, word.lower(), word.upper())]
)
"""How tables write "no value"."""

LARGEST = float(np.finfo(np.float32).max)
MISSING_CODE = -1
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_INFINITE = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)
SHOWN = 40  # characters of a cell that a message repeats


class CellError(Exception):
    """A cell cannot be what its column says. reason and hint: for the sentence around it."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


def is_missing(text: str) -> bool:
    """Whether a cell is empty, or holds a word such as NA."""
    return text.strip() in MISSING


def is_number(text: str, decimal: str) -> bool:
    """Whether a cell holds a number that is written with this decimal sign."""
    return _NUMBER.fullmatch(_with_point(text.strip(), decimal)) is not None


def number(text: str, decimal: str) -> float:
    """The number in a cell; NaN where it is missing. Raises CellError."""
    text = text.strip()
    if text in MISSING:
        return math.nan
    if _INFINITE.fullmatch(text):
        raise CellError(f"{text!r} is infinite", "A network needs finite numbers.")
    point = _with_point(text, decimal)
    if not _NUMBER.fullmatch(point):
        raise CellError(
            f"{_shown(text)} is not a number",
            "Read the column as a category, or choose another decimal sign.",
        )
    value = float(point)
    if abs(value) > LARGEST:
        raise CellError(f"{_shown(text)} is too large", "Divide the column by a common number.")
    return value


def check_category(text: str, column: Column) -> None:
    """Raises CellError where a column with known categories holds another one."""
    if column.categories and text not in column.categories:
        raise CellError(
            f"{_shown(text)} is none of its {len(column.categories)} categories",
            "Open the table again to find all categories.",
        )


def _with_point(text: str, decimal: str) -> str:
    """The number as Python writes it; a point where a comma is due spoils it."""
    return text if decimal == "." else text.replace(".", "_").replace(",", ".", 1)


def _shown(text: str) -> str:
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "…")
