"""Document: the open project, its undo stack and its problems. The only writer of the project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from engine import EngineError, Fit, Report
from engine.design import Design
from engine.files import FileState, SeenFile, load_project, save_project
from engine.limits import MAX_OPENINGS
from engine.project import Project, Sets
from engine.project.held_out import Opening
from engine.project.runs import Run
from studio.model.examined import Examined
from studio.model.refusal import Refusal
from studio.model.run_ledger import RunLedger
from studio.model.undo_steps import MOST_STEPS, UndoStep, bound


class Document(QObject):
    """The open project.

    project: the present value. report: its check. shown: the design with every blank that follows
    the data filled in. path: where it is saved, or None. file_state: what `look_at_file` found.
    sets: builds its data once and shares it. placer(before, after): finds places for layers that an
    edit added without one; the canvas sets it. Views listen to `changed`.
    """

    changed = Signal(object, object)
    """The project changed, by edit, undo, redo or opening: (before, after)."""
    opened = Signal()
    """Another project replaced the open one."""
    file_changed = Signal()
    """The path, or whether there are unsaved changes, changed."""

    def __init__(self, project: Project | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(MOST_STEPS)
        self.undo_stack.cleanChanged.connect(self.file_changed)
        self.undo_stack.indexChanged.connect(self._show)
        self._file: SeenFile | None = None
        self.file_state = FileState.SAME
        self.sets = Sets()
        self.placer: Callable[[Project, Project], Project] | None = None
        self._project = self._shown = project or Project()
        self._remember_facts()
        self._ledger = RunLedger()
        self._examined = Examined.of(self._project)

    @property
    def project(self) -> Project:
        """The present value."""
        return self._project

    @property
    def fit(self) -> Fit:
        """What the data requires of the design."""
        return self._examined.fit

    @property
    def report(self) -> Report:
        """Shapes, numbers of parameters, and problems."""
        return self._examined.report

    @property
    def shown(self) -> Design:
        """The design with every blank that follows the data filled in."""
        return self._examined.shown

    @property
    def path(self) -> Path | None:
        """Where it is saved, or None."""
        return self._file.path if self._file is not None else None

    @path.setter
    def path(self, path: Path | None) -> None:
        self.expect_file(SeenFile.now(path) if path is not None else None)

    @property
    def file(self) -> SeenFile | None:
        """Its file as it was opened or saved."""
        return self._file

    def expect_file(self, file: SeenFile | None) -> None:
        """The file as it is now; later differences were made by others."""
        self._file, self.file_state = file, FileState.SAME

    def look_at_file(self) -> FileState:
        """Whether others changed, moved, or deleted the file since it was opened or saved."""
        state = self._file.state() if self._file is not None else FileState.SAME
        if state is not self.file_state:
            self.file_state = state
            self.file_changed.emit()
        return state

    @property
    def modified(self) -> bool:
        """True while there are unsaved changes, or the file is gone.

        Runs of a project that was never saved or edited do not count: anyone can repeat them.
        """
        if not self.undo_stack.isClean():
            return True
        if self._forgets:
            return False
        if self.file_state is FileState.GONE:
            return True
        if self._project.openings != self._saved_openings:
            return True
        matters = self.path is not None or self.undo_stack.count() > 0
        return matters and self._project.runs != self._saved_runs

    @property
    def name(self) -> str:
        """The file's name without its ending, or "Untitled"."""
        return self.path.stem if self.path else "Untitled"

    def edit(self, after: Project, text: str, merge: str = "") -> None:
        """Make `after` the project, as one undo step named `text`, such as "Move h1".

        merge: edits in quick succession with the same non-empty merge key become one step. Raises
        EngineError for a project that cannot be examined; then nothing changes.
        """
        if self.placer is not None:
            after = self.placer(self._project, after)
        if after != self._project:
            self._examine(after)  # if this fails, nothing has changed yet
            self.undo_stack.push(UndoStep(self._project, after, text, merge, self._go))
            bound(self.undo_stack, self._go)

    def try_edit(self, make: Callable[[Project], Project], text: str, merge: str = "") -> str:
        """Edit by a function of the project; returns why it was refused, or an empty string."""
        try:
            self.edit(make(self._project), text, merge)
        except EngineError as error:
            return Refusal(error)
        return ""

    def keep_run(self, run: Run) -> None:
        """Add a run, or update one that has the same key.

        A run is a fact, not an edit: undo does not remove it, and undone steps can still be redone.
        """
        runs = self._ledger.added(self._project.runs, run)
        self._project = self._project.replace(runs=runs)
        self._show()
        self.file_changed.emit()

    def keep_opening(self, opening: Opening) -> None:
        """Record that the held-out test set was opened. Like a run, this is a fact: undo does not
        remove it, so nobody forgets how often the test set was used."""
        openings = (*self._project.openings, opening)[-MAX_OPENINGS:]
        self._project = self._project.replace(openings=openings)
        self._show()
        self.file_changed.emit()

    def reset(self, project: Project, file: SeenFile | None = None) -> None:
        """Open another project, read from `file`; the undo history starts over.

        Raises EngineError if it cannot be examined; then nothing changes.
        """
        self._examine(project)
        self.undo_stack.clear()
        self.expect_file(file)
        self._project = project
        self._remember_facts()
        self._ledger = RunLedger()
        self._show()
        self.opened.emit()
        self.file_changed.emit()

    def recover(self, project: Project, file: SeenFile | None) -> None:
        """Open a recovered project with unsaved changes; `file` has an older state of it."""
        self.reset(project, file)
        self.undo_stack.resetClean()

    def open(self, path: Path) -> None:
        """Open a .netdesign file. Raises FileError and changes nothing if it cannot be read."""
        file = SeenFile.now(path)
        self.reset(load_project(path), file)

    def save(self, path: Path) -> None:
        """Save to `path` and remember it. Raises FileError; then an older file is untouched."""
        self.expect_file(save_project(self._project, path))
        self._remember_facts()
        self.undo_stack.setClean()
        self.file_changed.emit()

    def forget_changes(self) -> None:
        """Treat everything as saved, including runs that are still to come, because nobody can be
        asked."""
        self._forgets = True
        self.undo_stack.setClean()
        self.file_changed.emit()

    def _go(self, before: Project, after: Project) -> None:
        """Undo or redo an edit, but keep later runs and openings of the test set. A jump over many
        steps is shown once, at its end."""
        openings = self._project.openings
        after = self._ledger.stepped(self._project, before, after)
        same = after.openings == openings
        self._project = after if same else after.replace(openings=openings)

    def _remember_facts(self) -> None:
        """Remember the runs and openings as they are in the file."""
        self._saved_runs, self._saved_openings = self._project.runs, self._project.openings
        self._forgets = False

    def _show(self) -> None:
        before, self._shown = self._shown, self._project
        after = self._project
        if before is not after:
            self._examine(after)
            self.changed.emit(before, self._project)

    def _examine(self, project: Project) -> None:
        """Examine a project before it is shown. Raises EngineError and changes nothing if that
        fails.

        Done first, and kept, before a project replaces the open one.
        """
        if not self._examined.fits(project):
            self._examined = Examined.of(project)
