"""Ridges: the histograms of a run at growing intervals, in bounded memory. No Qt."""

from __future__ import annotations

from itertools import pairwise

from engine.probes.spreads import Spreads

MOST_RIDGES = 60


class Ridges:
    """(iteration, spreads), oldest first.

    When it is full, every second one is dropped and twice as many iterations lie between two from
    then on: early changes, which are the large ones, stay visible in a run of any length.
    """

    def __init__(self, most: int = MOST_RIDGES) -> None:
        self._most = most
        self.interval = 1
        self.kept: list[tuple[int, Spreads]] = []

    def add(self, iteration: int, spreads: Spreads) -> bool:
        """Keep these if they are far enough from the last; returns whether they were kept."""
        if self.kept and iteration < self.kept[-1][0] + self.interval:
            return False
        self.kept.append((iteration, spreads))
        if len(self.kept) > self._most:
            self.kept = self.kept[::2]
            self.interval = max(2 * self.interval, _smallest_gap(self.kept))
        return True


def _smallest_gap(kept: list[tuple[int, Spreads]]) -> int:
    iterations = [iteration for iteration, _ in kept]
    return min(b - a for a, b in pairwise(iterations))
