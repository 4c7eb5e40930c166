"""Stepper: the buttons that walk through one training step, line by line, forth and back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from engine.walkthrough import Phase, Walk, WalkStep
from studio.look.plain_text import plain_tip
from studio.look.theme import GRID_PX
from studio.widgets.option import name_option


class Stepper(QWidget):
    """Holds a walk and a place in it; holds nothing while the numbers are live.

    moved(step): at a WalkStep, or None when it lets go. wants_next: the walk is over, and the user
    asks for the next batch.
    """

    moved = Signal(object)
    wants_next = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.walk: Walk | None = None
        self.position = 0
        self._newest: Walk | None = None
        self.first = self._button("|◀", self.tr("First line: the input of this batch"), self._begin)
        self.back = self._button("◀", self.tr("Previous line"), self._back)
        self.forth = self._button("▶", self.tr("Next line of this step"), self._forth)
        self.last = self._button("▶|", self.tr("Go to the weight update"), self._end)
        self.live = self._button(self.tr("Live"), self.tr("Follow training again"), self.let_go)
        self.live.setCheckable(True)
        for name, button in {
            "first_line": self.first,
            "line_back": self.back,
            "next_line": self.forth,
            "last_line": self.last,
            "live": self.live,
        }.items():
            name_option(name, button)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 4)
        for button in (self.first, self.back, self.forth, self.last, self.live):
            layout.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._enable()

    @property
    def holds(self) -> bool:
        """Whether the numbers stand still for a walk."""
        return self.walk is not None

    @property
    def step(self) -> WalkStep | None:
        """The line at work."""
        return self.walk.steps[self.position] if self.walk is not None else None

    def offer(self, walk: Walk) -> None:
        """The newest walk, which the next press of a button takes up."""
        self._newest = walk
        self._enable()

    def begin_with(self, walk: Walk) -> None:
        """Hold this walk, at its first line."""
        self.walk = walk
        self._go(0)

    def let_go(self) -> None:
        """Follow the training again."""
        if self.walk is not None:
            self.walk, self.position = None, 0
            self.moved.emit(None)
        self._enable()

    def forget(self) -> None:
        """Another run: what was offered is gone."""
        self._newest = None
        self.let_go()

    def describe(self) -> str:
        """Where it stands, in words: "3/17 forward: Z = W A + b in 'h1'"."""
        step = self.step
        if self.walk is None or step is None:
            return ""
        phases = {
            Phase.FORWARD: self.tr("forward"),
            Phase.LOSS: self.tr("loss"),
            Phase.BACKWARD: self.tr("backward"),
            Phase.UPDATE: self.tr("update"),
        }
        words = self.tr("{at}/{all} {phase}, '{node}':  {formula}")
        return words.format(
            at=self.position + 1,
            all=len(self.walk.steps),
            phase=phases[step.phase],
            node=step.node,
            formula=step.formula,
        )

    def _begin(self) -> None:
        self._take()
        self._go(0)

    def _end(self) -> None:
        self._take()
        self._go(len(self.walk.steps) - 1 if self.walk is not None else 0)

    def _back(self) -> None:
        self._go(self.position - 1)

    def _forth(self) -> None:
        if self.walk is None:
            self._begin()
        elif self.position + 1 < len(self.walk.steps):
            self._go(self.position + 1)
        else:
            self.wants_next.emit()

    def _take(self) -> None:
        if self.walk is None:
            self.walk = self._newest

    def _go(self, position: int) -> None:
        if self.walk is not None:
            self.position = min(max(position, 0), len(self.walk.steps) - 1)
            self.moved.emit(self.step)
        self._enable()

    def _enable(self) -> None:
        at_end = self.walk is not None and self.position + 1 >= len(self.walk.steps)
        known = self.walk is not None or self._newest is not None
        self.first.setEnabled(known)
        self.back.setEnabled(self.walk is not None and self.position > 0)
        self.forth.setEnabled(known)
        self.last.setEnabled(known and not at_end)
        self.live.setEnabled(self.walk is not None)
        self.live.setChecked(self.walk is None)
        tip = self.tr("Train on this batch, then go to the next one")
        self.forth.setToolTip(plain_tip(tip if at_end else self.tr("Next line of this step")))

    def _button(self, text: str, tip: str, press: object) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(plain_tip(tip))
        button.setAccessibleName(tip)
        button.setAutoRaise(True)
        button.clicked.connect(press)
        return button
