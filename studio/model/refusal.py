"""Refusal: why an edit was refused."""

from __future__ import annotations

from typing import Self

from engine import EngineError, SpecError


class Refusal(str):
    """Why an edit was refused, as a sentence. field, limits: as in SpecError, where it is one."""

    field: str
    limits: str

    def __new__(cls, error: EngineError) -> Self:
        refusal = super().__new__(cls, str(error))
        refusal.field = error.field if isinstance(error, SpecError) else ""
        refusal.limits = error.limits if isinstance(error, SpecError) else ""
        return refusal
