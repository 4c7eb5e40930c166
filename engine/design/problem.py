"""Problem: why a design cannot run."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """Why a design cannot run. node is None for the design as a whole; field names a setting;
    misfit is True where shapes do not go together. cause: the kind of problem, in a word or two, by
    which fixes are found."""

    message: str
    node: str | None = None
    hint: str = ""
    field: str = ""
    misfit: bool = False
    cause: str = ""

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()
