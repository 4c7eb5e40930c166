"""Explorer: the window that shows the examples of the project, set by set."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from engine.data import Dataset, Splits
from engine.probes.sampling import class_words, some
from engine.probes.sketch import pictures_of
from engine.project import Project
from engine.project.sets import Sets, is_test_set_open
from studio.data_window.explorer.class_counts import ClassCounts, class_counts
from studio.data_window.explorer.histograms import Histograms
from studio.data_window.explorer.rows_model import RowsModel
from studio.data_window.explorer.scatter import ScatterView
from studio.forms.column import muted
from studio.forms.row import Sentence
from studio.look.theme import GRID_PX
from studio.model.document import Document
from studio.running.jobs import Job, Jobs
from studio.widgets.controls import FieldComboBox
from studio.widgets.tiles import Tile, Tiles, gray_table

MOST_PICTURES = 200
COLUMN_LETTERS = 20
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
        self.sets: dict[str, Dataset] = {}
        self.setWindowTitle(self.tr("Data"))
        self.choice, self.status, self.problem = FieldComboBox(), muted(), Sentence()
        self.tabs, self.rows, self.table = QTabWidget(), RowsModel(), QTableView()
        self.scatter, self.histograms, self.counts = ScatterView(), Histograms(), ClassCounts()
        self.pictures = Tiles(self.tr("Pictures of the examples"))
        self._soon = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._soon.timeout.connect(self._load)
        self._make_table()
        self._arrange()
        document.changed.connect(self._follow)
        self.choice.currentIndexChanged.connect(self._show_set)
        self.tabs.currentChanged.connect(self._show_set)

    @property
    def loading(self) -> bool:
        """Whether examples are on their way."""
        return self._job is not None or self._soon.isActive()

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
            self._soon.start()

    def _load(self) -> None:
        """Build the sets, off the window's thread, if they are others than those on show."""
        project = self._document.project
        opened = is_test_set_open(project)
        about = (project.data, project.analysis.labels, opened)
        if self._job is not None or self._shown == about:
            return
        self._shown = about
        self.status.setText(self.tr("The examples are being loaded…"))
        self._job = self._jobs.start(lambda _job: _loaded(project, self._document.sets))
        self._job.succeeded.connect(lambda answer: self._take(answer, opened))
        self._job.failed.connect(self._refuse)
        self._job.ended.connect(self._rest)

    def _take(self, answer: tuple[Splits, dict[str, list[int]]], opened: bool) -> None:
        splits, counts = answer
        self.problem.show_text("")
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
        self.counts.show_sets(counted, of_titles)
        self.sets = {title: data for title, data in sets.items() if title != titles[SEALED]}
        kept = self.choice.currentText()
        self.choice.blockSignals(True)
        self.choice.clear()
        self.choice.addItems(list(self.sets))
        self.choice.setCurrentIndex(max(0, self.choice.findText(kept)))
        self.choice.blockSignals(False)
        has_pictures = splits.train.image_shape is not None
        self.tabs.setTabVisible(self.tabs.indexOf(self.pictures), has_pictures)
        self.tabs.setEnabled(True)
        self._show_set()

    def _refuse(self, sentence: str) -> None:
        self.status.setText("")
        self.problem.show_text(sentence)
        self.tabs.setEnabled(False)

    def _rest(self) -> None:
        self._job = None
        if self.isVisible():
            self._load()

    # What is on show

    def _show_set(self, _index: int = 0) -> None:
        """Give the examples of the chosen set to the view in front; the others wait."""
        data = self.sets.get(self.choice.currentText())
        if data is None:
            return
        words = self.tr("{m:,} examples, {n:,} features. The test set stays sealed.")
        self.status.setText(words.format(m=data.m, n=data.n_x))
        front = self.tabs.currentWidget()
        if front is self.table and self.rows.examples is not data:
            self.rows.show_examples(data)
        elif front is self.pictures and data.image_shape is not None:
            self._show_pictures(data)
        elif front in (self.scatter, self.histograms):
            front.show_examples(data)

    def _show_pictures(self, data: Dataset) -> None:
        chosen = some(data, MOST_PICTURES)
        pictures = pictures_of(data, chosen)
        shown = pictures[..., 0] if pictures.shape[3] == 1 else pictures
        captions = [class_words(data, int(index)) for index in chosen]

        def tile_of(place: int) -> Tile:
            number = int(chosen[place]) + 1
            return Tile(captions[place], self.tr("Example %d: %s") % (number, captions[place]))

        self.pictures.show_pictures(
            np.ascontiguousarray(shown), gray_table(data.ink), tile_of, max(captions, key=len)
        )

    # How it is laid out

    def _make_table(self) -> None:
        self.table.setModel(self.rows)
        self.table.setAccessibleName(self.tr("Examples as rows"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setCornerButtonEnabled(False)
        header, metrics = self.table.horizontalHeader(), self.fontMetrics()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setDefaultSectionSize(COLUMN_LETTERS * metrics.averageCharWidth())
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(metrics.lineSpacing() + GRID_PX // 2)
        self.table.verticalHeader().setHighlightSections(False)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        label = QLabel(self.tr("&Examples of the"))
        label.setBuddy(self.choice)
        self.choice.setAccessibleName(self.tr("Set on show"))
        for widget in (label, self.choice):
            top.addWidget(widget)
        top.addWidget(self.status, 1)
        for view, title in (
            (self.table, self.tr("&Table")),
            (self.scatter, self.tr("&Scatter")),
            (self.histograms, self.tr("&Histograms")),
            (self.pictures, self.tr("&Pictures")),
            (self.counts, self.tr("&Classes")),
        ):
            self.tabs.addTab(view, title)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(top)
        column.addWidget(self.problem)
        column.addWidget(self.tabs, 1)
        metrics = self.fontMetrics()
        width = WIDTH_LETTERS * metrics.averageCharWidth()
        self.resize(width, HEIGHT_LINES * metrics.lineSpacing())
        self.resize(self.size().boundedTo(self.screen().availableSize() * SHARE_OF_SCREEN))


def _loaded(project: Project, sets: Sets) -> tuple[Splits, dict[str, list[int]]]:
    """The sets, and how many examples of each class each of them has; on another thread."""
    splits = sets.of(project).raw
    found = {name: getattr(splits, name) for name in SET_NAMES}
    return splits, {name: class_counts(data) for name, data in found.items() if data is not None}
