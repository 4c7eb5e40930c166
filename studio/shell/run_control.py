"""RunControl: what Play, Pause, Step, Stop, Rewind, and New Seed do, and when they are enabled."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import wait

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

from engine.project import Project, same_run
from engine.project.runs import Run
from engine.settings import MAX_SEED
from studio.look.plain_text import plain_tip
from studio.model import edits
from studio.model.document import Document
from studio.running.run_state import AT_REST
from studio.running.session import Session, State
from studio.shell.command_actions import Commands

UNTOUCHED = (State.EMPTY, State.READY)
"""States in which nobody has trained the network yet."""
MOST_PREPARED = 20_000_000
"""Parameters; with gradient, last step, and the state of Adam, each takes 20 bytes."""
DRAW_AGAIN_AFTER_MS = 150
"""Weights are drawn again this long after the last change of the design."""
SETTLE_S = 2.0
"""Saving waits at most this long for the current step; after that, it saves the run as it was
before it."""


class RunControl(QObject):
    """Connects commands, document, and session, and gives every recorded run to the document.

    over: someone wants to continue a finished run; the receiver asks what to do. Until a run has
    begun, the weights follow the open design: they are drawn again soon after each change that
    requires it.
    """

    over = Signal()

    def __init__(
        self,
        document: Document,
        session: Session,
        parent: QObject,
        may_allocate: Callable[[], bool] = lambda: True,
    ) -> None:
        """may_allocate(): whether the open design may use the memory that it needs."""
        super().__init__(parent)
        self._document, self._session = document, session
        self._may_allocate = may_allocate
        self._owner = 0
        self._commands: Commands | None = None
        self._prepare_soon = QTimer(self, singleShot=True, interval=DRAW_AGAIN_AFTER_MS)
        self._prepare_soon.timeout.connect(self._prepare_again)
        document.changed.connect(self._follow)
        session.state_changed.connect(self.refresh)
        session.stale_changed.connect(self._keep_prepared)
        session.run_recorded.connect(self._keep_run)
        document.opened.connect(self._disown_run)

    def attach(self, commands: Commands) -> None:
        """Start to enable and disable the run commands."""
        self._commands = commands
        self.refresh()

    def prepare(self) -> None:
        """Load data and draw the initial weights of the open design, if it can run.

        A very large one gets its weights only when someone presses Play.
        """
        if self.prepares:
            self._session.rewind(self._document.project)
        else:
            self._session.clear()

    @property
    def prepares(self) -> bool:
        """Whether the open design gets its weights before anybody trains it."""
        report = self._document.report
        return report.ok and sum(report.parameters.values()) <= MOST_PREPARED

    @property
    def is_about_to_prepare(self) -> bool:
        """Whether weights will be drawn again in a moment."""
        return self._prepare_soon.isActive()

    def play(self) -> None:
        """Train or continue; if the run is over, ask."""
        if self._may_step():
            self._session.play(self._document.project)

    def pause(self) -> None:
        """Pause."""
        self._session.pause()

    def step(self) -> None:
        """Train on one mini-batch."""
        if self._may_step():
            self._session.step(self._document.project)

    def step_epoch(self) -> None:
        """Train to the end of the current epoch."""
        if self._may_step():
            self._session.step_epoch(self._document.project)

    def train_more(self, more: int | None = None) -> str:
        """Continue a finished run for this many epochs; without a number, for as many as the
        settings say. This sets the total number of epochs, as an undoable edit. Returns why it was
        refused, or an empty string."""
        if self._session.state is not State.FINISHED:
            return self.tr("Only a finished run can continue for more epochs.")
        epochs = self._document.project.training.epochs
        more = epochs if more is None else more
        refusal = self._document.try_edit(
            lambda p: edits.set_training(p, "epochs", epochs + more),
            self.tr("Train 1 more epoch") if more == 1 else self.tr("Train %d more epochs") % more,
        )
        if not refusal:
            self._session.play(self._document.project)
        return refusal

    def settle(self) -> None:
        """Update the run in the document, as before it is saved or closed."""
        if self._session.state is State.RUNNING or self._session.state in AT_REST:
            wait([self._session.record()], SETTLE_S)
            QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)

    def stop(self) -> None:
        """End the run."""
        self._session.stop()

    def rewind(self) -> None:
        """Restart with the same initial weights."""
        if self._document.report.ok and self._may_allocate():
            self._session.rewind(self._document.project)

    def new_seed(self, seed: int | None = None) -> None:
        """Restart with new random weights; changing the seed is an undoable edit."""
        if seed is None:
            seed = random.SystemRandom().randint(1, min(MAX_SEED, 9_999))
        text = self.tr("New seed %d") % seed
        after = edits.set_training(self._document.project, "seed", seed)
        # The run starts over first. When the edit arrives, it already has this seed, so no message
        # appears for a moment that it still uses the old one.
        if self._document.report.ok and self._may_allocate():
            self._session.rewind(after)
        self._document.edit(after, text)

    def _may_step(self) -> bool:
        """Whether another step can be taken; if the run is over, asks what to do."""
        if not self._document.report.ok:
            return False
        trained = self._session.project_in_training
        is_over = self._session.state is State.FINISHED and not self._session.stale
        if is_over and trained is not None and same_run(trained, self._document.project):
            self.over.emit()
            return False
        return self._may_allocate()

    def _keep_run(self, run: Run, owner: int) -> None:
        if owner == self._owner:  # otherwise its project is no longer open
            self._document.keep_run(run)

    def _disown_run(self) -> None:
        """Another project is open: later records of the current run do not belong to it."""
        self._owner += 1
        self._session.change_owner(self._owner)

    def _follow(self, before: Project, after: Project) -> None:
        if self._session.state is not State.EMPTY:
            hand_over = self._session.adopt if self._document.report.ok else self._session.set_aside
            hand_over(after)
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
            ("step_epoch", ok and not running and not busy),
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
        tip = str(problems[0]) if problems else self.tr("Train, or continue after a pause. (F5)")
        self._commands["play"].setToolTip(plain_tip(tip))
