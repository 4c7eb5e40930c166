"""RaceWindow: variants of the open design on one track, with one Play button."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QVBoxLayout,
    QWidget,
)

from engine import EngineError
from engine.experiments.factors import VariedField
from engine.experiments.races import RaceEntry
from engine.probes.snapshot import Origin
from engine.project import Project, same_run
from engine.project.runs import Run
from studio.forms.column import muted
from studio.look.theme import GRID_PX
from studio.model.document import Document
from studio.plots.overlay import COST, lines_of_history
from studio.plots.run_figures import score_title, style_of
from studio.race.lane_records import records_of
from studio.race.planes import Planes, has_plane
from studio.race.race_bar import RaceBar
from studio.race.race_board import HEIGHT_LINES, WIDTH_LETTERS, RaceBoard
from studio.race.racer import Racer
from studio.race.setup import RaceSetup
from studio.running.painted_facts import facts_of
from studio.running.session import Session, State

REFRESH_MS = 100
TURNS_PER_PICTURE = 3
"""The planes are drawn at every third refresh: they take the most time."""
SHARE_OF_SCREEN = 0.9


class RaceWindow(QDialog):
    """Never trains beside the window's own run: whoever plays pauses the other one."""

    _recorded = Signal(object)

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._document, self._session = document, session
        self._entries: list[RaceEntry] = []
        self._raced: VariedField | None = None  # what varies between the entries
        self._turn, self._stale = 0, ""
        self.setWindowTitle(self.tr("Race"))
        self.racer = Racer(self, document.sets)
        self.setup = RaceSetup(document)
        self.bar, self.banner = RaceBar(self), muted()
        self.board = RaceBoard(self.setup, Planes(self.racer))
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        self._arrange()
        self._connect(session)
        self.bar.message.setText(
            self.tr(
                "Choose a setting to vary, then press Play. All variants start from the same seed."
            )
        )
        self._enable()

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.bar)
        column.addWidget(self.banner)
        column.addWidget(self.board, 1)

    def _connect(self, session: Session) -> None:
        self.bar.played.connect(self.toggle)
        self.bar.stepped.connect(self.advance)
        self.bar.rewound.connect(self.begin_anew)
        self.bar.speed.speed_chosen.connect(self.racer.limit_speed)
        self.board.used.connect(self.adopt)
        self.board.tabs.currentChanged.connect(self._refresh)
        self.board.standings.itemSelectionChanged.connect(self._enable)
        self.racer.state_changed.connect(self._enter)
        self.racer.failed.connect(self._fail)
        self.setup.changed.connect(self._vary)
        self._recorded.connect(self._keep)
        session.state_changed.connect(self._give_way)
        self._document.changed.connect(self._follow)

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data: variants, their outcomes, curves, and what each
        decides over the plane."""
        outcomes, stale = self.board.standings.outcomes, self._stale
        done = max(outcomes, key=lambda each: int(each["iteration"]), default={})
        project = self._entries[0].project if self._entries else None
        where = int(done.get("iteration", 0)), int(done.get("epoch", 0))
        origin = Origin("", *where, project=project)
        facts = facts_of(origin, "train dev", stale, self.bar.message.text(), not outcomes)
        lines = self.board.overlay.lines
        return {
            **facts,
            "variants": [entry.title for entry in self._entries],
            "outcomes": outcomes,
            "curves": {f"{line.title}, {line.name}": (line.x, line.y) for line in lines},
            "x_axis": "iteration" if self.board.overlay.kind == COST else "epoch",
            "planes": self.board.planes.painted(),
        }

    def heard(self) -> Future[Any] | None:
        """Done once the race has heard of all that was asked for; None without a race."""
        return self.racer.call(len) if self.racer.is_on else None

    @property
    def is_busy(self) -> bool:
        """Whether the variants train or are made ready, or pictures of them are on their way."""
        works = self.racer.state in (State.RUNNING, State.PREPARING)
        return works or self.board.planes.is_behind

    # What a person does.

    def toggle(self) -> None:
        """Play, or hold."""
        if self.racer.state is State.RUNNING:
            self.racer.pause()
            return
        goes_on = self._is_ready() and self.racer.state is not State.FINISHED
        if not goes_on and not self._prepare():
            return
        self._hold_the_run()
        self.racer.play()

    def advance(self) -> None:
        """One mini-batch for each variant."""
        if self._is_ready() or self._prepare():
            self._hold_the_run()
            self.racer.step()

    def begin_anew(self) -> None:
        """Back to the same initial weights."""
        self._prepare()

    def adopt(self) -> None:
        """Give the open design the value of the selected variant, as one undoable edit."""
        at, factor = self.board.standings.chosen, self._raced
        if factor is None or not 0 <= at < len(self._entries):
            return
        if not factor.exists_in(self._document.project):
            gone = self.tr("The open design no longer has the setting that was raced.")
            self.bar.message.setText(gone)
            return
        entry = self._entries[at]
        value = factor.value(entry.project)
        words = self.tr("Use {}").format(factor.words(value))
        refusal = self._document.try_edit(lambda p: factor.applied(p, value), words)
        self.bar.message.setText(
            refusal or self.tr("The open design now uses %s.") % factor.words(value)
        )

    # What happens.

    def _prepare(self) -> bool:
        """Make the variants ready; False where there are none."""
        self.bar.message.setText("")
        try:
            entries = self.setup.entries()
        except EngineError as error:
            self._fail(str(error))
            return False
        if not entries:
            self._fail(self.tr("This setting cannot be varied here. Choose another one."))
            return False
        self._entries, self._stale, self._raced = entries, "", self.setup.factor
        self.board.veil.show_sentence("")
        self.banner.setText(self.setup.fairness())
        self.racer.prepare(entries)
        self.racer.limit_speed(self.bar.speed.currentData())
        return True

    def _is_ready(self) -> bool:
        """Whether the race that is on is the one that is set up."""
        if self.racer.state in (State.EMPTY, State.FAILED):
            return False
        try:
            wanted = self.setup.entries()
        except EngineError:
            return False
        return len(wanted) == len(self._entries) and all(
            a.title == b.title and same_run(a.project, b.project)
            for a, b in zip(wanted, self._entries, strict=True)
        )

    def _hold_the_run(self) -> None:
        if self._session.state is State.RUNNING:
            self._session.pause()
            self.bar.message.setText(
                self.tr("The run in the main window is paused during the race.")
            )

    def _give_way(self, state: State) -> None:
        if state is State.RUNNING and self.racer.state is State.RUNNING:
            self.racer.pause()
            self.bar.message.setText(
                self.tr("The race is paused because the run in the main window continues.")
            )

    def _follow(self, before: Project, after: Project) -> None:
        if self._entries and self.isVisible() and not same_run(before, after):
            self._vary()

    def _vary(self) -> None:
        if self._entries and self.racer.state is not State.EMPTY:
            told = self.tr("The variants have changed. Play restarts the race.")
            self._stale = "" if self._is_ready() else told
            self.bar.message.setText(self._stale)
            self.board.veil.show_sentence(self._stale)
        self._enable()

    def _enter(self, state: State) -> None:
        if state is State.READY and self._entries:
            self.board.planes.show_lanes([entry.title for entry in self._entries])
            self.board.planes.setVisible(has_plane(self._entries[0].project.data))
        if state is State.FAILED and not self.racer.lanes:
            self.board.planes.hide()  # they are those of an earlier race
        running = state is State.RUNNING
        if running:
            self._timer.start()
        else:
            self._timer.stop()
        self._turn = 0
        self._refresh()
        if state is State.FINISHED:
            self.racer.call(records_of).add_done_callback(self._recorded.emit)
        self._enable()

    def _fail(self, sentence: str) -> None:
        self.bar.message.setText(sentence)

    def _keep(self, future: Future[list[Run]]) -> None:
        """The variants join the project's runs, where they can be compared with all others."""
        for run in future.result():
            self._document.keep_run(run)

    def _refresh(self) -> None:
        lanes = self.racer.lanes
        kind = self.board.quantity
        lines = []
        for at, lane in enumerate(lanes):
            history = lane.trainer.history
            key, title = str(at), lane.entry.title
            lines += lines_of_history(key, title, style_of(at), history, kind)
        score = score_title([lane.entry.project for lane in lanes])
        self.board.overlay.show_lines(lines, kind, score)
        self.board.standings.show_lanes(lanes)
        furthest = max((lane.trainer.iteration for lane in lanes), default=0)
        self.bar.show_progress(self.racer.state, furthest)
        if lanes and self.board.planes.isVisible() and self._turn % TURNS_PER_PICTURE == 0:
            self.board.planes.ask()
        self._turn += 1

    def _enable(self) -> None:
        self.setup.setEnabled(self.racer.state is not State.RUNNING)
        self.board.take_over.setEnabled(self.board.standings.chosen >= 0)
        self.bar.show_state(self.racer.state)

    # Qt's own events.

    def sizeHint(self) -> QSize:
        metrics, screen = self.fontMetrics(), self.screen().availableSize()
        wanted = QSize(metrics.averageCharWidth() * WIDTH_LETTERS, metrics.height() * HEIGHT_LINES)
        return wanted.boundedTo(screen * SHARE_OF_SCREEN)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.bar.play.setFocus()
        self._refresh()

    def reject(self) -> None:
        """Escape, or the window's cross: the race ends."""
        super().reject()
        self.shut_down()

    def shut_down(self) -> None:
        """End the race and its thread."""
        self._timer.stop()
        self.board.planes.forget()
        self.racer.close()
        self._entries = []
