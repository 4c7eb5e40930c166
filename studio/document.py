"""Document: the open project, its undo stack and its problems. The only writer of the project."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from engine import EngineError, Fit, Report, check
from engine.design import Design, fitted
from engine.files import load_project, save_project
from engine.project import Project

UNDO_STEPS = 1_000
MERGE_SECONDS = 1.5
"""Ticks of a spin box and keystrokes that follow each other faster than this are one undo step."""


_CHECKED_PARTS = ("design", "training", "data")
"""What the check depends on: a node that only moves needs none."""


class Document(QObject):
    """The open project.

    project: the present value. report: its check. shown: the design with every blank that follows
    the data filled in. path: where it is saved, or None. Views listen to `changed`.
    """

    changed = Signal(object, object)
    """The project changed, by edit, undo, redo or opening: (before, after)."""
    opened = Signal()
    """Another project took the place of the open one."""
    file_changed = Signal()
    """The path, or whether there are unsaved changes, changed."""

    def __init__(self, project: Project | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_STEPS)
        self.undo_stack.cleanChanged.connect(self.file_changed)
        self.undo_stack.indexChanged.connect(self._show)
        self.path: Path | None = None
        self._project = self._shown = project or Project()
        self._examine()

    @property
    def project(self) -> Project:
        """The present value."""
        return self._project

    @property
    def modified(self) -> bool:
        """True while there are unsaved changes."""
        return not self.undo_stack.isClean()

    @property
    def name(self) -> str:
        """The file's name without its ending, or "Untitled"."""
        return self.path.stem if self.path else "Untitled"

    def edit(self, after: Project, text: str, merge: str = "") -> None:
        """Make `after` the project, as one undo step named `text`, such as "Move h1".

        merge: edits in quick succession with the same non-empty merge key become one step.
        """
        if after != self._project:
            self.undo_stack.push(_Edit(self._project, after, text, merge, self._go_to))

    def try_edit(self, make: Callable[[Project], Project], text: str, merge: str = "") -> str:
        """Edit by a function of the project; returns why it was refused, or an empty string."""
        try:
            after = make(self._project)
        except EngineError as error:
            return str(error)
        self.edit(after, text, merge)
        return ""

    def reset(self, project: Project, path: Path | None = None) -> None:
        """Open another project, saved at `path`; the undo history begins anew."""
        self.undo_stack.clear()
        self.path = path
        self._go_to(project)
        self._show()
        self.opened.emit()
        self.file_changed.emit()

    def recover(self, project: Project, path: Path | None) -> None:
        """Open a project that was never saved as it is; `path` holds an older state of it."""
        self.reset(project, path)
        self.undo_stack.resetClean()

    def open(self, path: Path) -> None:
        """Open a .netdesign file. Raises FileError and stays as it was."""
        self.reset(load_project(path), path)

    def save(self, path: Path) -> None:
        """Save to `path` and remember it. Raises FileError; an older file is then untouched."""
        save_project(self._project, path)
        self.path = path
        self.undo_stack.setClean()
        self.file_changed.emit()

    def _go_to(self, project: Project) -> None:
        """The step of an edit. A jump over many of them is shown once, when it has arrived."""
        self._project = project

    def _show(self) -> None:
        before, self._shown = self._shown, self._project
        after = self._project
        if before is not after:
            if any(getattr(before, part) is not getattr(after, part) for part in _CHECKED_PARTS):
                self._examine()
            self.changed.emit(before, self._project)

    def _examine(self) -> None:
        project = self._project
        self.fit: Fit = project.data.source.fit()
        self.report: Report = check(project.design, project.training, self.fit)
        self.shown: Design = fitted(project.design, self.fit)


class _Edit(QUndoCommand):
    """(before, after, text): all that undo needs, because projects are frozen and share parts."""

    def __init__(
        self,
        before: Project,
        after: Project,
        text: str,
        merge: str,
        go_to: Callable[[Project], None],
    ) -> None:
        super().__init__(text)
        self._before, self._after = before, after
        self._merge, self._time = merge, time.monotonic()
        self._go_to = go_to

    def redo(self) -> None:
        self._go_to(self._after)

    def undo(self) -> None:
        self._go_to(self._before)

    def id(self) -> int:
        return hash(self._merge) & 0x7FFFFFFF if self._merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other._merge != self._merge:
            return False
        if other._time - self._time > MERGE_SECONDS:
            return False
        self._after, self._time = other._after, other._time
        if self._after == self._before:
            self.setObsolete(True)
        return True
