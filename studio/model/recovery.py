"""Recovery: unsaved work survives a crash in a file of its own, which the next start offers.

The open project, where it has unsaved changes, and the run with its weights are written every 30
seconds, and before each run, into the user's state folder, one file per window.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal

from engine import EngineError
from engine.files import SeenFile, TrainedModel
from engine.project import Project
from engine.project.runs import Run
from studio.model.document import Document
from studio.model.recovery_file import SUFFIX, Orphan, RecoveryFile, RunCopy, SavedRun
from studio.model.recovery_folder import RecoveryFolder, lock_of

INTERVAL_MS = 30_000


class RunSource(Protocol):
    """The run of a window, as a Session has it."""

    @property
    def position(self) -> tuple[str, int]:
        """Its key, and how many steps were made."""

    def copy_of_run(self) -> Future[RunCopy]:
        """The run as it is between two steps; fails where none was made."""

    def resume(self, load: Callable[[], TrainedModel], record: Run, project: Project) -> None:
        """Continue a run of the open project, loaded on the run's own thread."""


class _Worth(NamedTuple):
    """What there is to lose. project: None without unsaved changes."""

    project: Project | None
    run: tuple[str, int]

    def __bool__(self) -> bool:
        return self.project is not None or self.run[1] > 0


NOTHING = _Worth(None, ("", 0))


def state_folder(name: str) -> Path:
    """A folder of this name among the user's application data."""
    location = QStandardPaths.StandardLocation.AppDataLocation
    return Path(QStandardPaths.writableLocation(location)) / name


class Recovery(QObject):
    """Keeps the recovery file of one window; offers those of windows that are gone.

    saved(): the file is up to date. failed(sentence): it cannot be written; told once, until it
    works again. Files are written on a thread of their own: the window never waits for a disk.
    """

    saved = Signal()
    failed = Signal(str)
    _done = Signal(object)

    def __init__(
        self,
        document: Document,
        parent: QObject | None = None,
        interval_ms: int = INTERVAL_MS,
        folder: Path | None = None,
        run: RunSource | None = None,
    ) -> None:
        super().__init__(parent)
        self.saved_at: datetime | None = None
        self._document, self._run = document, run
        folder = folder or state_folder("recovery")
        own = folder / f"{os.getpid()}-{uuid.uuid4().hex}{SUFFIX}"
        self._file, self._lock = RecoveryFile(own), lock_of(own)
        self._folder = RecoveryFolder(folder, own)
        self._kept, self._on_disk = NOTHING, False
        self._failing = False
        self._worker = ThreadPoolExecutor(1, "recovery")
        self._worker.submit(self._folder.sweep)
        self._done.connect(self._tell)
        document.file_changed.connect(self._forget_if_saved)
        document.opened.connect(self._forget)
        self._timer = QTimer(self, interval=interval_ms)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    # Keeping.

    def save(self) -> None:
        """Write the project, if it has new changes to lose; returns at once."""
        worth = self._worth()
        if worth.project is not None and worth.project is not self._kept.project:
            self._keep(worth)

    def close(self) -> None:
        """The window closes in order: nothing is left to recover. Returns when that is done."""
        if not self._timer.isActive():
            return
        self._timer.stop()
        self._document.file_changed.disconnect(self._forget_if_saved)
        self._kept, self._on_disk = NOTHING, False
        self._worker.submit(self._remove)
        self._worker.shutdown()
        self._folder.release_all()

    def _worth(self) -> _Worth:
        document = self._document
        position = self._run.position if self._run is not None else NOTHING.run
        return _Worth(document.project if document.modified else None, position)

    def _look(self) -> None:
        """Every 30 seconds: the run may have gone on, too."""
        worth = self._worth()
        if worth and worth != self._kept:
            self._keep(worth)
        self._forget_if_saved()

    def _keep(self, worth: _Worth, orphan: Orphan | None = None) -> None:
        """Write all again. orphan: what was restored, and is ours from now on."""
        is_changed = worth.project is not self._kept.project
        self._kept, self._on_disk = worth, True
        project, file = self._document.project, self._document.file

        def write(copy: RunCopy | None) -> None:
            future = self._worker.submit(self._write, worth, project, file, copy, orphan)
            future.add_done_callback(self._done.emit)

        if is_changed:
            write(None)  # at once: the run may be in the midst of a long step
        if self._run is not None and (worth.run[1] or orphan is not None):
            copied = self._run.copy_of_run()
            copied.add_done_callback(lambda copy: write(_result(copy)))

    def _forget_if_saved(self) -> None:
        if not self._worth():
            self._forget()

    def _forget(self) -> None:
        if self._on_disk:
            self._kept, self.saved_at, self._on_disk = NOTHING, None, False
            self._worker.submit(self._remove)

    def _tell(self, future: Future[datetime | None]) -> None:
        error = future.exception()
        if error is None:
            self._failing = False
            if future.result() is not None and self._on_disk:
                self.saved_at = future.result()
                self.saved.emit()
            return
        self._kept = NOTHING  # try again next time
        if not self._failing:
            self._failing = True
            self.failed.emit(self.tr("Recovery copies cannot be saved. {0}").format(error))

    # Finding again.

    def orphans(self) -> list[Orphan]:
        """What windows of dead processes left behind, newest first; each is offered to one window
        only. Damaged files are put aside."""
        return self._folder.orphans()

    def restore(self, orphan: Orphan) -> str:
        """Open what was recovered, as unsaved changes of its file, and its run. Its own file goes
        only when it is safe in ours. Returns why it cannot be opened, or an empty string."""
        try:
            self._document.recover(orphan.project, orphan.file)
        except EngineError as error:
            return str(error)
        if orphan.run is not None and self._run is not None:
            self._run.resume(orphan.run.load, orphan.run.record, orphan.project)
        self._keep(self._worth(), orphan)
        return ""

    def discard(self, orphan: Orphan) -> None:
        """Delete what was recovered."""
        self._folder.discard(orphan)

    # On the worker's thread.

    def _write(
        self,
        worth: _Worth,
        project: Project,
        file: SeenFile | None,
        copy: RunCopy | None,
        orphan: Orphan | None,
    ) -> datetime | None:
        """None where it was saved or closed meanwhile, or there is nothing to write."""
        now = None
        if self._kept is worth and (copy is not None or worth.project is not None):
            self._file.make_folder()
            if not self._lock.isLocked():
                self._lock.tryLock(0)
            now = self._file.write(project, file, worth.run[0], copy)
        if orphan is not None and _has_run(copy, orphan.run):
            self._folder.discard(orphan)
        return now

    def _remove(self) -> None:
        self._file.remove()
        self._lock.unlock()


def _result(copy: Future[RunCopy]) -> RunCopy | None:
    """None where there is no run to copy."""
    return None if copy.cancelled() or copy.exception() is not None else copy.result()


def _has_run(copy: RunCopy | None, run: SavedRun | None) -> bool:
    """Whether a copy holds a run that was to be resumed."""
    return run is None or (copy is not None and copy.record.key == run.record.key)
