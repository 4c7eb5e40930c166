"""Gate: makes the training thread yield while the window has work to do.

There is one interpreter lock. A trainer that competes for it delays every click, and switching the
lock back and forth slows the trainer, too. So it waits after a step while the event loop is awake.
"""

from __future__ import annotations

import threading

from PySide6.QtCore import QAbstractEventDispatcher, QObject

LONGEST_WAIT_S = 0.05
"""A busy window (a drag, a long repaint) slows training down, but never stops it."""


class Gate(QObject):
    """Closed while the GUI thread's event loop is awake; made and destroyed on that thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = threading.Event()
        self._open.set()
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.awake.connect(self._open.clear)
            dispatcher.aboutToBlock.connect(self._open.set)

    def wait(self) -> None:
        """Called by the training thread between two steps."""
        if not self._open.is_set():
            self._open.wait(LONGEST_WAIT_S)

    def release(self) -> None:
        """Leave the gate open permanently, as before a join."""
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.awake.disconnect(self._open.clear)
            dispatcher.aboutToBlock.disconnect(self._open.set)
        self._open.set()
