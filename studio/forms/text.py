"""What people type, as values, and values as they are typed. Pure functions; the engine judges.

Text that cannot be read is returned as it is: the engine then refuses it with its own sentence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, get_args, get_origin

from engine.project.fields import Field

_NUMERAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_UNFINISHED = re.compile(r"[+-]?\d*[.,]?\d*(e[+-]?\d*)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}([, ]\d{3})+")
_TIMES = re.compile(r"[×x*]")


def reader_of(field: Field) -> Callable[[str], Any]:
    """The function that reads this field's text."""
    first = field.types[0]
    if first is int and len(field.types) == 1:
        return whole_number
    if first is float:
        return real_number
    if get_origin(first) is tuple:
        inner = get_args(first)[0]
        return pairs if get_origin(inner) is tuple else sizes
    return str if first is str else word_or_number


def whole_number(text: str) -> Any:
    """ "128", "1,024" or "1e3" as an int."""
    text = text.strip()
    if _THOUSANDS.fullmatch(text):
        text = re.sub("[, ]", "", text)
    if not _NUMERAL.fullmatch(text):
        return text
    if re.fullmatch(r"[+-]?\d+", text):
        return int(text) if len(text) < 40 else float(text)
    number = float(text)
    return int(number) if number.is_integer() else number


def real_number(text: str) -> Any:
    """ "0.8", "0,8" or "1e-4" as a float."""
    plain = text.strip().replace("−", "-")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if not _NUMERAL.fullmatch(plain):
        return text.strip()
    number = float(plain)
    return number if math.isfinite(number) else text.strip()


def sizes(text: str) -> Any:
    """ "784" or "1 × 28 × 28" as a tuple of ints."""
    parts = tuple(whole_number(part) for part in _TIMES.split(text))
    return parts if all(isinstance(part, int) for part in parts) else text.strip()


def pairs(text: str) -> Any:
    """ "10: 0.1, 20: 0.01" as a tuple of pairs of an int and a float."""
    found = []
    for part in re.split(r";|,(?=\s)|,(?=\d+\s*:)", text):
        first, colon, second = part.partition(":")
        pair = whole_number(first), real_number(second)
        if not colon or not isinstance(pair[0], int) or not isinstance(pair[1], float):
            return text.strip()
        found.append(pair)
    return tuple(found)


def word_or_number(text: str) -> Any:
    """A number, a shape or else the word itself, for fields that admit several types."""
    for read in (whole_number, real_number, sizes):
        value = read(text)
        if not isinstance(value, str):
            return value
    return text.strip()


def typed(value: Any) -> str:
    """A value as one types it; the readers turn it back into an equal value."""
    if value is None:
        return ""
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return ", ".join(f"{typed(first)}: {typed(second)}" for first, second in value)
    if isinstance(value, tuple):
        return " × ".join(typed(item) for item in value)
    if isinstance(value, float):
        return _shortest(value)
    return str(value)


def may_become_valid(text: str, field: Field) -> bool:
    """True for an unfinished number, such as "1e-", or one too low, such as "0." before 0.8."""
    text = text.strip()
    if not {int, float} & set(field.types) or not _UNFINISHED.fullmatch(text):
        return False
    value = reader_of(field)(text)
    if isinstance(value, str):
        return True
    rule = field.limits
    too_low = value < rule.get("ge", value) or value <= rule.get("gt", value - 1)
    return too_low and (value > 0 or (value == 0 and float in field.types))


def _shortest(value: float) -> str:
    text = f"{value:.12g}"
    text = text if float(text) == value else repr(value)
    return text.replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
