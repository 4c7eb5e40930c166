"""World: a window on the stage with the files around it, closed and opened anew where it ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from shiboken6 import isValid

from engine.design import check
from engine.project import Project
from studio.shell.stage import Stage, open_stage
from studio.shell.staging.questions import Questions
from studio.shell.staging.waiting import until
from tests.monkey.files import Files

MOST_NODES = 40
MOST_WORK = 200_000_000
"""Parameters times examples: an epoch of more than this takes longer than anybody waits here."""
THREAD_PATIENCE_S = 10.0


class Menus(QObject):
    """Chooses an entry of each menu that opens, or closes it: some wait until that is done."""

    def __init__(self, pick: float | None) -> None:
        super().__init__()
        self._pick = pick

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QMenu):
            QTimer.singleShot(0, watched, lambda: self._answer(watched))
        return False

    def _answer(self, menu: QMenu) -> None:
        entries = [a for a in menu.actions() if a.isEnabled() and a.text() and a.menu() is None]
        menu.close()
        if self._pick is not None and entries:
            entries[int(self._pick * len(entries))].trigger()


class World:
    """stage: the window. files: what it can open. start: the project as it was opened last.
    seen: what invariants have looked at already, by their own names."""

    stage: Stage

    def __init__(self, folder: Path, opened: str) -> None:
        self.files = Files(folder)
        self._opened = opened
        self.seen: dict[str, object] = {}
        self._stack = ExitStack()
        self.begin()

    def begin(self) -> None:
        """Open the window."""
        self._threads = set(threading.enumerate())
        self.stage = self._stack.enter_context(open_stage(self.files.path(self._opened)))
        self.questions = Questions(QApplication.instance())
        self.stage.main.document.opened.connect(self._remember_start)
        self._remember_start()

    def end(self) -> list[str]:
        """Close the window; returns what is left of it."""
        self._stack.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        return [*self._threads_left(), *self._windows_left()]

    @property
    def project(self) -> Project:
        """The open project."""
        return self.stage.main.document.project

    @property
    def is_open(self) -> bool:
        """Whether the window was not closed meanwhile."""
        return isValid(self.stage.main) and self.stage.main.isVisible()

    @contextmanager
    def cancelling(self, pick: float | None = None) -> Iterator[None]:
        """While this lasts, every dialog that waits for an answer is cancelled. pick: of a menu
        that opens, the entry that is chosen, from 0 to 1; None closes it."""
        menus = Menus(pick)
        QApplication.instance().installEventFilter(menus)
        try:
            with self.questions.cancelled():
                yield
        finally:
            QApplication.instance().removeEventFilter(menus)
            self.questions.take()

    def let_pass(self, ms: int) -> None:
        """Let the window go on for a while."""
        until(lambda: False, ms / 1_000)

    def is_affordable(self, project: Project | None = None) -> bool:
        """Whether this design, by default the open one, trains in moments on its data."""
        project = project or self.project
        if len(project.design.nodes) > MOST_NODES:
            return False
        report = check(project.design, project.training, project.data.source.fit())
        return sum(report.parameters.values()) * project.data.source.examples() <= MOST_WORK

    def windows(self) -> list[QWidget]:
        """All windows that a person sees."""
        return [window for window in QApplication.topLevelWidgets() if window.isVisible()]

    def _remember_start(self) -> None:
        """Another project was opened."""
        self.start = self.project

    def _threads_left(self) -> list[str]:
        left = set(threading.enumerate()) - self._threads
        for thread in left:
            thread.join(THREAD_PATIENCE_S)
        return [f"thread {thread.name}" for thread in left if thread.is_alive()]

    def _windows_left(self) -> list[str]:
        windows = QApplication.topLevelWidgets()
        left = [w for w in windows if w.parent() is None and not isinstance(w, QMenu)]
        return [f"window {type(window).__name__}" for window in left]
