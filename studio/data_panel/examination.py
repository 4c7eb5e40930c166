"""What takes a look at the data themselves: how many examples the sets have, and the guards."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from engine.data import Concern, check_splits
from engine.project import Project, Sets
from studio.running.jobs import Job, Jobs

AFTER_MS = 250
"""Whoever drags a slider through ten values needs only the last one examined."""


@dataclass(frozen=True)
class DataExamination:
    """sizes: examples of each set. concerns: what the guards found, the gravest first."""

    sizes: dict[str, int]
    concerns: tuple[Concern, ...]


def examine(project: Project, known: Sets) -> DataExamination:
    """Let the guards look at the sets of a project. Raises DataError or FileError."""
    sets = known.of(project).raw
    found = {name: getattr(sets, name) for name in ("train", "train_dev", "dev", "test")}
    sizes = {name: 0 if data is None else data.m for name, data in found.items()}
    return DataExamination(sizes, check_splits(sets, project.data))


class Examiner(QObject):
    """Examines the newest project off the window's thread, one at a time.

    examined(examination), failed(sentence): for the project that was asked about last.
    """

    examined = Signal(object)
    failed = Signal(str)

    def __init__(self, jobs: Jobs, sets: Sets, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs, self._sets = jobs, sets
        self._job: Job | None = None
        self._wanted: Project | None = None
        self._soon = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._soon.timeout.connect(self._begin)

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._wanted is not None

    def ask(self, project: Project) -> None:
        """Examine this project soon; an older question is dropped."""
        self._wanted = project
        self._soon.start()

    def stop(self) -> None:
        """Drop what was asked."""
        self._soon.stop()
        self._wanted = None

    def _begin(self) -> None:
        project = self._wanted
        if project is None or self._job is not None:
            return
        self._job = self._jobs.start(lambda _job: (project, examine(project, self._sets)))
        self._job.succeeded.connect(self._show)
        self._job.failed.connect(lambda sentence: self._fail(project, sentence))
        self._job.ended.connect(self._rest)

    def _show(self, answer: tuple[Project, DataExamination]) -> None:
        if answer[0] is self._wanted:
            self._wanted = None
            self.examined.emit(answer[1])

    def _fail(self, project: Project, sentence: str) -> None:
        if project is self._wanted:
            self._wanted = None
            self.failed.emit(sentence)

    def _rest(self) -> None:
        self._job = None
        if self._wanted is not None and not self._soon.isActive():
            self._soon.start()
