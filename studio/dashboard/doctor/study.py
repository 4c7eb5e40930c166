"""Study: base of the views that train many networks in the background."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine import EngineError
from engine.project import Project, same_run
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX
from studio.model.document import Document
from studio.panels.panel import restyle
from studio.running.jobs import CancelledError, Job, Jobs
from studio.running.session import Session, State
from studio.widgets.control_row import ControlRow
from studio.widgets.option import name_option
from studio.widgets.veil import Veil


class Study(QWidget):
    """A button that begins, progress, a button that ends it, and words on how it stands.

    The window's own run pauses meanwhile, and says so; it continues afterwards unless the user has
    stepped in. A subclass overrides `runs`, `begin_points`, `take` and `conclude`, and puts
    its views into `column`. name: of the option by which a script begins it.
    """

    name: ClassVar[str] = ""
    _found = Signal(int, object)

    def __init__(self, document: Document, session: Session, jobs: Jobs, begin: str) -> None:
        super().__init__()
        self._document, self._session, self._jobs = document, session, jobs
        self._job: Job | None = None
        self._number = 0
        self._paused: object = None
        self.about: Project | None = None
        self.controls = ControlRow(self)
        self.start = QPushButton(begin, self)
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.progress = QProgressBar(self)
        self.progress.setAccessibleName(begin)
        for widget in (self.start, self.cancel, self.progress):
            self.controls.add(widget)
        self.words, self.state = words(self, "heading"), words(self, "muted")
        self.column = QVBoxLayout()
        self._arrange()
        self.start.clicked.connect(self.begin)
        self.cancel.clicked.connect(self.stop)
        self._found.connect(self._take)
        document.changed.connect(self._follow)
        name_option(self.name, self.start)
        name_option(f"cancel_{self.name}", self.cancel)
        self._show_busy(False)

    # What a subclass overrides.

    def runs(self, project: Project, job: Job) -> Iterator[Any]:
        """The points, each when it is ready. On the job's thread."""
        raise NotImplementedError

    def begin_points(self, project: Project) -> None:
        """Show that there are no points yet. Raises EngineError for data that cannot be divided."""
        raise NotImplementedError

    def take(self, point: Any) -> None:
        """Show one more point."""
        raise NotImplementedError

    def conclude(self) -> str:
        """What the points say, when all are there."""
        raise NotImplementedError

    # What the user does.

    @property
    def is_busy(self) -> bool:
        """Whether networks are being trained."""
        return self._job is not None

    def begin(self) -> None:
        """Train the networks of the open design."""
        if self._job is not None:
            return
        project = self._document.project
        refusal = self._clear_for(project)
        if refusal:
            self._say(self.tr("The design cannot run yet. {}").format(refusal), bad=True)
            return
        self.about, self._number = project, self._number + 1
        self.veil.show_sentence("")
        number = self._number
        self.words.setText("")
        self._say(self._hold_run())
        self._job = self._jobs.start(lambda job: self._work(job, project, number))
        self._job.progressed.connect(self._show_progress)
        self._job.succeeded.connect(self._finish)
        self._job.failed.connect(self._fail)
        self._job.cancelled.connect(self._tell_cancelled)
        self._job.ended.connect(self._rest)
        self._show_busy(True)

    def _clear_for(self, project: Project) -> str:
        """Make room for the points of a project; returns why it cannot be trained, or ""."""
        if not self._document.report.ok:
            return self._document.report.problems[0].message
        try:
            self.begin_points(project)
        except EngineError as error:  # sets without examples, or data that do not fit together
            return str(error)
        return ""

    def stop(self) -> None:
        """End the work; the points that are there stay."""
        if self._job is not None:
            self._job.cancel()

    # What happens.

    def _work(self, job: Job, project: Project, number: int) -> None:
        """On the job's thread."""
        for point in self.runs(project, job):
            self._found.emit(number, point)
        if job.is_cancelled():
            raise CancelledError("Canceled.")

    def _take(self, number: int, point: Any) -> None:
        if number == self._number:
            self.take(point)

    def _finish(self, _result: object) -> None:
        self._say("")
        self.words.setText(self.conclude())

    def _fail(self, sentence: str) -> None:
        self._say(sentence, bad=True)

    def _tell_cancelled(self) -> None:
        self._say(self.tr("Canceled. The points shown are finished runs."))

    def _rest(self) -> None:
        self._job = None
        self._show_busy(False)
        self._let_run_go_on()
        self._follow()

    def _hold_run(self) -> str:
        """Two trainings at once would both be slow: the window's own one pauses."""
        if self._session.state is not State.RUNNING:
            self._paused = None
            return ""
        self._paused = self._session.history
        self._session.pause()
        return self.tr("Your run pauses during this study and continues afterward.")

    def _let_run_go_on(self) -> None:
        session, paused = self._session, self._paused
        self._paused = None
        untouched = session.state is State.PAUSED and session.history is paused
        if paused is not None and untouched and not session.stale:
            session.play(self._document.project)

    def _follow(self, *_projects: Project) -> None:
        """Dim what is about another design, settings or data than those of the project."""
        if self.about is None or self.is_busy:
            return
        old = self.tr("The project has changed since these networks were trained.")
        is_old = not same_run(self.about, self._document.project)
        self.veil.show_sentence(old if is_old else "")

    def _say(self, sentence: str, bad: bool = False) -> None:
        self.state.setText(sentence)
        self.state.setVisible(bool(sentence))
        self.state.setProperty("role", "problem" if bad else "muted")
        restyle(self.state)

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    def _show_busy(self, busy: bool) -> None:
        had_focus = self.start.hasFocus() or self.cancel.hasFocus()
        self.start.setVisible(not busy)
        self.cancel.setVisible(busy)
        self.progress.setVisible(busy)
        self.progress.setRange(0, 0 if busy else 1)
        if had_focus:
            (self.cancel if busy else self.start).setFocus()

    def _arrange(self) -> None:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 2)
        self.column.setSpacing(GRID_PX // 2)
        layout.addWidget(self.state)
        layout.addWidget(self.words)
        layout.addLayout(self.column, 1)
        area = QScrollArea(self)
        self.veil = Veil(area)
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(GRID_PX // 2)
        whole.addWidget(self.controls)
        whole.addWidget(area, 1)


def words(parent: QWidget, role: str) -> QLabel:
    """A label for sentences."""
    label = PlainLabel(parent=parent)
    label.setWordWrap(True)
    label.setProperty("role", role)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
