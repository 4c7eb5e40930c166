"""RaceBar: the buttons of a race, its speed, and what it says."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from studio.forms.column import muted
from studio.look.icons import icon
from studio.look.plain_text import PlainLabel, plain_tip
from studio.look.theme import GRID_PX, theme
from studio.running.run_state import words_of
from studio.running.session import State
from studio.widgets.option import name_option
from studio.widgets.speed_box import SpeedBox


class RaceBar(QWidget):
    """Signals tell what was pressed. status: where the race stands; message: one sentence."""

    played = Signal()
    stepped = Signal()
    rewound = Signal()

    def __init__(self, window: QWidget) -> None:
        """window: where the keys work."""
        super().__init__(window)
        self._state = State.EMPTY
        self.play, self.step, self.rewind = (QPushButton() for _ in range(3))
        self.speed = SpeedBox()
        self.status, self.message = PlainLabel(), muted()
        self._make(self.play, "play", "F5", self.tr("Train all variants in turn, or pause. (F5)"))
        self._make(self.step, "step", "F6", self.tr("One mini-batch for each variant. (F6)"))
        self._make(self.rewind, "rewind", "F4", self.tr("Back to the same initial weights. (F4)"))
        self.step.setText(self.tr("&Step"))
        self.rewind.setText(self.tr("Re&wind"))
        self.play.setAccessibleName(self.tr("Play or pause the race"))
        name_option("speed", self.speed)
        self.play.clicked.connect(lambda _checked=False: self.played.emit())
        self.step.clicked.connect(lambda _checked=False: self.stepped.emit())
        self.rewind.clicked.connect(lambda _checked=False: self.rewound.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        for widget in (self.rewind, self.play, self.step, self.speed, self.status):
            row.addWidget(widget)
        row.addWidget(self.message, 1)
        theme.changed.connect(self._dress)
        self._dress()

    def show_state(self, state: State) -> None:
        """Offer what can be done now. A short preparation disables nothing: that would lose the
        focus."""
        self._state = state
        self.step.setEnabled(state not in (State.RUNNING, State.FINISHED))
        self.rewind.setEnabled(state is not State.EMPTY)
        texts = {State.RUNNING: self.tr("&Pause"), State.FINISHED: self.tr("&Race Again")}
        self.play.setText(texts.get(state, self.tr("&Play")))
        self._dress()

    def show_progress(self, state: State, iteration: int) -> None:
        """Say where the race stands. iteration: of the variant that is furthest."""
        word = words_of(state) if state is not State.EMPTY else ""
        text = self.tr("{}, iteration {:,}").format(word, iteration) if iteration else word
        self.status.setText(text)

    def _make(self, button: QPushButton, name: str, key: str, tip: str) -> None:
        button.setToolTip(plain_tip(tip))
        # Not the button's own shortcut: a new text, such as "Pause", would take it away.
        QShortcut(QKeySequence(key), self.window()).activated.connect(button.click)
        button.setAutoDefault(False)
        name_option(name, button)

    def _dress(self) -> None:
        self.play.setIcon(icon("pause" if self._state is State.RUNNING else "play"))
        self.step.setIcon(icon("step"))
        self.rewind.setIcon(icon("rewind"))
