"""Targets that are real numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from engine.targets.base import Array, Targets, check_entries


class NumberTargets(Targets):
    """Real numbers, (n_y, m). The score is R²: 1 at best, 0 for always answering the mean.

    The error of an example is its squared distance over the variance of the training targets, so
    that the mean reads like a share: close to 1 - R².
    """

    kind: ClassVar[str] = "regression"
    score_title = "R²"
    score_is_share = False
    score_metric = "r2"
    large_gap = 0.1  # of a variance: R² = 0.97 leaves 0.03, which is small
    error_note = "An error is a mean squared error, in percent of the training targets' variance."

    def check(self, Y: Array, outputs: int | None = None) -> None:
        check_entries(Y, np.isinf(Y), "a regression target must be finite, or NaN (unknown)")

    def posed_by(self, categories: Sequence[int]) -> bool:
        return set(categories) == {0}

    def errors(self, P: Array, Y: Array, variance: float = 1.0) -> Array:
        known = ~np.isnan(Y)
        squares = np.where(known, np.square(P - Y), 0.0)
        return np.where(known.any(axis=0), squares.sum(axis=0) / variance, np.nan)

    def wrong_above(self, errors: Array) -> float:
        """None is quite right, so those count whose error is above the mean."""
        return float(errors.mean())

    def score(self, P: Array, Y: Array) -> float:
        """R² over the known targets of all outputs."""
        spread = float(np.square(Y - Y.mean(axis=1, keepdims=True)).sum())
        if math.isnan(spread):  # only then look for unknown targets
            return _score_of_the_known(P, Y)
        return 1.0 - float(np.square(P - Y).sum()) / spread if spread > 0 else 0.0


def _score_of_the_known(P: Array, Y: Array) -> float:
    known = ~np.isnan(Y)
    counts = np.maximum(known.sum(axis=1, keepdims=True), 1)
    mean = np.where(known, Y, 0).sum(axis=1, keepdims=True) / counts  # (n_y, 1)
    spread = float(np.square(Y - mean)[known].sum())
    return 1.0 - float(np.square(P - Y)[known].sum()) / spread if spread > 0 else 0.0
