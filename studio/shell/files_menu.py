"""Opening and saving: dialogs, recent files, examples, and the question before losing changes."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from engine import EngineError, resources
from engine.data.progress import ReadingCancelledError
from engine.files import (
    DESIGN_SUFFIX,
    MODEL_SUFFIX,
    SeenFile,
    TrainedModel,
    load,
    load_project,
)
from engine.project import Project
from engine.regular_file import is_there
from studio.look.plain_text import plain_tip, without_keys
from studio.model.document import Document
from studio.shell.outside_data import OutsideData
from studio.shell.overwriting import Overwriting
from studio.shell.patient_reading import PatientReading
from studio.widgets.file_name import ask_file_name
from studio.widgets.question import Answer, ask, tell_failure

MAX_RECENT = 10
SAVE, DISCARD = "save", "discard"
FILTER_DESIGN = f"Designs (*{DESIGN_SUFFIX})"
FILTER_MODEL = f"Trained models (*{MODEL_SUFFIX})"
FILTER_DATA = "Tables (*.csv *.tsv *.tab *.txt *.data)"
FILTER_BOTH = f"Designs and trained models (*{DESIGN_SUFFIX} *{MODEL_SUFFIX})"


def example_files() -> list[Path]:
    """The bundled example designs, in menu order."""
    return sorted(resources.path("examples").glob(f"*{DESIGN_SUFFIX}"))


def default_project() -> Project:
    """The design of a new window: the first example."""
    return load_project(example_files()[0])


def _read(path: Path) -> tuple[SeenFile, Project | TrainedModel]:
    """Runs on its own thread, so that no file and no slow drive can block the window."""
    file = SeenFile.now(path)  # before it is read, so that later changes are noticed
    return file, load(path)


class FilesMenu(QObject):
    """File commands of one window. `open_model` receives an opened trained model; `settle` updates
    the project before it is saved or closed. data_chosen(path): a table was chosen."""

    data_chosen = Signal(object)

    def __init__(
        self,
        document: Document,
        window: QWidget,
        open_model: Callable[[TrainedModel], None],
        save_model: Callable[[Path], None],
        settle: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._settle = settle
        self._document, self._window = document, window
        self._open_model, self._save_model = open_model, save_model
        self._outside = OutsideData(window)
        self._overwriting = Overwriting(document, window, self.reopen, self.save_as)
        self.recent = QMenu(self.tr("Open &Recent"), window)
        self.recent.setToolTipsVisible(True)  # files of one name differ by their folder
        self.recent.aboutToShow.connect(self._fill_recent)
        self.examples = QMenu(self.tr("&Examples"), window)
        for path in example_files():
            title = path.stem.split(" ", 1)[1]
            action = self.examples.addAction(title)
            action.triggered.connect(lambda _checked=False, path=path: self.open_example(path))

    def new(self) -> None:
        """An empty canvas, after the question."""
        if self.may_lose_changes():
            self._document.reset(Project())

    def open(self) -> None:
        """Choose a file and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open"),
            str(self._folder()),
            f"{FILTER_BOTH};;{FILTER_DESIGN};;{FILTER_MODEL};;{FILTER_DATA}",
        )
        path = Path(name)
        if path.suffix.lower() in (DESIGN_SUFFIX, MODEL_SUFFIX):
            self.open_path(path)
        elif name:
            self.data_chosen.emit(path)

    def open_path(self, path: Path) -> bool:
        """Open a design or a model; on failure, say why and keep the open project."""
        return self._open_path(path, self.may_lose_changes)

    def reopen(self, path: Path) -> bool:
        """Replace the open project with the current content of the file, without a question."""
        return self._open_path(path, lambda: True)

    def _open_path(self, path: Path, may_lose_changes: Callable[[], bool]) -> bool:
        try:
            told = self.tr("Opening “{name}”…").format(name=path.name)
            file, opened = PatientReading(self._window).result(lambda: _read(path), told)
        except ReadingCancelledError:
            return False
        except Exception as error:  # the edge: whatever is in the file, the open project stays
            self._refuse(self.tr("The file cannot be opened."), error)
            self._forget(path)
            return False
        if not may_lose_changes() or not self._outside.may_be_read(opened, path):
            return False
        try:
            self._show(opened, file)
        except EngineError as error:
            self._refuse(self.tr("The file cannot be opened."), error)
            return False
        self._remember(path)
        return True

    def _show(self, opened: Project | TrainedModel, file: SeenFile) -> None:
        """Replace the open project. Raises EngineError."""
        if isinstance(opened, TrainedModel):
            self._document.reset(opened.project)
            self._open_model(opened)
        else:
            self._document.reset(opened, file)

    def open_example(self, path: Path) -> None:
        """Open an example without a path, so that saving asks for a name."""
        if self.may_lose_changes():
            self._document.reset(load_project(path))

    def save(self) -> bool:
        """Save under the known name, or ask for one. True if it was saved."""
        path = self._document.path
        return self.save_as() if path is None else self._save(path)

    def save_as(self, path: Path | None = None) -> bool:
        """Save under another name; ask for it where none is given. True if it was saved."""
        path = path or self._ask_name(self.tr("Save As"), DESIGN_SUFFIX, FILTER_DESIGN)
        return path is not None and self._save(path)

    def save_model(self, path: Path | None = None) -> None:
        """Save the trained model; ask for a name where none is given."""
        path = path or self._ask_name(self.tr("Save Trained Model"), MODEL_SUFFIX, FILTER_MODEL)
        if path is not None:
            self._save_model(path)
            self._outside.trust(self._document.project, path)
            self._remember(path)

    def may_lose_changes(self) -> bool:
        """Ask about unsaved changes, if there are any. True if it is fine to continue."""
        self._settle()
        self._document.look_at_file()
        if not self._document.modified:
            return True
        told = self.tr("“{name}” has unsaved changes. Do you want to save them?")
        answer = ask(
            self._window,
            self.tr("Unsaved changes"),
            told.format(name=self._document.name),
            (Answer(SAVE, self.tr("&Save")), Answer(DISCARD, self.tr("&Discard"), loses=True)),
        )
        return self.save() if answer == SAVE else answer == DISCARD

    def _save(self, path: Path) -> bool:
        try:
            self._settle()
            settled = self._overwriting.is_settled(path)
            if settled is not None:
                return settled
            self._document.save(path)
            self._outside.trust(self._document.project, path)
        except Exception as error:  # the edge: whatever fails, it does not count as saved
            self._refuse(self.tr("The design was not saved."), error)
            return False
        self._remember(path)
        return True

    def _ask_name(self, title: str, suffix: str, file_filter: str) -> Path | None:
        proposal = self._folder() / f"{self._document.name}{suffix}"
        return ask_file_name(self._window, title, proposal, suffix, file_filter)

    def _refuse(self, what: str, error: Exception) -> None:
        """Say what failed, and why; internal errors are also printed."""
        if not isinstance(error, EngineError):
            traceback.print_exception(error)
        why = error if isinstance(error, EngineError) else f"{type(error).__name__}: {error}"
        tell_failure(self._window, what, str(why))

    def _folder(self) -> Path:
        if self._document.path is not None:
            return self._document.path.parent
        recent = self._recent_paths()
        return recent[0].parent if recent else Path.home()

    def _recent_paths(self) -> list[Path]:
        stored = QSettings().value("recent")  # a list of one path comes back as the path
        names = stored if isinstance(stored, list) else [stored] if stored else []
        return [Path(str(name)) for name in names]

    def _remember(self, path: Path) -> None:
        path = path.absolute()
        paths = [path, *(known for known in self._recent_paths() if known != path)]
        QSettings().setValue("recent", [str(known) for known in paths[:MAX_RECENT]])

    def _forget(self, path: Path) -> None:
        if not is_there(path):
            kept = [str(known) for known in self._recent_paths() if known != path.absolute()]
            QSettings().setValue("recent", kept)

    def _fill_recent(self) -> None:
        self.recent.clear()
        for path in self._recent_paths():
            action = self.recent.addAction(without_keys(path.name))
            action.setToolTip(plain_tip(str(path)))
            action.setStatusTip(str(path))
            action.triggered.connect(lambda _checked=False, path=path: self.open_path(path))
        if self.recent.isEmpty():
            self.recent.addAction(self.tr("No recent files")).setEnabled(False)
