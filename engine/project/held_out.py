"""Opening: the note that a sealed test set was opened, when, and what it said.

The test set gives an unbiased estimate once. Whoever opens it, changes the design and opens it
again has begun to fit the test set; so each opening is recorded in the project and shown.

Source: A. Ng, Deep Learning Specialization, course 2, week 1, "Train / dev / test sets".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from engine.errors import DataError


@dataclass(frozen=True)
class Opening:
    """at: date and time of day, as "2026-11-21T14:05:00". m: examples of the test set. error: their
    mean error, a share of wrong decisions for classifications. cost: the mean loss on them. data:
    the fingerprint of the data whose test set it was; "" in older files, which did not say."""

    at: str
    m: int
    error: float
    cost: float
    data: str = ""

    def __post_init__(self) -> None:
        try:
            datetime.fromisoformat(self.at)
        except (TypeError, ValueError):
            raise DataError(
                f"The time of an opening must be like 2026-11-21T14:05:00; got {self.at!r}."
            ) from None
        if type(self.m) is not int or self.m < 1:
            raise DataError(f"A test set that was opened has 1 example or more; got {self.m!r}.")
        if not isinstance(self.data, str):
            raise DataError(f"The data of an opening are named by a text; got {self.data!r}.")
        for name in ("error", "cost"):
            value = getattr(self, name)
            if type(value) not in (int, float) or not math.isfinite(value):
                raise DataError(f"The {name} on a test set must be a number; got {value!r}.")
            object.__setattr__(self, name, float(value))

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        plain = {"at": self.at, "m": self.m, "error": self.error, "cost": self.cost}
        return plain | ({"data": self.data} if self.data else {})

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`. Raises DataError."""
        return cls(
            values["at"], values["m"], values["error"], values["cost"], values.get("data", "")
        )
