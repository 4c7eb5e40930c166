"""ErrorAnalysisPanel: wrong dev examples one by one, with what a person notes on them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, Self

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.doctor import error_table
from engine.probes.snapshot import Snapshot
from engine.probes.wrong_examples import WrongExamples, WrongExamplesWish, find
from engine.project import Project
from engine.project.findings import ErrorAnalysis, Finding
from engine.training.history import History
from engine.words import percent
from studio.dashboard.errors.category_table import CategoryTable
from studio.dashboard.errors.example_view import ExampleView
from studio.dashboard.errors.finding_editor import NUMBERED, FindingEditor
from studio.look.plain_text import PlainLabel, plain_tip
from studio.look.theme import GRID_PX
from studio.model import edits
from studio.model.document import Document
from studio.panels.panel import Surroundings
from studio.panels.resting_panel import RestingPanel
from studio.running.snapshots import Workbench
from studio.widgets.control_row import ControlRow
from studio.widgets.option import name_option

EXAMPLES, TABLE = "examples", "table"


class ErrorAnalysisPanel(RestingPanel):
    """The list follows the run; which example is shown changes only by the user's hand."""

    id, tab, column, order = "errors", "Errors", 0, 6
    judges_an_output = True

    @classmethod
    def make(cls, surroundings: Surroundings) -> Self:
        return cls(surroundings.document, surroundings.workbench)

    def __init__(
        self,
        document: Document,
        workbench: Workbench,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            self.tr("Error analysis"),
            self.tr(
                "Review the misclassified dev examples and sort them into your own "
                "categories. The table shows how much fixing each category could gain "
                "at most. Use → and ← (or N and P) to move, and the number keys to "
                "choose categories."
            ),
            self.tr("Press Play to review the dev examples that the network gets wrong."),
            workbench,
            parent,
        )
        self._document = document
        self.found: WrongExamples | None = None
        self.index = 0
        self._make_controls()
        self._make_views()
        self._make_keys()
        document.changed.connect(self._follow)

    # What RestingPanel asks for.

    def wish(self) -> WrongExamplesWish:
        """The labels of the open project, and else the project as it is being trained."""
        trained = self.moment.project or self._document.project
        labeled = trained.replace(analysis=self._document.project.analysis)
        return WrongExamplesWish(labeled, self._document.sets)

    def wish_key(self) -> Hashable:
        labels = self._document.project.analysis.labels
        return tuple(sorted(labels.items()))

    def look_up(
        self, snapshot: Snapshot, history: History, wish: WrongExamplesWish
    ) -> WrongExamples:
        return find(snapshot, wish)

    def show_found(self, found: WrongExamples, wish: WrongExamplesWish) -> None:
        key = self.key
        self.found = found
        if key in found.keys:
            self.index = found.keys.index(key)
        self.index = max(0, min(self.index, len(found.keys) - 1))
        self._show()

    def painted(self) -> dict[str, Any]:
        """All wrong examples, the worst first; current: the place of the one in view. loss: the
        doctor's error of each."""
        found = self.found
        assert found is not None
        places = range(len(found.wrong))
        return {
            "indices": np.array([found.number(at) for at in places], int),
            "predicted": [found.prediction(at) for at in places],
            "target": [found.label(at) for at in places],
            "loss": np.array([one.error for one in found.wrong]),
            "current": self.index,
        }

    def painted_set(self) -> str:
        return "dev"

    # What the user does.

    @property
    def key(self) -> str:
        """Of the example that is shown; "" without one."""
        found = self.found
        return found.keys[self.index] if found is not None and found.keys else ""

    @property
    def finding(self) -> Finding | None:
        """What was found on it."""
        return self._document.project.analysis.findings.get(self.key)

    def step_by(self, step: int) -> None:
        """Go on to the next wrong example, or back."""
        if self.found is not None and 0 <= self.index + step < len(self.found.keys):
            self.editor.note.clearFocus()  # a note that is being written is kept
            self.index += step
            self._show()

    def look_at(self, on: bool) -> None:
        """Count the example among those that were looked at, or forget what was found on it."""
        key = self.key
        text = (
            self.tr("Mark an example as reviewed")
            if on
            else self.tr("Unmark an example as reviewed")
        )
        self._edit(lambda a: a.look_at(key) if on else a.forget(key), text)

    def tag(self, category: str, on: bool) -> None:
        """Put the example into a category, or take it out."""
        key = self.key
        text = self.tr("Tag an example “{}”") if on else self.tr("Remove the tag “{}”")
        self._edit(lambda a: a.tag(key, category, on), text.format(category))

    def add_category(self, name: str) -> None:
        """One more category, with the example in it."""
        key, text = self.key, self.tr("Add the category “{}”").format(name)
        if self._edit(lambda a: a.with_category(name).tag(key, name), text):
            self.editor.name.clear()

    def rename_category(self, old: str, new: str) -> None:
        """Another name for a category."""
        text = self.tr("Rename the category “{}”").format(old)
        self._edit(lambda a: a.rename_category(old, new), text)

    def remove_category(self, name: str) -> None:
        """Without a category."""
        text = self.tr("Delete the category “{}”").format(name)
        self._edit(lambda a: a.without_category(name), text)

    def mark_label(self, wrong: bool) -> None:
        """Note that the label is wrong."""
        key = self.key
        text = self.tr("Mark a label as wrong") if wrong else self.tr("Unmark label")
        self._edit(lambda a: a.mark_label(key, wrong), text)

    def correct_label(self, label: str) -> None:
        """The right label of the example, for dev and test; "" takes the correction back."""
        key = self.key
        text = self.tr("Correct a label to “{}”").format(label)
        if not label:
            text = self.tr("Undo a label correction")
        self._edit(lambda a: a.correct_label(key, label), text)

    def note(self, words: str) -> None:
        """Words on the example."""
        key, known = self.key, self.finding
        if key and words != (known.note if known is not None else ""):
            self._edit(lambda a: a.note(key, words), self.tr("Note on an example"))

    def _edit(self, change: Callable[[ErrorAnalysis], ErrorAnalysis], text: str) -> bool:
        if not self.key and self.view.currentData() == EXAMPLES:
            return False
        refusal = self._document.try_edit(lambda p: edits.analyze_errors(p, change), text)
        self.say(refusal, bad=True)
        if refusal:
            self._show()  # a box that was ticked in vain
        return not refusal

    # What is shown.

    def _follow(self, before: Project, after: Project) -> None:
        if before.analysis == after.analysis:
            return
        self._show()
        if before.analysis.labels != after.analysis.labels:
            self.ask_again()

    def _show(self) -> None:
        found = self.found
        if found is None:
            return
        analysis = self._document.project.analysis
        self.table.show_table(error_table(analysis, found.keys, found.error))
        for button, step in ((self.back, -1), (self.forth, 1)):
            button.setEnabled(0 <= self.index + step < len(found.keys))
        if not found.keys:
            self.count.setText(self.tr("no errors"))
            self._show_view()
            return
        self.count.setText(self.tr("{:,} of {:,}").format(self.index + 1, len(found.keys)))
        words = self._words(found)
        self.words.setText(words)
        self.example.show_example(found, self.index, words)
        classes = found.classes if found.can_correct else ()
        self.editor.show_finding(analysis.categories, self.finding, classes)
        self._show_view()

    def _words(self, found: WrongExamples) -> str:
        number, one = found.number(self.index) + 1, found.wrong[self.index]
        prediction, label = found.prediction(self.index), found.label(self.index)
        if not found.targets.has_classes:
            text = self.tr("Dev example {:,}: predicted {}, target {}.")
            return text.format(number, prediction, label)
        text = self.tr("Dev example {:,}: predicted “{}” ({}), labeled “{}”.")
        return text.format(number, prediction, percent(one.confidence), label)

    def _show_view(self) -> None:
        is_table = self.view.currentData() == TABLE
        nothing = self.found is not None and not self.found.keys
        page = self.table if is_table else self._nothing if nothing else self._one
        self._views.setCurrentWidget(page)
        for widget in (self.back, self.forth, self.count):
            widget.setVisible(not is_table)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        high = self.height() > self.width()
        direction = QBoxLayout.Direction
        self._columns.setDirection(direction.TopToBottom if high else direction.LeftToRight)

    # Building.

    def _make_controls(self) -> None:
        row = ControlRow(self)
        views = [(self.tr("Examples"), EXAMPLES), (self.tr("Table"), TABLE)]
        self.view = row.add_combo(self.tr("View"), views)
        self.view.activated.connect(self._show_view)
        self.back = self._step_button("‹", -1, self.tr("Previous misclassified example (←, P)"))
        self.forth = self._step_button("›", 1, self.tr("Next misclassified example (→, N)"))
        for name, control in {
            "view": self.view,
            "previous": self.back,
            "next": self.forth,
        }.items():
            name_option(name, control)
        self.count = PlainLabel(parent=self)
        for widget in (self.back, self.count, self.forth):
            row.add(widget)
        self.header.addWidget(row, 1)

    def _step_button(self, text: str, step: int, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setAccessibleName(name)
        button.setToolTip(plain_tip(name))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setEnabled(False)
        button.clicked.connect(lambda: self.step_by(step))
        return button

    def _make_views(self) -> None:
        self.example, self.editor, self.table = ExampleView(), FindingEditor(), CategoryTable()
        self.words = PlainLabel()
        self.words.setWordWrap(True)
        self._nothing = PlainLabel(self.tr("The network gets every dev example right."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setProperty("role", "muted")
        self._one = self._make_page()
        self._views = QStackedWidget(self.content)
        for view in (self._one, self.table, self._nothing):
            self._views.addWidget(view)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._views)
        self.example.moved.connect(self.step_by)
        self.table.renamed.connect(self.rename_category)
        self.table.removed.connect(self.remove_category)
        editor = self.editor
        for signal, act in (
            (editor.looked_at, self.look_at),
            (editor.tagged, self.tag),
            (editor.added, self.add_category),
            (editor.mislabeled, self.mark_label),
            (editor.corrected, self.correct_label),
            (editor.noted, self.note),
        ):
            signal.connect(act)

    def _make_page(self) -> QWidget:
        """The example at the left or at the top, what is noted on it beside or below it."""
        page, area = QWidget(), QScrollArea()
        area.setWidget(self.editor)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(GRID_PX)
        self._columns.addWidget(self.example, 2)
        self._columns.addWidget(area, 3)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 2)
        layout.addWidget(self.words)
        layout.addLayout(self._columns, 1)
        return page

    def _make_keys(self) -> None:
        """Letters and digits stay letters and digits while somebody types into a field."""
        steps = {"N": partial(self.step_by, 1), "P": partial(self.step_by, -1)}
        digits = {str(n): partial(self.editor.toggle, n) for n in range(NUMBERED + 1)}
        for key, act in (steps | digits).items():
            action = QAction(self._one)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _checked=False, act=act: act())
            self._one.addAction(action)
