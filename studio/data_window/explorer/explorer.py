"""Explorer: the window that shows the examples of the project, set by set."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from engine.data import Dataset, Splits
from engine.project import Project
from engine.project.sets import Sets, is_test_set_open
from studio.data_window.explorer.class_counts import class_counts
from studio.data_window.explorer.example_views import ExampleViews
from studio.forms.column import muted
from studio.forms.sentence import Sentence
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX
from studio.model.document import Document
from studio.running.jobs import Job, Jobs
from studio.running.painted_facts import facts_of_project
from studio.widgets.controls import FieldComboBox
from studio.widgets.option import name_option
from studio.widgets.veil import Veil

WIDTH_LETTERS, HEIGHT_LINES = 130, 40
SHARE_OF_SCREEN = 0.9
AFTER_MS = 200
SET_NAMES = ("train", "train_dev", "dev", "test")
SEALED = "test"


class Explorer(QDialog):
    """Follows the data of the document while it is open. The test set stays sealed until it was
    opened on record; after that, its classes are counted, too."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._document, self._jobs = document, Jobs(self)
        self._job: Job | None = None
        self._shown: tuple[object, ...] = ()
        self._project = document.project
        self._counted: list[str] = []
        self.sets: dict[str, Dataset] = {}
        self.setWindowTitle(self.tr("Data"))
        self.choice, self.status, self.problem = FieldComboBox(), muted(), Sentence()
        self.views = ExampleViews()
        self._soon = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._soon.timeout.connect(self._load)
        self._arrange()
        self.veil = Veil(self.views)
        document.changed.connect(self._follow)
        self.choice.currentIndexChanged.connect(self._show_set)
        self.views.currentChanged.connect(self._show_set)

    @property
    def loading(self) -> bool:
        """Whether examples are on their way."""
        return self._job is not None or self._soon.isActive()

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data. view: the tab in front; the rest is what it shows.
        set: of the classes, all that are counted."""
        told = self.problem.text.text() or self.status.text()
        of_set = " ".join(self._counted) if self.views.counts_all else self.choice.currentData()
        facts = facts_of_project(
            self._project, of_set or "", self.veil.sentence, told, not self.sets
        )
        return facts if facts["empty"] else {**facts, **self.views.painted()}

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._load()

    def shut_down(self) -> None:
        """End the work; returns when it has ended."""
        self._soon.stop()
        self._jobs.close()

    # Loading

    def _follow(self, before: Project, after: Project) -> None:
        if self.isVisible():
            self._judge_age()
            self._soon.start()

    def _judge_age(self) -> None:
        """Dim what is of other examples than the project's."""
        is_old = self._about(self._document.project) != self._about(self._project)
        is_old = is_old or not self.sets
        failed = self.tr("These are the earlier examples.")
        waits = self.tr("Loading the examples…")
        told = failed if self.problem.text.text() else waits
        self.veil.show_sentence(told if is_old else "")

    def _about(self, project: Project) -> tuple[object, ...]:
        """Equal for projects whose examples look alike here."""
        return project.data, project.analysis.labels, is_test_set_open(project)

    def _load(self) -> None:
        """Build the sets, off the window's thread, if they are others than those shown."""
        project = self._document.project
        about = self._about(project)
        if self._job is not None or self._shown == about:
            return
        self._shown = about
        self.problem.show_text("")
        self._judge_age()
        self._job = self._jobs.start(lambda _job: _loaded(project, self._document.sets))
        self._job.succeeded.connect(lambda answer: self._take(answer, project))
        self._job.failed.connect(self._refuse)
        self._job.ended.connect(self._rest)

    def _take(self, answer: tuple[Splits, dict[str, list[int]]], project: Project) -> None:
        (splits, counts), opened = answer, is_test_set_open(project)
        self._project = project
        titles = {
            "train": self.tr("Training set"),
            "train_dev": self.tr("Train-dev set"),
            "dev": self.tr("Dev set"),
            SEALED: self.tr("Test set"),
        }
        found = {title: getattr(splits, name) for name, title in titles.items()}
        sets = {title: data for title, data in found.items() if data is not None}
        of_titles = {title: counts[name] for name, title in titles.items() if name in counts}
        counted = {t: data for t, data in sets.items() if opened or t != titles[SEALED]}
        self._counted = [name for name, title in titles.items() if title in counted]
        self.views.counts.show_sets(counted, of_titles)
        self.sets = {title: data for title, data in sets.items() if title != titles[SEALED]}
        self._offer({name: title for name, title in titles.items() if title in self.sets})
        self.views.offer_pictures(splits.train.image_shape is not None)
        self.views.setEnabled(True)
        self._show_set()
        self._judge_age()

    def _offer(self, titles: dict[str, str]) -> None:
        """List the sets that can be looked at; the one that was chosen stays."""
        kept = self.choice.currentData()
        self.choice.blockSignals(True)
        self.choice.clear()
        for name, title in titles.items():
            self.choice.addItem(title, name)
        self.choice.setCurrentIndex(max(0, self.choice.findData(kept)))
        self.choice.blockSignals(False)

    def _refuse(self, sentence: str) -> None:
        self.status.setText("")
        self.problem.show_text(sentence)
        self._judge_age()
        self.views.setEnabled(False)

    def _rest(self) -> None:
        self._job = None
        if self.isVisible():
            self._load()

    # What is shown

    def _show_set(self, _index: int = 0) -> None:
        """Give the examples of the chosen set to the view in front; the others wait."""
        data = self.sets.get(self.choice.currentText())
        if data is None:
            return
        examples = self.tr("{m:,} examples") if data.m != 1 else self.tr("1 example")
        features = self.tr("{n:,} features") if data.n_x != 1 else self.tr("1 feature")
        words = f"{examples.format(m=data.m)}, {features.format(n=data.n_x)}."
        self.status.setText(f"{words} {self._told_of_test_set()}".strip())
        self.views.show_examples(data)

    def _told_of_test_set(self) -> str:
        """Whether it is sealed; "" where there is none."""
        if not self._project.data.test:
            return ""
        if is_test_set_open(self._project):
            return self.tr("The test set was opened: only its classes are counted here.")
        return self.tr("The test set stays sealed.")

    # How it is laid out

    def _arrange(self) -> None:
        top = QHBoxLayout()
        label = PlainLabel(self.tr("&Examples from the"))
        label.setBuddy(self.choice)
        self.choice.setAccessibleName(self.tr("Set shown"))
        for widget in (label, self.choice):
            top.addWidget(widget)
        top.addWidget(self.status, 1)
        name_option("set", self.choice)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(top)
        column.addWidget(self.problem)
        column.addWidget(self.views, 1)
        metrics = self.fontMetrics()
        width = WIDTH_LETTERS * metrics.averageCharWidth()
        self.resize(width, HEIGHT_LINES * metrics.lineSpacing())
        self.resize(self.size().boundedTo(self.screen().availableSize() * SHARE_OF_SCREEN))


def _loaded(project: Project, sets: Sets) -> tuple[Splits, dict[str, list[int]]]:
    """The sets, and how many examples of each class each of them has; on another thread."""
    splits = sets.of(project).raw
    found = {name: getattr(splits, name) for name in SET_NAMES}
    return splits, {name: class_counts(data) for name, data in found.items() if data is not None}
