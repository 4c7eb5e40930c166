"""Panel: base of all panels of the dashboard."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple, Self

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from engine import Wire
from engine.probes.moment import DATA, SEED, Moment
from engine.probes.snapshot import NOWHERE
from engine.project import same_run
from studio.look.plain_text import PlainLabel, plain_tip
from studio.look.theme import GRID_PX
from studio.model.document import Document
from studio.running.painted_facts import FACTS, facts_of
from studio.running.session import Session
from studio.running.snapshots import Workbench
from studio.widgets.veil import Veil

OVERDUE_MS = 1_000
"""While a run rests, a picture that comes no later than this after it counts as of now."""
LEAST_LINES = 4
"""The content of a panel can be made this small: a small screen must hold the whole window."""


class Surroundings(NamedTuple):
    """What a panel may look at, and where it may compute."""

    document: Document
    session: Session
    workbench: Workbench


class Panel(QWidget):
    """A view of the run.

    title: for the dock. help: one sentence behind the "?" button. empty: one sentence that is shown
    until there is something to see. A subclass fills `header` and `content`, and overrides
    `follow`. behind: True while a refresh has not yet shown all there is.
    moment: the run as it was given to look at last. origin: what the picture was made from; the
    subclass sets it when it shows another one. What is out of date is dimmed and says so.
    id: its stable name, for the layout, scripts and lessons; never shown. tab: the word on its tab.
    column, order: where it stands below the canvas at first, and as which tab of that column.

    node_chosen(node): the user points at this layer: the canvas selects it and brings it to view.
    at_work(step): a WalkStep that the canvas lights up, or None.
    """

    node_chosen = Signal(str)
    at_work = Signal(object)
    id: ClassVar[str] = ""
    tab: ClassVar[str] = ""
    column: ClassVar[int] = 0
    order: ClassVar[float] = math.inf
    follows_unseen: ClassVar[bool] = False
    """Whether it must hear of edits before it is first seen; others are made only then."""

    @classmethod
    def make(cls, surroundings: Surroundings) -> Self:
        """A panel for a window; overridden by those that need more than `refresh` gives them."""
        return cls()  # type: ignore[call-arg]

    def __init__(self, title: str, help: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.help = help
        self.behind = False
        self.moment = Moment()
        self.origin = NOWHERE
        self.failure = ""
        self.setAccessibleName(title)
        self.setAccessibleDescription(help)
        self.header = QHBoxLayout()
        self.header.setSpacing(GRID_PX // 2)
        self._help_text = _sentence(help, "muted", self)
        self._help_text.hide()
        self.message = _sentence("", "muted", self)
        self.message.hide()
        self._empty_text = empty
        self._empty = _sentence(empty, "muted", self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.content = QWidget(self)
        self.content.setMinimumSize(1, LEAST_LINES * self.fontMetrics().height())
        self.veil = Veil(self.content)
        self._overdue = QTimer(self, singleShot=True, interval=OVERDUE_MS)
        self._overdue.timeout.connect(self.judge_age)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.content)
        self._lay_out()

    def refresh(self, moment: Moment) -> None:
        """Show this moment of the run. Called by the dashboard while the panel is visible."""
        self.moment = moment
        self.follow(moment)
        self.judge_age()
        if not moment.running and self._lags():
            self._overdue.start()

    def follow(self, moment: Moment) -> None:
        """Show this moment; what a subclass does at each refresh."""
        raise NotImplementedError

    # What is shown, and how old it is.

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data; a subclass says what in `painted`."""
        told, empty = self._message_shown(), self.is_empty
        of_set = "" if empty else self.painted_set()
        facts = facts_of(self.origin, of_set, self.veil.sentence, told, empty)
        return facts if self.is_empty else {**facts, **self.painted()}

    def painted(self) -> dict[str, Any]:
        """The picture as plain data: names, numbers and arrays as they were painted."""
        return {}

    def by_name(self, what: str, entries: dict[str, Any]) -> dict[str, Any]:
        """Entries for `painted` under one key, and each under its own name where that is free."""
        return {**{k: v for k, v in entries.items() if k not in FACTS}, what: entries}

    def painted_set(self) -> str:
        """Which set of the data is shown: "train", "dev" or "test"; several with spaces."""
        return ""

    def judge_age(self) -> None:
        """Dim what is out of date, and say why."""
        self.veil.show_sentence("" if self.is_empty else self.stale_sentence())

    def stale_sentence(self) -> str:
        """Why the picture is not one of the open project's run as it stands, or ""."""
        moment, origin = self.moment, self.origin
        if origin is NOWHERE:
            return ""
        if origin.run != moment.run:
            return self.tr("This figure shows an earlier run.")
        if self.failure:
            return self.tr("This figure could not be updated.")
        if moment.stale:
            return {
                DATA: self.tr("The data have changed. Rewind to use them."),
                SEED: self.tr("The seed has changed. Rewind to use it."),
            }.get(moment.stale, self.tr("The design has changed. Rewind to train it."))
        if self._lags() and not moment.running and not self._overdue.isActive():
            if origin.iteration == moment.iteration or not self.follows_iterations:
                return self.tr("The settings have changed since this figure was made.")
            text = self.tr("This figure shows iteration {:,}; the run is at iteration {:,}.")
            return text.format(origin.iteration, moment.iteration)
        return ""

    follows_iterations: ClassVar[bool] = True
    """Whether a picture of an earlier iteration than that of a run at rest is out of date; if not,
    only one that was made with other settings is."""

    def _lags(self) -> bool:
        """Whether the run has gone on since the picture was made, or has other settings now."""
        mine, now = self.origin, self.moment.origin
        if mine is NOWHERE or self.is_empty:
            return False
        if self.follows_iterations:
            return mine.key != now.key
        if mine.project is None or now.project is None:
            return False
        return not same_run(mine.project, now.project)

    def _message_shown(self) -> str:
        label = self._empty if self.is_empty and not self.failure else self.message
        return label.text()

    def show_nodes(self, nodes: Sequence[str]) -> None:
        """The selection on the canvas changed; for panels that show one layer in detail."""

    def show_wires(self, wires: Sequence[Wire]) -> None:
        """Other wires were selected; for panels that show what flows through one."""

    def shut_down(self) -> None:
        """End what runs in the background."""

    def show_empty(self, empty: bool) -> None:
        """Show the sentence for an empty panel, or the content."""
        if empty:
            self.origin, self.failure = NOWHERE, ""
        self._pages.setCurrentWidget(self._empty if empty else self.content)

    def say(self, text: str, bad: bool = False) -> None:
        """Show a sentence above the content; an empty one takes it away."""
        self._empty.setText("" if bad else self._empty_text)
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.message.setProperty("role", "problem" if bad else "muted")
        restyle(self.message)

    def add_row(self, row: QWidget) -> None:
        """Put a row between header and content."""
        self._rows.addWidget(row)

    def add_options(self, options: QWidget, tip: str) -> QToolButton:
        """A row of options below the header, and a button in it that shows and hides the row."""
        button = QToolButton(self)
        button.setText("⋯")
        button.setAccessibleName(self.tr("Options of “{}”").format(self.title))
        button.setToolTip(plain_tip(tip))
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.toggled.connect(options.setVisible)
        self.header.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.add_row(options)
        options.hide()
        return button

    @property
    def is_empty(self) -> bool:
        """Whether the sentence for an empty panel is shown."""
        return self._pages.currentWidget() is self._empty

    def _lay_out(self) -> None:
        self._rows = QVBoxLayout()
        top = QHBoxLayout()
        top.setSpacing(GRID_PX // 2)
        top.addLayout(self.header, 1)
        top.addWidget(self._help_button(), 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX, GRID_PX // 2)
        layout.setSpacing(GRID_PX // 2)
        layout.addLayout(top)
        layout.addWidget(self._help_text)
        layout.addWidget(self.message)
        layout.addLayout(self._rows)
        layout.addWidget(self._pages, 1)

    def _help_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setText("?")
        button.setAutoRaise(True)
        button.setCheckable(True)
        button.setToolTip(plain_tip(self.help))
        button.setAccessibleName(self.tr("What does “{}” show?").format(self.title))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.toggled.connect(self._help_text.setVisible)
        return button


def is_seen(widget: QWidget) -> bool:
    """Whether any of it can be seen. Qt calls a dock behind another one's tab visible, too: it only
    stands outside the window then."""
    return widget.isVisible() and not widget.visibleRegion().isEmpty()


def restyle(widget: QWidget) -> None:
    """Apply the style sheet again after a property changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _sentence(text: str, role: str, parent: QWidget) -> QLabel:
    label = PlainLabel(text, parent)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label
