"""RestingPanel: base of the panels that predict whole sets, which takes long for large ones."""

from __future__ import annotations

import time
from collections.abc import Hashable
from typing import Any, NamedTuple

from PySide6.QtWidgets import QWidget

from engine.probes.moment import Moment
from engine.probes.snapshot import Snapshot
from engine.training.history import History
from studio.panels.snapshot_panel import SnapshotPanel
from studio.running.snapshots import Workbench

REST_SHARE = 10
"""While a run is on, a panel rests ten times as long as its last answer has taken..."""
LEAST_REST_S = 1.0
"""...and at least so long."""


class Asked(NamedTuple):
    """A question about a run as it stood. key: equal for questions with the same answer."""

    history: History
    run: str
    key: Hashable
    wish: Any


class RestingPanel(SnapshotPanel):
    """Computes for each evaluation of a run, for a run at rest, and for another wish; never twice.

    A subclass overrides `wish`, what it wants to know, as a frozen value; `wish_key`, which tells
    wishes apart; `look_up`, on the background thread; and `show_found`.
    """

    def __init__(
        self,
        title: str,
        help: str,
        empty: str,
        workbench: Workbench,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, help, empty, workbench, parent)
        self._answered: Hashable = None
        self._asked_at, self._rest_until = 0.0, 0.0

    def wish(self) -> Any:
        """What the user wants to see. On the window's thread."""
        raise NotImplementedError

    def wish_key(self) -> Hashable:
        """Equal while the wish is the same."""
        raise NotImplementedError

    def look_up(self, snapshot: Snapshot, history: History, wish: Any) -> Any:
        """What to show. On the background thread."""
        raise NotImplementedError

    def show_found(self, found: Any, wish: Any) -> None:
        """Show what `look_up` returned. On the window's thread."""
        raise NotImplementedError

    @property
    def is_up_to_date(self) -> bool:
        """Whether what is shown is the answer to what would be asked now."""
        return self.can_show(self.moment) and self._answered == self._key(self.moment)

    # What SnapshotPanel asks for.

    def can_show(self, moment: Moment) -> bool:
        return super().can_show(moment) and moment.iteration > 0

    def compute(self, snapshot: Snapshot, question: Asked) -> Any:
        return self.look_up(snapshot, question.history, question.wish)

    def question(self) -> Asked:
        history = self.moment.history
        assert history is not None
        return Asked(history, self.moment.run, self._key(self.moment), self.wish())

    def follow(self, moment: Moment) -> None:
        if self.can_show(moment):
            resting = moment.running and time.monotonic() < self._rest_until
            if resting or self.is_up_to_date:
                self.behind = False  # the next step of the run brings the next refresh
                return
            self._asked_at = time.monotonic()
        super().follow(moment)

    def show_result(self, result: Any, question: Asked) -> bool:
        if question.run != self.moment.run:
            return False
        took = time.monotonic() - self._asked_at
        self._rest_until = time.monotonic() + max(LEAST_REST_S, REST_SHARE * took)
        self._answered = question.key
        self.show_found(result, question.wish)
        return True

    def ask_again(self) -> None:
        """The wish has changed: do not rest."""
        self._rest_until = 0.0
        super().ask_again()

    def _key(self, moment: Moment) -> Hashable:
        history = moment.history
        assert history is not None
        evaluations = len(history.evaluations["iteration"])
        at_rest = -1 if moment.running else moment.iteration
        return moment.run, moment.origin.version, evaluations, at_rest, self.wish_key()
