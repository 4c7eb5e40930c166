"""ImportDialog: what opening a table and opening pictures share: reading with progress, and the
choice between skipping what is bad and stopping at it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from engine import DataError
from engine.data import OwnSource, Watch, propose
from engine.project import Project
from studio.forms.column import ScrollColumn
from studio.forms.sentence import Sentence
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX
from studio.model import edits
from studio.model.document import Document
from studio.running.jobs import Job, Jobs
from studio.running.painted_facts import facts_of_project
from studio.widgets.option import name_option

PARTS = 1_000
"""So finely is the progress of a reading told."""
WIDTH_LETTERS, HEIGHT_LINES = 140, 40
SHARE_OF_SCREEN = 0.92
SIDE_LETTERS = 42


class ImportDialog(QDialog):
    """A subclass shows what is there, and says how it is read (`reader`).

    read(sentence): the data are in the project; the sentence says what was read, and left out.
    """

    read = Signal(str)

    def __init__(self, document: Document, title: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.document, self.jobs = document, Jobs(self)
        self._job: Job | None = None
        self.setWindowTitle(title)
        self.side = ScrollColumn()
        self.facts, self.problem = PlainLabel(), Sentence()
        self.facts.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress of reading"))
        self.skip = QPushButton(self.tr("Skip Bad Items and Read"))
        self.cancel, self.go = QPushButton(self.tr("Cancel")), QPushButton(self.tr("Read"))
        self.skip.hide()
        self.progress.hide()
        self.go.clicked.connect(self.start_reading)
        self.skip.clicked.connect(self._skip_and_read)
        self.cancel.clicked.connect(self.reject)
        name_option("read", self.go)

    def reader(self) -> Callable[[Watch], Any]:
        """A function that reads everything, on another thread; it returns what `source_of` and
        `words_of` understand."""
        raise NotImplementedError

    def source_of(self, result: Any) -> OwnSource:
        """The source that was read."""
        raise NotImplementedError

    def words_of(self, result: Any) -> str:
        """What was read, and what was left out, in sentences."""
        raise NotImplementedError

    def skip_bad(self) -> None:
        """From now on, leave out what is bad."""
        raise NotImplementedError

    def painted(self) -> dict[str, Any]:
        """What there is to read, as plain data; a subclass says it."""
        raise NotImplementedError

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data. facts: how much there is to read. can_read: whether
        it can be read as it is set."""
        facts = facts_of_project(self.document.project, message=self.problem.text.text())
        about = {"facts": self.facts.text(), "can_read": self.go.isEnabled()}
        return {**facts, **about, **self.painted()}

    @property
    def reading(self) -> bool:
        """Whether the data are being read."""
        return self._job is not None

    def start_reading(self) -> None:
        """Read it all, off the window's thread."""
        if self._job is not None:
            return
        work = self.reader()
        self.problem.show_text("")
        self.skip.hide()
        self.side.setEnabled(False)
        self.go.setEnabled(False)
        self.progress.setRange(0, PARTS)
        self.progress.setValue(0)
        self.progress.show()
        self._job = self.jobs.start(lambda job: work(watch_of(job)))
        self._job.progressed.connect(lambda done, _total: self.progress.setValue(done))
        self._job.succeeded.connect(self._take)
        self._job.failed.connect(partial(self._tell_failure, self._job))
        self._job.cancelled.connect(self._tell_cancelled)
        self._job.ended.connect(self._rest)

    def reject(self) -> None:
        """Stop the reading; a second time, or where nothing is read, close."""
        if self._job is not None:
            self._job.cancel()
        else:
            super().reject()

    def shut_down(self) -> None:
        """End all work; returns when it has ended."""
        self.jobs.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._job is not None:
            self._job.cancel()
        super().closeEvent(event)

    # What happens

    def _take(self, result: Any) -> None:
        source, words = self.source_of(result), self.words_of(result)
        refusal = self.document.try_edit(
            lambda project: with_source(project, source),
            self.tr("Open the data %s") % words.split(":")[0],
        )
        if refusal:
            self.problem.show_text(refusal)
            return
        self.read.emit(words)
        self.accept()

    def _tell_failure(self, job: Job, sentence: str) -> None:
        self.problem.show_text(sentence)
        self.skip.setVisible(isinstance(job.error, DataError) and job.error.can_skip)

    def _tell_cancelled(self) -> None:
        self.problem.show_text(self.tr("Reading was canceled. Nothing was changed."))

    def _rest(self) -> None:
        self._job = None
        self.progress.hide()
        self.side.setEnabled(True)
        self.refresh_buttons()

    def refresh_buttons(self) -> None:
        """A subclass may have reasons against reading."""
        self.go.setEnabled(self._job is None)

    def _skip_and_read(self) -> None:
        self.skip_bad()
        self.start_reading()

    # How it is laid out

    def arrange(self, main: QWidget, *below: QWidget) -> None:
        """The settings on the left, what is there on the right, and what belongs below both."""
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(self.side)
        split.addWidget(main)
        split.setStretchFactor(1, 1)
        letter = self.fontMetrics().averageCharWidth()
        split.setSizes([SIDE_LETTERS * letter, (WIDTH_LETTERS - SIDE_LETTERS) * letter])
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.facts)
        column.addWidget(split, 1)
        for widget in below:
            column.addWidget(widget)
        column.addWidget(self.problem)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self.progress, 1)
        row.addStretch(0)
        self.go.setDefault(True)
        for button in (self.skip, self.cancel, self.go):
            button.setAutoDefault(button is self.go)
            row.addWidget(button)
        row.setAlignment(Qt.AlignmentFlag.AlignRight)
        column.addLayout(row)
        self.resize(WIDTH_LETTERS * letter, HEIGHT_LINES * self.fontMetrics().lineSpacing())
        self.resize(self.size().boundedTo(self.screen().availableSize() * SHARE_OF_SCREEN))


def watch_of(job: Job) -> Watch:
    """What the engine tells and asks while it reads, passed on to a job."""
    return Watch(lambda share: job.report(int(PARTS * share), PARTS), job.is_cancelled)


def with_source(project: Project, source: OwnSource) -> Project:
    """The project with own data, divided as the lectures propose for this many examples."""
    project, examples = edits.set_source(project, source), source.examples()
    if examples > 1:
        plan = project.data.with_preset(propose(examples).preset)
        project = project.replace(data=plan)
    return project


def plural(count: int, one: str, many: str) -> str:
    """ "1 row" or "12 rows"."""
    return one if count == 1 else many.format(n=count)
