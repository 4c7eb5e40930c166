"""sweep(P, Y): what each threshold would decide on a binary task, and the ROC curve.

Source: Fawcett 2006, "An introduction to ROC analysis".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.metrics.decisions import Array, decisions

Floats = NDArray[np.float64]
CURVES = ("precision", "recall", "f1", "false_positive_rate", "error")


@dataclass(frozen=True, eq=False)
class ThresholdSweep:
    """Every decision that a threshold can make: k + 1 of them for k different probabilities.

    threshold: (k + 1,) falling, infinite first (nothing is called positive); an example is positive
    where P is at least the threshold. precision, recall (the ROC curve's true positive rate), f1,
    false_positive_rate, error: (k + 1,). area: under the ROC curve; None if a class has no example.
    """

    threshold: Floats
    precision: Floats
    recall: Floats
    f1: Floats
    false_positive_rate: Floats
    error: Floats
    area: float | None

    def at(self, threshold: float) -> dict[str, float]:
        """The values at any threshold, by name (see CURVES)."""
        index = int(np.searchsorted(-self.threshold, -threshold, side="right")) - 1
        return {name: float(getattr(self, name)[max(index, 0)]) for name in CURVES}

    @property
    def best_f1(self) -> float:
        """The threshold of the highest F1."""
        return float(self.threshold[int(self.f1.argmax())])

    def thinned(self, most: int = 1_000) -> ThresholdSweep:
        """At most this many of the thresholds, both ends among them, for drawing."""
        count = len(self.threshold)
        if count <= most:
            return self
        kept = np.linspace(0, count - 1, most).round().astype(int)
        fields = {name: getattr(self, name)[kept] for name in ("threshold", *CURVES)}
        return ThresholdSweep(**fields, area=self.area)


def sweep(P: Array, Y: Array) -> ThresholdSweep:
    """All thresholds at once, by one sort. P: (1, m) probabilities, Y: (1, m) of 0, 1 or NaN.

    Example: P = [[0.9, 0.4, 0.6]], Y = [[1, 1, 0]]: at 0.6, precision 1/2 and recall 1/2; the area
    is 1/2.
    """
    _, true, known, targets = decisions(P, Y, 0.5, None)
    if len(true) != 1:
        raise DataError(f"A threshold is swept over a binary task; this one is {targets.kind}.")
    p = np.asarray(P, dtype=np.float64)[0, known[0]]
    order = np.argsort(-p, kind="stable")
    p, positive = p[order], true[0, known[0]][order]
    last = np.flatnonzero(np.append(np.diff(p) != 0, True)) if p.size else np.empty(0, int)
    hits = np.concatenate([[0], np.cumsum(positive)[last]]).astype(np.float64)
    called = np.concatenate([[0], last + 1]).astype(np.float64)
    return _swept(np.concatenate([[np.inf], p[last]]), hits, called, int(positive.sum()), p.size)


def _swept(
    threshold: Floats, hits: Floats, called: Floats, positives: int, m: int
) -> ThresholdSweep:
    false = called - hits
    recall, false_rate = _share(hits, positives), _share(false, m - positives)
    area = None
    if 0 < positives < m:
        area = float((np.diff(false_rate) * (recall[1:] + recall[:-1]) / 2).sum())
    return ThresholdSweep(
        threshold,
        _share(hits, called),
        recall,
        _share(2 * hits, called + positives),
        false_rate,
        _share(false + positives - hits, m),
        area,
    )


def _share(part: Floats, whole: Any) -> Floats:
    whole = np.broadcast_to(np.asarray(whole, dtype=np.float64), part.shape)
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)
