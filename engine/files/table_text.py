"""Cells of exported tables: names stay names, in a spreadsheet and in a report."""

from __future__ import annotations

import re

FORMULA_SIGNS = "=+-@＝＋－＠"
"""How a cell begins that a spreadsheet runs, in wide letters, too."""
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_MARKUP = re.compile(r"([\\`*_\[\]<>|])")


def spreadsheet_cell(text: str) -> str:
    """The text, after an apostrophe where a spreadsheet would run it; numbers stay numbers."""
    begins = text.lstrip()[:1]
    is_run = bool(begins) and begins in FORMULA_SIGNS and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_run else text


def markdown_cell(text: str) -> str:
    """The text on one line, without anything that Markdown or HTML would take for markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
