"""The one place where malformed values from outside become one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import EngineError, FileError

MALFORMED = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What Python and the libraries raise where values are not what they should be."""


@contextmanager
def refused(whole: str, hint: str = "") -> Iterator[None]:
    """Whatever goes wrong in this block becomes one FileError; named errors pass through.

    whole: what is said of the values as a whole, without a period: "'a.json' is damaged".
    """
    try:
        yield
    except EngineError:
        raise
    except MALFORMED as error:
        raise FileError(f"{whole}: {_detail(error)}.", hint=hint) from error


def _detail(error: Exception) -> str:
    """Why, in one line."""
    if isinstance(error, (AttributeError, TypeError)):  # Python would speak of its own types
        return "a value in it is of the wrong kind"
    text = f"{error} is missing" if isinstance(error, KeyError) else str(error)
    return " ".join(text.split()).rstrip(".") or type(error).__name__
