"""RaceWindow: variants of the open design on one track, with one Play button."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from engine import EngineError
from engine.experiments.races import RaceEntry, RaceLane
from engine.limits import MAX_NAME_LENGTH
from engine.probes.snapshot import Origin
from engine.project import Project, same_run
from engine.project.recording import recorded
from engine.project.runs import Run
from studio.forms.column import muted
from studio.look.icons import icon
from studio.look.plain_text import PlainLabel, plain_tip
from studio.look.theme import GRID_PX, theme
from studio.model.document import Document
from studio.plots.overlay import COST, SCORE, Overlay, lines_of_history
from studio.plots.run_figures import score_title, style_of
from studio.race.planes import Planes, has_plane
from studio.race.racer import Racer
from studio.race.setup import RaceSetup
from studio.race.standings import Standings
from studio.running.painted_facts import facts_of
from studio.running.run_state import words_of
from studio.running.session import Session, State
from studio.widgets.option import name_option
from studio.widgets.speed_box import SpeedBox
from studio.widgets.veil import Veil

REFRESH_MS = 100
TURNS_PER_PICTURE = 3
"""The planes are drawn at every third refresh: they take the most time."""
WIDTH_LETTERS, HEIGHT_LINES = 150, 34
SHARE_OF_SCREEN = 0.9
SETUP_LETTERS, TABLE_LINES = 34, 10


class RaceWindow(QDialog):
    """Never trains beside the window's own run: whoever plays pauses the other one."""

    _recorded = Signal(object)

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._document, self._session = document, session
        self._entries: list[RaceEntry] = []
        self._turn, self._stale = 0, ""
        self.setWindowTitle(self.tr("Race"))
        self.racer = Racer(self, document.sets)
        self.setup = RaceSetup(document)
        self.overlay, self.tabs = Overlay(), QTabBar()
        self.planes, self.standings = Planes(self.racer), Standings()
        self.play, self.step, self.rewind, self.take_over = (QPushButton() for _ in range(4))
        self.speed = SpeedBox()
        self.status, self.message, self.banner = PlainLabel(), muted(), muted()
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        self._make_buttons()
        self._arrange()
        self.racer.state_changed.connect(self._enter)
        self.racer.failed.connect(self._fail)
        self.setup.changed.connect(self._vary)
        self.speed.speed_chosen.connect(self.racer.limit_speed)
        self.tabs.currentChanged.connect(self._refresh)
        self.standings.itemSelectionChanged.connect(self._enable)
        self._recorded.connect(self._keep)
        session.state_changed.connect(self._give_way)
        document.changed.connect(self._follow)
        theme.changed.connect(self._dress)
        self._dress()
        self.message.setText(
            self.tr(
                "Choose a setting to vary, then press Play. All variants start from the same seed."
            )
        )

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data: variants, their outcomes, curves, and what each
        decides over the plane."""
        outcomes, stale = self.standings.outcomes, self._stale
        done = max(outcomes, key=lambda each: int(each["iteration"]), default={})
        project = self._entries[0].project if self._entries else None
        where = int(done.get("iteration", 0)), int(done.get("epoch", 0))
        origin = Origin("", *where, project=project)
        facts = facts_of(origin, "train dev", stale, self.message.text(), not outcomes)
        lines = self.overlay.lines
        return {
            **facts,
            "variants": [entry.title for entry in self._entries],
            "outcomes": outcomes,
            "curves": {f"{line.title}, {line.name}": (line.x, line.y) for line in lines},
            "x_axis": "iteration" if self.overlay.kind == COST else "epoch",
            "planes": self.planes.painted(),
        }

    def heard(self) -> Future[Any] | None:
        """Done once the race has heard of all that was asked for; None without a race."""
        return self.racer.call(len) if self.racer.is_on else None

    @property
    def is_busy(self) -> bool:
        """Whether the variants train or are made ready, or pictures of them are on their way."""
        works = self.racer.state in (State.RUNNING, State.PREPARING)
        return works or self.planes.is_behind

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
        at, factor = self.standings.chosen, self.setup.factor
        if factor is None or not 0 <= at < len(self._entries):
            return
        entry = self._entries[at]
        value = factor.value(entry.project)
        words = self.tr("Use {}").format(factor.words(value))
        refusal = self._document.try_edit(lambda p: factor.applied(p, value), words)
        self.message.setText(
            refusal or self.tr("The open design now uses %s.") % factor.words(value)
        )

    # What happens.

    def _prepare(self) -> bool:
        """Make the variants ready; False where there are none."""
        self.message.setText("")
        try:
            entries = self.setup.entries()
        except EngineError as error:
            self._fail(str(error))
            return False
        if not entries:
            self._fail(self.tr("This setting cannot be varied here. Choose another one."))
            return False
        self._entries, self._stale = entries, ""
        self.veil.show_sentence("")
        self.banner.setText(self.setup.fairness())
        self.racer.prepare(entries)
        self.racer.limit_speed(self.speed.currentData())
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
            self.message.setText(self.tr("The run in the main window is paused during the race."))

    def _give_way(self, state: State) -> None:
        if state is State.RUNNING and self.racer.state is State.RUNNING:
            self.racer.pause()
            self.message.setText(
                self.tr("The race is paused because the run in the main window continues.")
            )

    def _follow(self, before: Project, after: Project) -> None:
        if self._entries and self.isVisible() and not same_run(before, after):
            self._vary()

    def _vary(self) -> None:
        if self._entries and self.racer.state is not State.EMPTY:
            told = self.tr("The variants have changed. Play restarts the race.")
            self._stale = "" if self._is_ready() else told
            self.message.setText(self._stale)
            self.veil.show_sentence(self._stale)
        self._enable()

    def _enter(self, state: State) -> None:
        if state is State.READY and self._entries:
            self.planes.show_lanes([entry.title for entry in self._entries])
            self.planes.setVisible(has_plane(self._entries[0].project.data))
        running = state is State.RUNNING
        if running:
            self._timer.start()
        else:
            self._timer.stop()
        self._turn = 0
        self._refresh()
        if state is State.FINISHED:
            self.racer.call(_records).add_done_callback(self._recorded.emit)
        self._enable()

    def _fail(self, sentence: str) -> None:
        self.message.setText(sentence)

    def _keep(self, future: Future[list[Run]]) -> None:
        """The variants join the project's runs, where they can be compared with all others."""
        for run in future.result():
            self._document.keep_run(run)

    def _refresh(self) -> None:
        lanes = self.racer.lanes
        kind = COST if self.tabs.currentIndex() == 0 else SCORE
        lines = []
        for at, lane in enumerate(lanes):
            history = lane.trainer.history
            key, title = str(at), lane.entry.title
            lines += lines_of_history(key, title, style_of(at), history, kind)
        score = score_title([lane.entry.project for lane in lanes])
        self.overlay.show_lines(lines, kind, score)
        self.standings.show_lanes(lanes)
        self._tell(lanes)
        if lanes and self.planes.isVisible() and self._turn % TURNS_PER_PICTURE == 0:
            self.planes.ask()
        self._turn += 1

    def _tell(self, lanes: tuple[RaceLane, ...]) -> None:
        count = max((lane.trainer.iteration for lane in lanes), default=0)
        word = words_of(self.racer.state) if self.racer.state is not State.EMPTY else ""
        self.status.setText(self.tr("{}, iteration {:,}").format(word, count) if count else word)

    def _enable(self) -> None:
        state = self.racer.state  # a short preparation disables nothing: that would lose the focus
        self.setup.setEnabled(state is not State.RUNNING)
        self.step.setEnabled(state not in (State.RUNNING, State.FINISHED))
        self.rewind.setEnabled(state is not State.EMPTY)
        self.take_over.setEnabled(self.standings.chosen >= 0)
        texts = {State.RUNNING: self.tr("&Pause"), State.FINISHED: self.tr("&Race Again")}
        self.play.setText(texts.get(state, self.tr("&Play")))
        self.play.setIcon(icon("pause" if state is State.RUNNING else "play"))

    def _dress(self) -> None:
        for button, name in ((self.step, "step"), (self.rewind, "rewind")):
            button.setIcon(icon(name))
        self._enable()

    # Building.

    def _make_buttons(self) -> None:
        for button, text, key, tip, act in (
            (
                self.play,
                "",
                "F5",
                self.tr("Train all variants in turn, or pause. (F5)"),
                self.toggle,
            ),
            (
                self.step,
                self.tr("&Step"),
                "F6",
                self.tr("One mini-batch for each variant. (F6)"),
                self.advance,
            ),
            (
                self.rewind,
                self.tr("Re&wind"),
                "F4",
                self.tr("Back to the same initial weights. (F4)"),
                self.begin_anew,
            ),
            (
                self.take_over,
                self.tr("&Use This Variant"),
                "",
                self.tr(
                    "Apply the selected variant's value to the open design. You can undo this."
                ),
                self.adopt,
            ),
        ):
            button.setText(text)
            button.setToolTip(plain_tip(tip))
            if key:
                # Not the button's own shortcut: a new text, such as "Pause", would take it away.
                QShortcut(QKeySequence(key), self).activated.connect(button.click)
            button.setAutoDefault(False)
            button.clicked.connect(partial(_call, act))
        self._name_options()
        self.play.setAccessibleName(self.tr("Play or pause the race"))

    def _name_options(self) -> None:
        for name, control in {
            "play": self.play,
            "step": self.step,
            "rewind": self.rewind,
            "take_over": self.take_over,
            "plot": self.tabs,
            "speed": self.speed,
        }.items():
            name_option(name, control)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID_PX)
        for widget in (self.rewind, self.play, self.step, self.speed, self.status):
            top.addWidget(widget)
        top.addWidget(self.message, 1)
        for key, text in ((COST, self.tr("Cost")), (SCORE, self.tr("Score"))):
            self.tabs.setTabData(self.tabs.addTab(text), key)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(self.tr("Quantity plotted"))
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(top)
        column.addWidget(self.banner)
        column.addWidget(self._body(), 1)
        self.planes.hide()

    def _body(self) -> QSplitter:
        plot = QWidget()
        inside = QVBoxLayout(plot)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.tabs)
        inside.addWidget(self.overlay, 1)
        pictures = QSplitter(Qt.Orientation.Horizontal)
        self.veil = Veil(pictures)
        pictures.addWidget(plot)
        pictures.addWidget(self.planes)
        for index in range(2):
            pictures.setStretchFactor(index, 1)
        pictures.setSizes([WIDTH_LETTERS, WIDTH_LETTERS])
        table = QWidget()
        below = QVBoxLayout(table)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(GRID_PX // 2)
        below.addWidget(self.standings, 1)
        below.addWidget(self.take_over, 0, Qt.AlignmentFlag.AlignRight)
        board = QSplitter(Qt.Orientation.Vertical)
        board.addWidget(pictures)
        board.addWidget(table)
        board.setStretchFactor(0, 1)
        line = self.fontMetrics().height()
        board.setSizes([HEIGHT_LINES * line, TABLE_LINES * line])
        body = QSplitter(Qt.Orientation.Horizontal)
        body.addWidget(self.setup)
        body.addWidget(board)
        body.setStretchFactor(1, 1)
        letter = self.fontMetrics().averageCharWidth()
        body.setSizes([SETUP_LETTERS * letter, WIDTH_LETTERS * letter])
        return body

    # Qt's own events.

    def sizeHint(self) -> QSize:
        metrics, screen = self.fontMetrics(), self.screen().availableSize()
        wanted = QSize(metrics.averageCharWidth() * WIDTH_LETTERS, metrics.height() * HEIGHT_LINES)
        return wanted.boundedTo(screen * SHARE_OF_SCREEN)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.play.setFocus()
        self._refresh()

    def reject(self) -> None:
        """Escape, or the window's cross: the race ends."""
        super().reject()
        self.shut_down()

    def shut_down(self) -> None:
        """End the race and its thread."""
        self._timer.stop()
        self.planes.forget()
        self.racer.close()
        self._entries = []


def _records(lanes: tuple[RaceLane, ...]) -> list[Run]:
    """The variants as runs, named after what they vary. Runs on the race's thread."""
    started = datetime.now().replace(microsecond=0).isoformat()
    runs = []
    for lane in lanes:
        history = lane.trainer.history
        if len(history):
            state = str(State.FAILED if lane.failure else State.FINISHED)
            run = recorded(lane.entry.project, history, uuid.uuid4().hex, started, state)
            name = lane.entry.title.partition(": ")[2][:MAX_NAME_LENGTH].strip()
            runs.append(run.replace(name=name))
    return runs


def _call(act: Callable[[], None], _checked: bool = False) -> None:
    act()
