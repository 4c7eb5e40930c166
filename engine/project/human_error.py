"""HumanError: how many examples people get wrong, as far as that is known.

Source: A. Ng, Deep Learning Specialization, course 3, week 1, "Understanding human-level
performance": of a typical person's 3 %, a doctor's 1 %, an experienced doctor's 0.7 % and 0.5 % of
a team of them, the lowest stands for the Bayes error, which lies at or below all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.errors import DataError

HumanError = float | tuple[float, ...] | None
"""One error as a share, those of several people, or None where it is unknown."""


def checked_human_error(error: Any) -> HumanError:
    """The error in its simplest form: one of one person is a number, none at all is None.

    Raises DataError unless each error is a share of at least 0 and below 1.
    """
    if error is None:
        return None
    if isinstance(error, str) or not isinstance(error, Iterable):
        return _share(error)
    shares = tuple(_share(one) for one in error)
    return shares if len(shares) > 1 else next(iter(shares), None)


def _share(error: Any) -> float:
    is_number = isinstance(error, int | float) and not isinstance(error, bool)
    if not is_number or not 0 <= error < 1:
        raise DataError(
            f"The human-level error must be a share of at least 0 and below 1; got {error!r}."
        )
    return float(error)
