"""ChangeMarks: when settings change during a run, a mark says what changed."""

from __future__ import annotations

import time

from engine.project import Project
from engine.project.differences import differences, in_words
from engine.project.recording import CHANGE
from engine.training.history import History, Mark

MERGE_S = 0.5
"""Changes of a spin box that follow each other faster than this count as one."""


class ChangeMarks:
    """Marks of one run. Changes at one iteration, or in quick succession, share a mark.

    Settings that matter only at the start of a run are not changes of this one. A history only
    grows: a mark at the place of the last one replaces it (see `standing`).
    """

    def __init__(self) -> None:
        self._base: Project | None = None
        self._place = (0, CHANGE)
        self._at = 0.0

    def add(self, history: History, before: Project, after: Project) -> None:
        """Mark what changes at the next step."""
        now, iteration = time.monotonic(), len(history)
        last = history.marks[-1] if history.marks else None
        follows = last is not None and self._base is not None and last[:2] == self._place
        if not follows or (iteration != self._place[0] and now - self._at > MERGE_S):
            self._base, self._place = before, (iteration, CHANGE)
        assert self._base is not None
        self._at = now
        found = differences(self._base, after)
        text = in_words(difference for difference in found if not difference.at_start)
        history.marks.append(Mark(*self._place, text))
