"""SameDesign: whether the run is that of the open design. Numbers of another one would be wrong."""

from __future__ import annotations

from engine import Design
from engine.probes.moment import Moment
from studio.model.document import Document


class SameDesign:
    """Answers at every refresh, and compares only when one of the two designs is another one."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._compared: tuple[Design | None, Design | None, bool] = None, None, False

    def holds_for(self, moment: Moment) -> bool:
        """Also false right after an edit, before the session knows of it."""
        project = moment.project
        if project is None or moment.stale:
            return False
        pair = project.design, self._document.project.design
        if self._compared[0] is not pair[0] or self._compared[1] is not pair[1]:
            self._compared = (*pair, pair[0] == pair[1])
        return self._compared[2]
