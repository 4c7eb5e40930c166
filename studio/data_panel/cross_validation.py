"""CrossValidation: k runs, each with another part of the examples held back, and what they say."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.data.splitting.folds import MOST_FOLDS
from engine.experiments import cross_validate, summarize
from engine.experiments.folds import Fold
from engine.project import Project, same_run
from engine.words import percent
from studio.forms.column import muted
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX, tabular_font
from studio.model.document import Document
from studio.running.jobs import CancelledError, Job, Jobs
from studio.widgets.option import name_option
from studio.widgets.veil import Veil

USUAL_FOLDS = 5
WIDTH_LETTERS, HEIGHT_LINES = 64, 28
SHARE_OF_SCREEN = 0.9
CONFIDENCE = 95


class CrossValidation(QDialog):
    """Trains the open design again for each fold, beside the run, which is not affected.

    The test set stays out of it.
    """

    _found = Signal(object)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._document, self._jobs = document, Jobs(self)
        self._job: Job | None = None
        self._about: Project | None = None
        self.folds: list[Fold] = []
        self.setWindowTitle(self.tr("Cross-Validation"))
        self.count, self.start = QSpinBox(), QPushButton()
        self.progress, self.table = QProgressBar(), QTableWidget(0, 3)
        self.summary, self.message = PlainLabel(), muted()
        self._make_controls()
        self._make_table()
        self._arrange()
        self._found.connect(self._add)
        document.changed.connect(self._judge_age)
        self._show_idle()

    def begin(self) -> None:
        """Train k times, or stop doing so."""
        if self._job is not None:
            self._job.cancel()
            return
        if not self._document.report.ok:
            self.message.setText(str(self._document.report.problems[0]))
            return
        self.folds, self._about = [], self._document.project
        self.table.setRowCount(0)
        self.veil.show_sentence("")
        self.summary.setText("")
        project, k = self._about, self.count.value()
        self._job = self._jobs.start(lambda job: self._work(job, project, k))
        self._job.progressed.connect(self._show_progress)
        self._job.succeeded.connect(self._finish)
        self._job.failed.connect(self.message.setText)
        self._job.cancelled.connect(self._tell_cancelled)
        self._job.ended.connect(self._rest)
        self.start.setText(self.tr("Cancel"))
        self.count.setEnabled(False)
        self.message.setText(self.tr("Trains the design %d times.") % k)

    def shut_down(self) -> None:
        """End the work; returns when it has ended."""
        self._jobs.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._job is not None:
            self._job.cancel()
        super().closeEvent(event)

    def _work(self, job: Job, project: Project, k: int) -> None:
        """On the job's thread."""
        for fold in cross_validate(project, k, job.is_cancelled, job.report):
            self._found.emit(fold)
        if job.is_cancelled():
            raise CancelledError("Cross-validation was canceled.")

    # What happens

    def _add(self, fold: Fold) -> None:
        self.folds.append(fold)
        row = self.table.rowCount()
        self.table.insertRow(row)
        texts = (f"{fold.number}", percent(fold.train.value), percent(fold.dev.value))
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setFont(tabular_font())
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, column, item)
        self.table.scrollToBottom()

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    def _finish(self, _result: object) -> None:
        found = summarize(self.folds)
        words = self.tr(
            "Dev error {mean} ± {spread} (mean and standard deviation of {k} folds); "
            "training error {train}."
        )
        self.summary.setText(
            words.format(
                mean=percent(found.mean),
                spread=percent(found.spread),
                k=found.k,
                train=percent(found.train_mean),
            )
        )
        low, high = found.interval
        self.message.setText(
            self.tr("With {c} % confidence, the mean is between {low} and {high}.").format(
                c=CONFIDENCE, low=percent(max(0.0, low)), high=percent(high)
            )
        )

    def _tell_cancelled(self) -> None:
        self.message.setText(self.tr("Canceled. The folds above are finished runs."))

    def _rest(self) -> None:
        self._job = None
        self._show_idle()
        self._judge_age()

    def _show_idle(self) -> None:
        self.start.setText(self.tr("Train All Folds"))
        self.count.setEnabled(True)
        self.progress.reset()

    def _judge_age(self, *_projects: Project) -> None:
        """Dim what is about another design, settings or data than those of the project."""
        if self._about is None or not self.folds:
            return
        old = self.tr("The project has changed since these folds were trained.")
        self.veil.show_sentence("" if same_run(self._about, self._document.project) else old)

    # How it is laid out

    def _make_controls(self) -> None:
        self.count.setRange(2, MOST_FOLDS)
        self.count.setValue(USUAL_FOLDS)
        self.count.setAccessibleName(self.tr("Number of folds"))
        self.start.setDefault(True)
        self.start.clicked.connect(self.begin)
        name_option("folds", self.count)
        name_option("train_folds", self.start)
        self.progress.setAccessibleName(self.tr("Progress of cross-validation"))
        self.summary.setWordWrap(True)
        self.summary.setProperty("role", "heading")
        self.summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _make_table(self) -> None:
        labels = [self.tr("Fold"), self.tr("Training error"), self.tr("Dev error")]
        self.table.setHorizontalHeaderLabels(labels)
        self.table.setAccessibleName(self.tr("Errors by fold"))
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setTabKeyNavigation(False)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        label = PlainLabel(self.tr("&Folds"))
        label.setBuddy(self.count)
        for widget in (label, self.count, self.start):
            top.addWidget(widget)
        top.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(muted(self._how_it_works()))
        column.addLayout(top)
        column.addWidget(self.progress)
        column.addWidget(self._results(), 1)
        metrics, screen = self.fontMetrics(), self.screen().availableSize() * SHARE_OF_SCREEN
        width = WIDTH_LETTERS * metrics.averageCharWidth()
        self.resize(width, HEIGHT_LINES * metrics.lineSpacing())
        self.resize(self.size().boundedTo(screen))

    def _results(self) -> QWidget:
        """The folds and what they say, which get old together."""
        results = QWidget()
        column = QVBoxLayout(results)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.table, 1)
        column.addWidget(self.summary)
        column.addWidget(self.message)
        self.veil = Veil(results)
        return results

    def _how_it_works(self) -> str:
        return self.tr(
            "Train and dev examples are pooled and split into k parts. Each part "
            "serves once as the dev set of a network trained on the others, so every "
            "example is evaluated by a network that has not seen it. The test set "
            "stays sealed."
        )
