"""ModelSaver: writes the trained model between two steps of its run."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow

from engine.files import TrainedModel, save
from engine.training import Trainer
from studio.model.document import Document
from studio.running.session import Session
from studio.widgets.question import tell_failure

SHOWN_MS = 5_000


class ModelSaver(QObject):
    """Says in the window's status bar what was saved, and in a dialog why something was not."""

    _saved = Signal(object)

    def __init__(self, document: Document, session: Session, window: QMainWindow) -> None:
        super().__init__(window)
        self._document, self._session, self._window = document, session, window
        self._saved.connect(self._tell)

    def save(self, path: Path) -> None:
        """Write the network of the run, its history and its state to a file."""
        project = self._session.project_as_trained or self._document.project

        def write(trainer: Trainer) -> Path:
            save(TrainedModel.of(project, trainer), path)
            return path

        self._session.call(write).add_done_callback(self._saved.emit)

    def _tell(self, future: Future[Path]) -> None:
        error = future.exception()
        if error is None:
            text = self.tr("Saved “%s”.") % future.result().name
            self._window.statusBar().showMessage(text, SHOWN_MS)
        else:
            tell_failure(self._window, self.tr("The model was not saved."), str(error))
