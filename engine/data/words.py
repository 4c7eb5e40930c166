"""Small words that several readers of own data share: names, and their order."""

from __future__ import annotations

import os
import re
from pathlib import Path

_DIGITS = re.compile(r"([0-9]+)")


def readable_name(path: str | os.PathLike[str]) -> str:
    """The last part of a path as text that can be shown and saved, even where it is not UTF-8:
    two names that differ still do."""
    return os.fsencode(Path(path).name).decode("utf-8", "backslashreplace")


def natural_key(text: str) -> tuple[tuple[int, int, str, str], ...]:
    """A key that sorts "2" before "10", and "class 2" before "class 10"."""
    return tuple(_part(part) for part in _DIGITS.split(text) if part)


def _part(text: str) -> tuple[int, int, str, str]:
    """A number by its length and digits, however long it is; anything else by its letters."""
    if not _DIGITS.fullmatch(text):
        return 1, 0, text, ""
    digits = text.lstrip("0")
    return 0, len(digits), digits, text
