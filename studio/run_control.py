"""RunControl: what Play, Pause, Step, Stop, Rewind and New seed do, and when they may."""

from __future__ import annotations

import random

from PySide6.QtCore import QObject, QTimer

from engine.project import Project
from engine.settings import MAX_SEED
from studio import edits
from studio.commands import Commands
from studio.document import Document
from studio.session import Session, State

UNTOUCHED = (State.EMPTY, State.READY)
"""States in which nobody has trained the network yet."""
DRAW_AGAIN_AFTER_MS = 150
"""Weights are drawn again this long after the last change of the design."""


class RunControl(QObject):
    """Connects commands, document and session; owns no state of its own.

    Until a run has begun, the weights are kept those of the open design: they are drawn again soon
    after each change that they cannot take over.
    """

    def __init__(self, document: Document, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._session = document, session
        self._commands: Commands | None = None
        self._prepare_soon = QTimer(self, singleShot=True, interval=DRAW_AGAIN_AFTER_MS)
        self._prepare_soon.timeout.connect(self._prepare_again)
        document.changed.connect(self._follow)
        session.state_changed.connect(self.refresh)
        session.stale_changed.connect(self._keep_prepared)

    def attach(self, commands: Commands) -> None:
        """Take charge of enabling the run commands."""
        self._commands = commands
        self.refresh()

    def prepare(self) -> None:
        """Load data and draw the initial weights of the open design, if it can run."""
        if self._document.report.ok:
            self._session.rewind(self._document.project)
        else:
            self._session.clear()

    def play(self) -> None:
        """Train, or go on."""
        if self._document.report.ok:
            self._session.play(self._document.project)

    def pause(self) -> None:
        """Hold."""
        self._session.pause()

    def step(self) -> None:
        """One mini-batch."""
        if self._document.report.ok:
            self._session.step(self._document.project)

    def stop(self) -> None:
        """End the run."""
        self._session.stop()

    def rewind(self) -> None:
        """The same initial weights again."""
        if self._document.report.ok:
            self._session.rewind(self._document.project)

    def new_seed(self) -> None:
        """Other initial weights; the seed is an undoable edit and is saved."""
        seed = random.SystemRandom().randint(1, min(MAX_SEED, 9_999))
        text = self.tr("New seed %d") % seed
        after = edits.set_training(self._document.project, "seed", seed)
        # The run begins anew first: then the edit finds it with this very seed, and nobody says
        # for a moment that it still uses the old one.
        if self._document.report.ok:
            self._session.rewind(after)
        self._document.edit(after, text)

    def _follow(self, before: Project, after: Project) -> None:
        if self._session.state is not State.EMPTY and self._document.report.ok:
            self._session.adopt(after)
        self._keep_prepared()
        self.refresh()

    def _keep_prepared(self) -> None:
        if self._session.state in UNTOUCHED and self._document.report.ok:
            self._prepare_soon.start()

    def _prepare_again(self) -> None:
        state, stale = self._session.state, self._session.stale
        if state is State.EMPTY or (state is State.READY and stale):
            self.prepare()

    def refresh(self) -> None:
        """Enable what makes sense now; Play's tooltip names the first problem."""
        if self._commands is None:
            return
        state, ok = self._session.state, self._document.report.ok
        running = state is State.RUNNING
        busy = state is State.PREPARING
        for name, enabled in (
            ("play", ok and not running and not busy),
            ("step", ok and not running and not busy),
            ("pause", running),
            ("stop", state in (State.RUNNING, State.PAUSED)),
            ("rewind", ok),
            ("new_seed", ok),
            ("save_model", state not in (State.EMPTY, State.PREPARING)),
            ("check_gradients", ok),
        ):
            self._commands[name].setEnabled(enabled)
        self._commands["play"].setVisible(not running)
        self._commands["pause"].setVisible(running)
        problems = self._document.report.problems
        tip = str(problems[0]) if problems else self.tr("Train, or go on after a pause. (F5)")
        self._commands["play"].setToolTip(tip)
