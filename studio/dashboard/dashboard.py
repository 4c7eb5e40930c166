"""Dashboard: the one timer that lets every visible panel show the run as it is now."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from studio.dashboard.panel import Panel
from studio.session import Session, State

REFRESH_MS = 66
IDLE_MS = 250
"""While no run is on: only a single step or another project can change anything."""


class View(Protocol):
    """What the dashboard refreshes: a Panel, or a RunStatus. `behind` asks for one more turn."""

    behind: bool

    def refresh(self, session: Session) -> None: ...

    def isVisible(self) -> bool: ...


class Dashboard(QObject):
    """Refreshes views while they are visible and the run has changed."""

    def __init__(
        self, session: Session, panels: Sequence[View], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.panels: list[View] = list(panels)
        self._closed = False
        self._shown: dict[int, Hashable] = {}
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.tick)
        self._timer.start(IDLE_MS)
        session.state_changed.connect(self._adjust)

    def add(self, view: View) -> None:
        """Refresh one more view, such as a RunStatus."""
        self.panels.append(view)

    def tick(self) -> None:
        """Refresh what is visible and behind the run."""
        now = self._key()
        for view in self.panels:
            if not view.isVisible():
                continue
            if view.behind or self._shown.get(id(view)) != now:
                self._shown[id(view)] = now
                view.refresh(self.session)

    def close(self) -> None:
        """Stop the timer, and what the panels run in the background."""
        if not self._closed:
            self._closed = True
            self.session.state_changed.disconnect(self._adjust)
        self._timer.stop()
        for view in self.panels:
            if isinstance(view, Panel):
                view.shut_down()

    def _adjust(self, state: State) -> None:
        busy = state in (State.RUNNING, State.PREPARING)
        self._timer.start(REFRESH_MS if busy else IDLE_MS)
        self.tick()

    def _key(self) -> Hashable:
        """Equal while there is nothing new to show."""
        history, state = self.session.history, self.session.state
        if history is None:
            return state
        evaluations = sum(len(column) for column in history.evaluations.values())
        events = len(history.marks) + len(history.alarms)
        return id(history), len(history), evaluations, events, state
