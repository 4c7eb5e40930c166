"""Garbage: cyclic garbage is collected on the window's thread only.

Python collects on whichever thread an allocation crosses a threshold, even on the training thread.
A widget in a reference cycle would then be destroyed outside of the window's thread, which crashes
Qt. So automatic collection is off while a window is open, and a timer collects instead.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 500


class GarbageCollector(QObject):
    """Replaces Python's automatic collection until `close`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()  # objects from the start stay anyway: no need to scan them again
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the oldest generation whose threshold is crossed, as Python itself would."""
        counts = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [age for age, (count, threshold) in enumerate(counts) if count > threshold > 0]
        if due:
            gc.collect(due[-1])

    def close(self) -> None:
        """Restore Python's automatic collection."""
        self._timer.stop()
        gc.enable()
