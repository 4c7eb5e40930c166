"""TestSetDialog: the only place that shows what the sealed test set says, and how often it did."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine import Trainer
from engine.doctor.held_out import TestFigures, open_test_set
from engine.project import Project
from engine.project.held_out import Opening
from engine.words import percent
from studio.forms.column import heading, muted
from studio.forms.sentence import Sentence
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX, tabular_font
from studio.model.document import Document
from studio.running.jobs import sentence
from studio.running.painted_facts import facts_of_project
from studio.running.session import Session, State
from studio.widgets.option import name_option

WIDTH_LETTERS, HEIGHT_LINES = 64, 24
SHARE_OF_SCREEN = 0.9
UNTRAINED = (State.EMPTY, State.PREPARING, State.READY)
Result = tuple[Opening, TestFigures]


class TestSetDialog(QDialog):
    """Asks before it opens the test set, evaluates the network of the run, and keeps a record."""

    __test__ = False  # pytest collects classes by their names

    _evaluated = Signal(object, object)

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._session = document, session
        self._asked: Project | None = None
        self.setWindowTitle(self.tr("Open the Test Set"))
        self.obstacle, self.answer, self.detail = Sentence(), heading(""), muted()
        self.count, self.table = PlainLabel(), QTableWidget(0, 4)
        self.open_button, self.cancel = QPushButton(), QPushButton(self.tr("Close"))
        self._make_table()
        self._arrange()
        name_option("open", self.open_button)
        self.open_button.clicked.connect(self.evaluate)
        self.cancel.clicked.connect(self.close)
        self._evaluated.connect(self._take)
        document.opened.connect(self._forget)
        document.changed.connect(self._refresh)
        session.state_changed.connect(self._refresh)
        session.stale_changed.connect(self._refresh)
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.answer.setText("")
        self.detail.setText("")
        self._refresh()

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data. answer, detail: sentences about the test set, or ""
        before it was opened here. openings: how often it was opened on record."""
        project, answer = self._document.project, self.answer.text()
        return {
            **facts_of_project(project, "test", message=self.obstacle.text.text()),
            "answer": answer,
            "detail": self.detail.text(),
            "openings": self.table.rowCount(),
        }

    def evaluate(self) -> None:
        """Evaluate the trained network on the test set, on its own thread, between two steps."""
        self._asked = project = self._document.project
        self.open_button.setEnabled(False)

        def work(trainer: Trainer) -> Result:
            opened, figures = open_test_set(project, trainer.network, trainer.data)
            return opened.openings[-1], figures

        future = self._session.call(work)
        future.add_done_callback(lambda done: self._evaluated.emit(done, project))

    # What happens

    def _forget(self) -> None:
        """Another project is open: an answer that is on its way is not about it."""
        self._asked = None
        self.answer.setText("")
        self.detail.setText("")

    def _take(self, done: Future[Result], project: Project) -> None:
        if self._asked is not project:
            return
        error = done.exception()
        if error is not None:
            self.obstacle.show_text(
                sentence(error if isinstance(error, Exception) else Exception())
            )
            return
        opening, figures = done.result()
        low, high = figures.error.interval
        words = self.tr("Test error {error} on {m:,} examples.")
        self.answer.setText(words.format(error=percent(figures.error.value, digits=2), m=figures.m))
        words = self.tr(
            "With 95 % confidence, the error on new examples is between {low} and "
            "{high}. Mean loss {cost}."
        )
        self.detail.setText(
            words.format(
                low=percent(low, digits=2), high=percent(high, digits=2), cost=f"{figures.cost:.4g}"
            )
        )
        self._document.keep_opening(opening)
        self._refresh()

    def _refresh(self, *_what: object) -> None:
        if not self.isVisible():
            return
        openings = self._document.project.openings
        self._show_record(openings)
        obstacle = self._what_prevents_it()
        self.obstacle.show_text(obstacle)
        self.open_button.setEnabled(not obstacle)
        again = self.tr("Open It Again") if openings else self.tr("Open the Test Set")
        self.open_button.setText(again)

    def _what_prevents_it(self) -> str:
        if self._document.project.data.test == 0:
            return self.tr(
                "There is no test set: its share of the examples is 0. Give it a "
                "share in the Data panel, and train again."
            )
        if self._session.state in UNTRAINED or not self._session.progress.iteration:
            return self.tr("The network has not been trained yet. Train it first.")
        if self._session.stale:
            return self.tr(
                "The design, the data, or the seed has changed since this run began. "
                "Rewind and train again, so that the test error describes what is on "
                "the canvas."
            )
        return ""

    def _show_record(self, openings: tuple[Opening, ...]) -> None:
        times = len(openings)
        if not times:
            words = self.tr("It has not been opened in this project.")
        elif times == 1:
            words = self.tr("It has been opened once in this project.")
        else:
            words = self.tr(
                "It has been opened {n} times in this project. Changes made in "
                "between were chosen by looking at it, so its error is no longer "
                "unbiased."
            ).format(n=times)
        self.count.setText(words)
        self.table.setVisible(bool(times))
        self.table.setRowCount(times)
        for row, opening in enumerate(reversed(openings)):
            texts = (
                opening.at.replace("T", "  "),
                f"{opening.m:,}",
                percent(opening.error, digits=2),
                f"{opening.cost:.4g}",
            )
            for column, text in enumerate(texts):
                self.table.setItem(row, column, _cell(text, column))

    # How it is laid out

    def _make_table(self) -> None:
        labels = [self.tr("Opened"), self.tr("Examples"), self.tr("Error"), self.tr("Mean loss")]
        self.table.setHorizontalHeaderLabels(labels)
        self.table.setAccessibleName(self.tr("Times the test set was opened"))
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(muted(self._why_it_is_sealed()))
        self.count.setWordWrap(True)
        for widget in (self.count, self.obstacle, self.answer, self.detail):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        column.addStretch()
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self.cancel.setDefault(True)  # whoever presses Enter without reading opens nothing
        self.open_button.setAutoDefault(False)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.cancel)
        column.addLayout(buttons)
        metrics = self.fontMetrics()
        width = WIDTH_LETTERS * metrics.averageCharWidth()
        self.resize(width, HEIGHT_LINES * metrics.lineSpacing())
        self.resize(self.size().boundedTo(self.screen().availableSize() * SHARE_OF_SCREEN))

    def _why_it_is_sealed(self) -> str:
        return self.tr(
            "The test set gives one unbiased estimate. Open it after choosing a "
            "design, not to choose one. Each opening is recorded in the project and "
            "cannot be undone."
        )


def _cell(text: str, column: int) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setFont(tabular_font())
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return item
