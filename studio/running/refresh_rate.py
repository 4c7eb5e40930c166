"""RefreshRate: how often views are refreshed, depending on how busy the window's thread is."""

from __future__ import annotations

import time

REFRESH_MS = 66
"""Each view is refreshed about 15 times a second..."""
SLOWEST_MS = 166
ALLOWED_SHARE = 0.06
"""...and down to 6 times a second if the window's thread is busy for more than this share of its
time: what the window takes, training loses."""
JUDGED_EVERY_S = 1.0


class RefreshRate:
    """seconds: between two refreshes of a view."""

    def __init__(self) -> None:
        self.seconds = REFRESH_MS / 1000
        self._judged = time.perf_counter(), time.thread_time()

    def judge(self) -> None:
        """Once a second, compare the share of time that this thread was busy with the limit."""
        (since, spent), now = self._judged, time.perf_counter()
        if now - since < JUDGED_EVERY_S:
            return
        self._judged = now, time.thread_time()
        share = (self._judged[1] - spent) / (now - since)
        wanted = self.seconds * min(max(share / ALLOWED_SHARE, 0.8), 1.25)
        self.seconds = min(max(wanted, REFRESH_MS / 1000), SLOWEST_MS / 1000)
