"""Gallery: all data that come with the program, at a glance."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine import EngineError
from engine.data import DataSource
from engine.probes.sketch import Sketch, sketch
from engine.project import Project
from studio.data_window.gallery_cards import CARD, Card, CardModel, CardPainter
from studio.forms.column import muted
from studio.forms.family import first_line
from studio.look.theme import GRID_PX, theme
from studio.model import edits
from studio.model.document import Document
from studio.running.jobs import Job, Jobs
from studio.running.painted_facts import facts_of_project
from studio.widgets.option import name_option

WIDTH_LETTERS, HEIGHT_LINES = 124, 36
SHARE_OF_SCREEN = 0.9


class Gallery(QDialog):
    """Choosing a card is one undoable edit of the project's data.

    table_asked, pictures_asked, painting_asked: somebody would rather bring own data.
    """

    table_asked = Signal()
    pictures_asked = Signal()
    painting_asked = Signal()
    _drawn = Signal(int, object, object, str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._jobs = document, Jobs(self)
        self._job: Job | None = None
        self.setWindowTitle(self.tr("Choose Data"))
        self.cards = CardModel()
        self.list = QListView()
        self._painter = CardPainter(self.cards)
        self.about, self.use = muted(), QPushButton(self.tr("Use This Data Set"))
        self._make_list()
        self._arrange()
        self._drawn.connect(self._show_sketch)
        self.list.activated.connect(self._activate)
        self.list.selectionModel().currentChanged.connect(self._describe)
        self.use.clicked.connect(self.choose)
        name_option("use", self.use)
        document.changed.connect(self._follow)
        theme.changed.connect(self.list.viewport().update)

    @property
    def current(self) -> Card:
        """The card that is selected."""
        return self.list.currentIndex().data(CARD)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.cards.show_in_use(self._document.project.data.source)
        self.list.setCurrentIndex(self.cards.index(self.cards.row_in_use()))
        self.list.setFocus()
        self._draw()

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data. cards: the kind, title and facts of each source,
        whether it is in use, and why it cannot be loaded. current: the kind that is selected."""
        cards = [
            {
                "kind": card.source.kind,
                "title": card.source.title,
                "facts": self.cards.facts(card),
                "sketched": card.sketch is not None,
                "in_use": card.in_use,
                "failure": card.failure,
            }
            for card in self.cards.cards
        ]
        facts = facts_of_project(self._document.project, message=self.about.text())
        return {**facts, "cards": cards, "current": self.current.source.kind}

    def choose(self) -> None:
        """Make the selected source the project's."""
        source = self.current.source
        refusal = self._document.try_edit(
            lambda p: edits.set_source(p, source),
            self.tr("Choose the data %s") % source.title,
        )
        if refusal:
            self.about.setText(refusal)
        else:
            self.accept()

    def shut_down(self) -> None:
        """End the work; returns when it has ended."""
        self._jobs.close()

    # The thumbnails

    def _draw(self) -> None:
        """Load and sketch, off the window's thread, what has no sketch yet."""
        wanted = [
            (row, card.source)
            for row, card in enumerate(self.cards.cards)
            if card.sketch is None and not card.failure
        ]
        if wanted and self._job is None:
            self._job = self._jobs.start(lambda job: self._sketch_all(job, wanted))
            self._job.ended.connect(self._rest)

    def _sketch_all(self, job: Job, wanted: list[tuple[int, DataSource]]) -> None:
        """On the job's thread."""
        for done, (row, source) in enumerate(wanted):
            job.report(done, len(wanted))
            try:
                self._drawn.emit(row, source, sketch(source), "")
            except EngineError as error:
                self._drawn.emit(row, source, None, str(error))

    def _show_sketch(
        self, row: int, source: DataSource, found: Sketch | None, failure: str
    ) -> None:
        if self.cards.cards[row].source == source:
            self.cards.show_sketch(row, found, failure)

    def _rest(self) -> None:
        self._job = None
        if self.isVisible():
            self._draw()

    def _follow(self, before: Project, after: Project) -> None:
        if self.isVisible() and before.data.source is not after.data.source:
            self.cards.show_in_use(after.data.source)
            self._draw()

    # What a person does

    def _activate(self, _index: QModelIndex) -> None:
        self.choose()

    def _describe(self, index: QModelIndex) -> None:
        if index.isValid():
            card: Card = index.data(CARD)
            self.about.setText(f"{card.source.title}: {first_line(type(card.source))}")

    # How it is laid out

    def _make_list(self) -> None:
        view = self.list
        view.setModel(self.cards)
        view.setItemDelegate(self._painter)
        view.setAccessibleName(self.tr("Built-in data sets"))
        view.setViewMode(QListView.ViewMode.IconMode)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setMovement(QListView.Movement.Static)
        view.setUniformItemSizes(True)
        view.setSpacing(GRID_PX // 2)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.list, 1)
        self.about.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.about)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        for text, asked in (
            (self.tr("Open a Table…"), self.table_asked),
            (self.tr("Open Pictures…"), self.pictures_asked),
            (self.tr("Paint Points…"), self.painting_asked),
        ):
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.clicked.connect(self.close)
            button.clicked.connect(asked)
            row.addWidget(button)
        row.addStretch(1)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.close)
        self.use.setDefault(True)
        row.addWidget(cancel)
        row.addWidget(self.use)
        column.addLayout(row)
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        metrics, screen = self.fontMetrics(), self.screen().availableSize() * SHARE_OF_SCREEN
        width = WIDTH_LETTERS * metrics.averageCharWidth()
        return QSize(width, HEIGHT_LINES * metrics.lineSpacing()).boundedTo(screen)
