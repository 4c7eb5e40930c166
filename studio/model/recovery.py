"""Recovery: unsaved work survives a crash in a file of its own, which the next start offers.

While there are unsaved changes, the open project is written every 30 seconds, and before each run,
into the user's state folder. There is one file per window, and beside it a lock that the system
knows to be stale once the process is gone: a recovery file whose lock is free is an orphan.
"""

from __future__ import annotations

import json
import os
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QLockFile, QObject, QStandardPaths, QTimer, Signal

from engine import EngineError, FileError
from engine.files import SeenFile, dumps, loads, write_safely
from engine.files.seen_file import NO_FILE
from engine.project import Project
from studio.model.document import Document

INTERVAL_MS = 30_000
SUFFIX = ".recovery"
DAMAGED_SUFFIX = ".damaged"
FORMAT = "backprop-studio recovery"


class Orphan(NamedTuple):
    """What a process left behind. original: the file that was being edited, None if it had no
    name yet. saved_at: when the project was written, in local time. checksum: of that file, as it
    was opened or saved there."""

    path: Path
    original: Path | None
    saved_at: datetime
    project: Project
    checksum: str

    @property
    def file(self) -> SeenFile | None:
        """The file that was being edited, as that process knew it."""
        return SeenFile(self.original, self.checksum) if self.original else None


def state_folder(name: str) -> Path:
    """A folder of this name among the user's application data."""
    location = QStandardPaths.StandardLocation.AppDataLocation
    return Path(QStandardPaths.writableLocation(location)) / name


class Recovery(QObject):
    """Keeps the recovery file of one window; finds those of windows that are gone.

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
    ) -> None:
        super().__init__(parent)
        self.saved_at: datetime | None = None
        self._document = document
        self._folder = folder or state_folder("recovery")
        self._path = self._folder / f"{os.getpid()}-{uuid.uuid4().hex}{SUFFIX}"
        self._lock = _lock_of(self._path)
        self._claims: dict[Path, QLockFile] = {}
        self._kept: Project | None = None
        self._on_disk = False
        self._failing = False
        self._worker = ThreadPoolExecutor(1, "recovery")
        self._done.connect(self._tell)
        document.file_changed.connect(self._forget_if_saved)
        self._timer = QTimer(self, interval=interval_ms)
        self._timer.timeout.connect(self.save)
        self._timer.start()

    # Keeping.

    def save(self) -> None:
        """Write the project, if there is anything new to lose; returns at once."""
        document, project = self._document, self._document.project
        if not document.modified or project is self._kept:
            return
        self._kept, self._on_disk = project, True
        future = self._worker.submit(self._write, project, document.file)
        future.add_done_callback(self._done.emit)

    def close(self) -> None:
        """The window closes in order: nothing is left to recover. Returns when that is done."""
        if not self._timer.isActive():
            return
        self._timer.stop()
        self._document.file_changed.disconnect(self._forget_if_saved)
        self._worker.submit(self._remove)
        self._worker.shutdown()
        for lock in self._claims.values():
            lock.unlock()  # what was not decided on is offered at the next start
        self._claims.clear()

    def _forget_if_saved(self) -> None:
        if self._on_disk and not self._document.modified:
            self._kept = self.saved_at = None
            self._on_disk = False
            self._worker.submit(self._remove)

    def _tell(self, future: Future[datetime]) -> None:
        error = future.exception()
        if error is None:
            self._failing = False
            self.saved_at = future.result() if self._on_disk else None
            self.saved.emit()
            return
        self._kept = None  # try again next time
        if not self._failing:
            self._failing = True
            self.failed.emit(
                self.tr("Unsaved changes cannot be kept safe for a crash. {0}").format(error)
            )

    # Finding again.

    def orphans(self) -> list[Orphan]:
        """What windows of dead processes left behind, newest first; each is offered to one window
        only. Damaged files are put aside."""
        found = [self._claimed(path) for path in sorted(self._folder.glob(f"*{SUFFIX}"))]
        return sorted((o for o in found if o is not None), key=lambda o: o.saved_at, reverse=True)

    def restore(self, orphan: Orphan) -> None:
        """Open what was recovered, as unsaved changes of its file. Its own file goes only when it
        is safe in ours."""
        self._document.recover(orphan.project, orphan.file)
        self.save()
        lock = self._claims.pop(orphan.path, None)
        self._worker.submit(self._take_over, orphan.path, lock)

    def discard(self, orphan: Orphan) -> None:
        """Delete what was recovered."""
        orphan.path.unlink(missing_ok=True)
        lock = self._claims.pop(orphan.path, None)
        if lock is not None:
            lock.unlock()

    def _claimed(self, path: Path) -> Orphan | None:
        """An orphan that no other window has; None for files in use and for damaged ones."""
        if path == self._path:
            return None
        lock = self._claims.get(path) or _lock_of(path)
        if not lock.isLocked() and not lock.tryLock(0):
            return None
        self._claims[path] = lock
        try:
            return _read(path)
        except (EngineError, OSError, ValueError, KeyError, TypeError, RecursionError):
            _put_aside(path)
            self._claims.pop(path).unlock()
            return None

    # On the worker's thread.

    def _write(self, project: Project, file: SeenFile | None) -> datetime:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or str(error)
            raise FileError(f"'{self._path.parent}' cannot be made: {reason}.") from error
        if not self._lock.isLocked():
            self._lock.tryLock(0)
        now = datetime.now().replace(microsecond=0)
        values = {
            "format": FORMAT,
            "original": str(file.path.absolute()) if file else None,
            "checksum": file.checksum if file else NO_FILE,
            "saved_at": now.isoformat(),
            "project": dumps(project, self._path.parent),
        }
        write_safely(self._path, json.dumps(values).encode())
        return now

    def _take_over(self, path: Path, lock: QLockFile | None) -> None:
        if self._path.exists():
            path.unlink(missing_ok=True)
        if lock is not None:
            lock.unlock()

    def _remove(self) -> None:
        self._path.unlink(missing_ok=True)
        self._lock.unlock()


def _lock_of(path: Path) -> QLockFile:
    lock = QLockFile(str(path.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # only the end of its process frees a lock, not its age
    return lock


def _read(path: Path) -> Orphan:
    values = json.loads(path.read_text(encoding="utf-8"))
    if values["format"] != FORMAT:
        raise ValueError(f"unknown format {values['format']!r}")
    original = Path(values["original"]) if values["original"] else None
    saved_at = datetime.fromisoformat(values["saved_at"])
    project = loads(values["project"], path.name, path.parent)
    return Orphan(path, original, saved_at, project, str(values.get("checksum", NO_FILE)))


def _put_aside(path: Path) -> None:
    try:
        path.replace(path.with_suffix(DAMAGED_SUFFIX))
    except OSError:
        return  # it can be neither read nor moved; the next start tries again
