"""ProblemsPanel: why the design cannot run, one sentence each; a click leads to the place.

Beside a sentence stands a button where one edit takes the problem away (`engine.design.fix_of`).
"""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QListWidgetItem, QVBoxLayout, QWidget

from engine import Problem
from engine.design import DesignFix, fix_of
from engine.project import Project
from studio.forms.column import muted
from studio.look.plain_text import wrapped_tip
from studio.look.theme import GRID_PX, theme
from studio.model.document import Document
from studio.problems_panel.fix_button import FixButton
from studio.problems_panel.rows import ProblemList
from studio.running.painted_facts import facts_of_project

SLICE_S = 0.008
"""A slice of looking for fixes: each one is tried on the design, and long lists must not block."""


class ProblemsPanel(QWidget):
    """Lists the problems of the open design. `problem_chosen(node, field)`; either may be ""."""

    problem_chosen = Signal(str, str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._problems: tuple[Problem, ...] | None = None
        self._looked_at: tuple[object, ...] = ()
        self._row = 0
        self._search = QTimer(self)
        self._search.timeout.connect(self._look_for_fixes)
        self.list = ProblemList()
        self.none = muted(self.summary())
        self.none.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        self.none.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.none)
        layout.addWidget(self.list)
        self.setFocusProxy(self.list)
        self.list.itemClicked.connect(self._choose)
        self.list.entered_item.connect(self._choose)
        document.changed.connect(self._refresh)
        theme.changed.connect(self.list.dress)
        self._refresh()

    def summary(self) -> str:
        """All in one sentence."""
        count = len(self.document.report.problems)
        if not count:
            return self.tr("No problems: the design can run.")
        if count == 1:
            return self.tr("One problem keeps the design from running.")
        return self.tr("{count} problems keep the design from running.").format(count=count)

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data. problems: the sentence, the layer and the field of
        each row, and what its button says, or ""."""
        problems = self._problems or ()
        told = "" if problems else self.none.text()
        return {
            **facts_of_project(self.document.project, message=told, empty=not problems),
            "problems": [self._row_shown(row, each) for row, each in enumerate(problems)],
        }

    def _row_shown(self, row: int, problem: Problem) -> dict[str, str]:
        button = self.list.button(row)
        return {
            "sentence": self.list.item(row).text(),
            "node": problem.node or "",
            "field": problem.field,
            "fix": button.title if button is not None else "",
        }

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._start_search()

    def _refresh(self, before: Project | None = None, after: Project | None = None) -> None:
        problems = self.document.report.problems
        if problems != self._problems:
            self._problems = problems
            self._list_anew(problems)
        self._start_search()

    def _list_anew(self, problems: tuple[Problem, ...]) -> None:
        self.none.setText(self.summary())
        self.none.setVisible(not problems)
        self.list.setVisible(bool(problems))
        self.list.show_sentences([str(problem) for problem in problems])
        for row, problem in enumerate(problems):
            self.list.item(row).setToolTip(wrapped_tip([str(problem)]))
        self._looked_at = ()

    def _start_search(self) -> None:
        """Look for the fixes of the present design, unless they are known or nobody sees them."""
        project = self.document.project
        state = (project.design, project.training, self.document.fit)
        if not self.isVisible() or self._same(state):
            return
        self._looked_at, self._row = state, 0
        self._look_for_fixes()

    def _same(self, state: tuple[object, ...]) -> bool:
        known = self._looked_at
        return bool(known) and known[0] is state[0] and known[1:] == state[1:]

    def _look_for_fixes(self) -> None:
        """One slice of the search; the timer calls for the next while there are rows left."""
        end = time.monotonic() + SLICE_S
        problems = self.document.report.problems
        while self._row < len(problems) and time.monotonic() < end:
            self._offer(self._row, problems[self._row])
            self._row += 1
        if self._row < len(problems):
            self._search.start(0)
        else:
            self._search.stop()

    def _offer(self, row: int, problem: Problem) -> None:
        fix, button = self._fix(problem), self.list.button(row)
        if fix is None:
            self.list.set_button(row, None)
        elif button is None or button.title != fix.title:
            button = FixButton(fix.title, str(problem))
            button.clicked.connect(lambda: self._apply(problem))
            self.list.set_button(row, button)

    def _fix(self, problem: Problem) -> DesignFix | None:
        project, document = self.document.project, self.document
        return fix_of(problem, project.design, project.training, document.fit, document.report)

    def _apply(self, problem: Problem) -> None:
        """The fix of this problem in the design as it is now, as one undo step."""
        fix = self._fix(problem)
        if fix is not None:
            self.list.setFocus()  # the button is about to go
            self.document.try_edit(lambda project: project.replace(design=fix.design), fix.title)

    def _choose(self, item: QListWidgetItem) -> None:
        problem = self.document.report.problems[self.list.row(item)]
        self.problem_chosen.emit(problem.node or "", problem.field)
