"""MissingData: asks what to do where a project's own data are gone, or are others than before."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from engine.data import DataFileError, DataPlan, DataSource, OwnSource, PicturesSource, TableSource
from engine.project import Project
from studio.data_window.import_dialog import watch_of
from studio.model import edits
from studio.model.document import Document
from studio.running.jobs import Job, Jobs
from studio.widgets.question import message_box

Movable = TableSource | PicturesSource


class MissingData(QObject):
    """Looks after the files of a project's data, off the window's thread, when it is opened.

    The answer is one undoable edit; nobody's design or settings are touched. noted(sentence): what
    was done. told(sentence): what prevented it.
    """

    noted = Signal(str)
    told = Signal(str)

    def __init__(self, document: Document, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._window = document, window
        self._jobs = Jobs(self)
        self.box: QMessageBox | None = None

    @property
    def busy(self) -> bool:
        """Whether files are being looked at or read."""
        return self._jobs.busy

    def look(self) -> None:
        """Check the files of the project's data, if it has any; ask where something is wrong."""
        plan = self._document.project.data
        if any(isinstance(source, OwnSource) for source in sources_of(plan).values()):
            job = self._jobs.start(lambda _job: (plan, wrong_sources(plan)))
            job.succeeded.connect(self._ask)

    def shut_down(self) -> None:
        """End all work; returns when it has ended."""
        self._jobs.close()

    # The question

    def _ask(self, answer: tuple[DataPlan, list[tuple[str, DataFileError]]]) -> None:
        plan, wrong = answer
        if self._document.project.data is not plan or not wrong:
            return
        field, error = wrong[0]
        title = self.tr("The data have changed")
        box = message_box(self._window, title, error.message)
        box.setIcon(QMessageBox.Icon.Question)
        box.setInformativeText(
            self.tr(
                "The project itself is complete and unchanged. Training needs the "
                "data: locate them, use them as they are now, or continue without "
                "them."
                if error.changed
                else "The project itself is complete and unchanged. Training needs the "
                "data: locate them, or continue without them."
            )
        )
        locate = box.addButton(self.tr("Locate…"), QMessageBox.ButtonRole.AcceptRole)
        renew = None
        if error.changed:
            renew = box.addButton(self.tr("Use Current Data"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(locate)
        self.box = box

        def answered() -> None:
            self.box = None
            if box.clickedButton() is locate:
                self._locate(field)
            elif renew is not None and box.clickedButton() is renew:
                self._renew(field)

        box.finished.connect(answered)
        box.open()

    def _locate(self, field: str) -> None:
        source = cast(Movable, getattr(self._document.project.data, field))
        place = self._choose(source)
        if place:
            job = self._jobs.start(lambda _job: source.moved_to(place))
            job.succeeded.connect(lambda moved: self._put(field, moved, self.tr("Locate the data")))
            job.failed.connect(self.told)

    def _renew(self, field: str) -> None:
        source = cast(Movable, getattr(self._document.project.data, field))
        self.noted.emit(self.tr("Reading the data again…"))
        job = self._jobs.start(lambda job: _renewed(source, job))
        job.succeeded.connect(lambda new: self._put(field, new, self.tr("Use the current data")))
        job.failed.connect(self.told)

    def _choose(self, source: Movable) -> str:
        title, start = self.tr("Where are the data?"), str(Path(source.path).parent)
        if isinstance(source, PicturesSource):
            return QFileDialog.getExistingDirectory(self._window, title, start)
        return QFileDialog.getOpenFileName(self._window, title, start)[0]

    def _put(self, field: str, source: DataSource, text: str) -> None:
        def put(project: Project) -> Project:
            return edits.set_data(project, project.data.replace(**{field: source}))

        refusal = self._document.try_edit(put, text)
        if refusal:
            self.told.emit(refusal)
        else:
            self.noted.emit(self.tr("The data are available again."))


def sources_of(plan: DataPlan) -> dict[str, Any]:
    """The sources of a plan by their fields."""
    named = {name: getattr(plan, name) for name in plan.source_fields()}
    return {name: source for name, source in named.items() if source is not None}


def wrong_sources(plan: DataPlan) -> list[tuple[str, DataFileError]]:
    """The fields whose files are gone or changed; it reads these files."""
    wrong = []
    for name, source in sources_of(plan).items():
        try:
            source.check_files()
        except DataFileError as error:
            wrong.append((name, error))
    return wrong


def _renewed(source: Movable, job: Job) -> DataSource:
    return source.renewed(watch_of(job)).source
