"""RunClock: how long a run has trained, without its pauses."""

from __future__ import annotations

import time


class RunClock:
    """Written on the training thread, read on any."""

    def __init__(self) -> None:
        self._seconds, self._resumed_at = 0.0, 0.0
        self.ticking = False

    @property
    def seconds(self) -> float:
        """Seconds of training so far."""
        return self._seconds + (time.perf_counter() - self._resumed_at if self.ticking else 0.0)

    def start(self) -> None:
        """Training continues; a running clock keeps running."""
        if not self.ticking:
            self._resumed_at = time.perf_counter()
            self.ticking = True

    def stop(self) -> None:
        """Training pauses."""
        if self.ticking:
            self._seconds += time.perf_counter() - self._resumed_at
            self.ticking = False
