"""SpeedMeter: how many iterations a run makes in a second."""

from __future__ import annotations

from collections import deque

SPAN_S = 1.0
"""The speed is the mean over about this time."""


class SpeedMeter:
    """Takes looks at a run, and gives its speed over the last second of training."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def look(self, seconds: float, iteration: int) -> float:
        """Iterations per second. seconds: of training so far; a run that is earlier is another."""
        seen = self._seen
        if seen and (iteration < seen[-1][1] or seconds < seen[-1][0]):
            seen.clear()
        seen.append((seconds, iteration))
        while len(seen) > 2 and seen[-1][0] - seen[1][0] >= SPAN_S:
            seen.popleft()
        passed = seen[-1][0] - seen[0][0]
        return (seen[-1][1] - seen[0][1]) / passed if passed > 0 else 0.0

    def rest(self) -> None:
        """Forget the run's speed: it has paused."""
        self._seen.clear()
