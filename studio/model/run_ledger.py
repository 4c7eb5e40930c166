"""RunLedger: numbers the runs of a document and keeps the newest state of each, for undo."""

from __future__ import annotations

from collections.abc import Sequence

from engine.project import Project
from engine.project.runs import Run, kept, rebased


class RunLedger:
    """The newest state of every run since a project was opened.

    An edit that deletes a run stores it as it was then. The run may continue after that, so when
    undo restores it, it gets its newest state.
    """

    def __init__(self) -> None:
        self._newest_number = 0
        self._newest: dict[str, Run] = {}

    def added(self, runs: Sequence[Run], run: Run) -> tuple[Run, ...]:
        """The runs, with one that is new or has continued; numbers are unique."""
        number = max([self._newest_number, *(known.number for known in runs)]) + 1
        found = kept(runs, run.replace(number=number))
        self._newest_number = max(known.number for known in found)
        self._newest |= {known.key: known for known in found if known.key == run.key}
        return found

    def stepped(self, present: Project, before: Project, after: Project) -> Project:
        """`after`, with the current runs, changed as in the step from `before`."""
        runs = rebased(present.runs, before.runs, after.runs, self._newest)
        return after if runs is after.runs else after.replace(runs=runs)
