"""Dashboard: the one timer that lets every visible panel show the run as it is now."""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from engine.probes.moment import Moment
from studio.panels.panel import Panel, is_seen
from studio.running.refresh_rate import RefreshRate
from studio.running.session import Session, State

TURN_MS = 22
"""The views take turns, so that no click waits for all of them to be refreshed."""
TURN_BUDGET_S = 0.002
"""A turn ends with the view that uses this up."""
IDLE_MS = 250
"""While no run is on: only a single step or another project can change anything."""


class RefreshedView(Protocol):
    """What the dashboard refreshes: a Panel, or a RunStatus. `behind` asks for one more turn."""

    behind: bool

    def refresh(self, moment: Moment) -> None: ...

    def isVisible(self) -> bool: ...


class Slot:
    """One view, the news that it has been shown, and when it was last looked at."""

    def __init__(self, view: RefreshedView) -> None:
        self.view = view
        self.shown: Hashable = None
        self.looked_at = 0.0


class Dashboard(QObject):
    """Refreshes views while they are visible and the run has changed."""

    def __init__(
        self, session: Session, panels: Sequence[RefreshedView], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.session = session
        self._slots = [Slot(view) for view in panels]
        self._closed = False
        self._next = 0
        self._moment, self._round_began = session.moment(), 0.0
        self._news: Hashable = None
        self._rate = RefreshRate()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)
        self._timer.start(IDLE_MS)
        session.state_changed.connect(self._adjust)

    @property
    def panels(self) -> list[RefreshedView]:
        """The views that are refreshed."""
        return [slot.view for slot in self._slots]

    @property
    def waiting(self) -> list[RefreshedView]:
        """The views that are seen and have not yet shown all there is."""
        return [view for view in self.panels if view.behind and _is_seen(view)]

    def add(self, view: RefreshedView) -> None:
        """Refresh one more view, such as a RunStatus."""
        self._slots.append(Slot(view))

    def tick(self) -> None:
        """Refresh all that is visible and behind the run."""
        self._begin_round()
        for slot in self._slots:
            self._refresh(slot)

    def close(self) -> None:
        """Stop the timer, and what the panels run in the background."""
        if not self._closed:
            self._closed = True
            self.session.state_changed.disconnect(self._adjust)
        self._timer.stop()
        for view in self.panels:
            if isinstance(view, Panel):
                view.shut_down()

    def _turn(self) -> None:
        """Refresh the next views that are due, as many as the budget of a turn allows."""
        begun = time.perf_counter()
        self._rate.judge()
        if begun - self._round_began >= self._rate.seconds - TURN_MS / 2000:
            self._begin_round()
        for _ in range(len(self._slots)):
            slot = self._slots[self._next % len(self._slots)]
            self._next += 1
            if begun - slot.looked_at >= self._rate.seconds - TURN_MS / 2000:
                self._refresh(slot)
            if time.perf_counter() - begun > TURN_BUDGET_S:
                return

    def _begin_round(self) -> None:
        """All views of a round show the same moment, and share what they compute of it."""
        self._moment, self._round_began = self.session.moment(), time.perf_counter()
        self._news = self._moment.news

    def _refresh(self, slot: Slot) -> None:
        slot.looked_at, view = time.perf_counter(), slot.view
        if (view.behind or slot.shown != self._news) and _is_seen(view):
            slot.shown = self._news
            view.refresh(self._moment)

    def _adjust(self, state: State) -> None:
        busy = state in (State.RUNNING, State.PREPARING)
        self._timer.start(TURN_MS if busy else IDLE_MS)
        self.tick()


def _is_seen(view: RefreshedView) -> bool:
    """Whether a view, which need not be a widget, is worth a refresh."""
    return is_seen(view) if isinstance(view, QWidget) else view.isVisible()
