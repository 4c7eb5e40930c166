"""JSON as our files hold it: text that can always be written, and is never read without limits."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from engine.errors import FileError
from engine.limits import MAX_DEPTH, MAX_DIGITS, MAX_VALUES

BYTE_ORDER_MARK = "\ufeff"
CUT_SHORT = "It may be cut short; use a backup."
CORRECT_IT = "Correct it in a text editor, or use a backup."
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]', re.DOTALL)
"""A string, in which brackets do not count; or a bracket."""


def to_text(value: Any, indent: int | None = None) -> str:
    """A value as readable JSON, on one line or indented; equal values give equal texts.

    Half of a surrogate pair, which UTF-8 cannot encode, is written as an escape: it may come from
    the clipboard, or from the name of a file that is not UTF-8. Raises ValueError for NaN.
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=indent)
    return _LONE_SURROGATES.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def from_text(text: str, name: str) -> Any:
    """The value of a JSON text. name: of the file, for messages.

    Raises FileError with the place where it is damaged, nested too deeply, or holds a number that
    is none.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    if text.count(",") > MAX_VALUES:
        raise FileError(
            f"'{name}' has more than {MAX_VALUES:,} values, more than a project can have."
        )
    try:
        _check_depth(text)
        return json.loads(text, parse_int=_whole, parse_float=_real, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise _damaged(name, text, error.pos, error.msg, CUT_SHORT) from None
    except _RefusedError as error:
        place = text.find(error.words) if error.place is None else error.place
        raise _damaged(name, text, place, str(error), CORRECT_IT) from None
    except RecursionError as error:
        raise FileError(f"'{name}' is damaged: {error}.") from None


class _RefusedError(ValueError):
    """JSON that no file of ours holds. words: as they stand in the text. place: where, if known."""

    def __init__(self, message: str, words: str, place: int | None = None) -> None:
        super().__init__(message)
        self.words, self.place = words, place


def _damaged(name: str, text: str, place: int, why: str, hint: str) -> FileError:
    line, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
    return FileError(f"'{name}' is damaged at line {line}, column {column}: {why}.", hint=hint)


def _check_depth(text: str) -> None:
    depth = 0
    for found in _BRACKETS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > MAX_DEPTH:
            message = f"lists and objects are nested more than {MAX_DEPTH} deep"
            raise _RefusedError(message, found[0], found.start())


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _RefusedError(f"a whole number of more than {MAX_DIGITS} digits", digits)
    return int(digits)


def _real(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise _RefusedError(f"the number {digits:.40} is too large", digits)
    return value


def _no_number(word: str) -> NoReturn:
    raise _RefusedError(f"{word} is not a number", word)
