"""Pace: when the next step of a demonstration is due, so that a class can follow."""

from __future__ import annotations

import time

SPEEDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
"""Steps per second to choose from, besides no limit."""
MOST_BEHIND_S = 0.05
"""A late step is caught up with, but a long pause is not."""


class Pace:
    """Used on one thread only. Without a limit, the next step is always due."""

    def __init__(self) -> None:
        self._interval = 0.0
        self._due = 0.0

    def limit(self, steps_per_second: float | None) -> None:
        """Keep this speed, counted from the last step; None: as fast as possible."""
        old, self._interval = self._interval, 1 / steps_per_second if steps_per_second else 0.0
        self._due += self._interval - old

    @property
    def limited(self) -> bool:
        """Whether there is a limit."""
        return bool(self._interval)

    def begin(self) -> None:
        """The next step is due now."""
        self._due = time.perf_counter()

    def seconds_left(self) -> float:
        """Seconds until the next step is due; 0 if it is due now."""
        if not self._interval:
            return 0.0
        return max(0.0, self._due - time.perf_counter())

    def stepped(self) -> None:
        """A step was taken."""
        if self._interval:
            now = time.perf_counter()
            self._due = max(self._due, now - MOST_BEHIND_S) + self._interval
