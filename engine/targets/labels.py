"""Targets of which an example may have any number: several yes-or-no labels at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from engine.targets.base import THRESHOLD, Array, Targets, check_entries, from_codes, unknown


class LabelTargets(Targets):
    """Any of C labels at once: y is 0, 1, or NaN where a label is unknown, (C, m).

    The error of an example is the share of its known labels that are wrong.
    """

    kind: ClassVar[str] = "multi_label"
    keeps_unknown_rows = True
    coloring = "sign"

    def check(self, Y: Array, outputs: int | None = None) -> None:
        valid = (Y == 0) | (Y == 1) | unknown(Y)
        check_entries(Y, ~valid, "a multi-label target must be 0, 1, or NaN (unknown)")

    def posed_by(self, categories: Sequence[int]) -> bool:
        return len(categories) > 1 and set(categories) == {2}

    def from_columns(self, found: Array, categories: Sequence[int]) -> Array:
        return from_codes(found)

    def decide(self, P: Array) -> Array:
        return np.asarray(P >= THRESHOLD, dtype=P.dtype)

    def confidence(self, P: Array) -> Array:
        return np.asarray(np.maximum(P, 1 - P).max(axis=0))

    def errors(self, P: Array, Y: Array, variance: float = 1.0) -> Array:
        known = ~np.isnan(Y)
        wrong = ((P >= THRESHOLD) != (Y == 1)) & known
        counts = known.sum(axis=0)
        shares = np.full(counts.shape, np.nan)
        return np.divide(wrong.sum(axis=0), counts, out=shares, where=counts > 0)

    def score(self, P: Array, Y: Array) -> float:
        known = ~np.isnan(Y)
        right = (P >= THRESHOLD)[known] == (Y >= THRESHOLD)[known]
        return float(np.mean(right)) if right.size else 0.0

    def words(self, y: Array, classes: Sequence[str], digits: int = 6) -> str:
        names = [name for name, on in zip(classes, y.tolist(), strict=True) if on == 1]
        return ", ".join(names) or "–"
