"""RunStatus: the state, epoch, iteration, speed, and time of the run, in figures that do not
jump."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from engine.probes.moment import Moment
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX, tabular_font
from studio.running.run_state import words_of
from studio.running.session import Progress, State
from studio.shell.speed_meter import SpeedMeter

READABLE_S = 0.2
"""Figures that change faster cannot be read."""
BAR_STEPS = 1_000
TELLING = ("epoch", "state", "iteration", "time", "speed")
"""The figures, the most important ones first."""
BAR_WIDTH_PX = 15 * GRID_PX


class Figure(PlainLabel):
    """Text of a fixed width. Unlike a QLabel, it does not request a new layout when the text
    changes, which would lay out the whole toolbar many times a second."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self._words = ""
        self.setAccessibleName(name)

    def text(self) -> str:
        return self._words

    def setText(self, text: str) -> None:
        if text != self._words:
            self._words = text
            self.setAccessibleDescription(text)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), right, self._words)


class RunStatus(QWidget):
    """A row of figures for the toolbar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.behind = False
        self._sized: dict[str, str] = {}
        self._state, self._shown_at = State.EMPTY, 0.0
        self._meter = SpeedMeter()
        self._texts = {
            "state": "{}",
            "epoch": self.tr("epoch {}/{}"),
            "iteration": self.tr("iteration {}/{}"),
            "speed": self.tr("{} it/s"),
            "time": "{}",
        }
        self.labels = {name: Figure(name, self) for name in self._texts}
        self.bar = QProgressBar(self)
        self.bar.setRange(0, BAR_STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(BAR_WIDTH_PX)
        self.bar.setAccessibleName(self.tr("Run progress"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID_PX, 0, GRID_PX, 0)
        layout.setSpacing(GRID_PX)
        for label in self.labels.values():
            layout.addWidget(label)
        layout.addWidget(self.bar)
        layout.addStretch(1)
        self._show(Progress(), 0.0, State.EMPTY)

    def refresh(self, moment: Moment) -> None:
        """Show the progress of the run."""
        progress, state = _progress(moment), State(moment.state)
        now = time.monotonic()
        if state is State.RUNNING is self._state and now - self._shown_at < READABLE_S:
            return
        self._state, self._shown_at = state, now
        if state is State.RUNNING:
            speed = self._meter.look(progress.seconds, progress.iteration)
        else:
            speed = 0.0
            self._meter.rest()
        self._show(progress, speed, state)

    def fit_into(self, width: int) -> None:
        """Show as many figures as fit, and always the most important one."""
        taken = self.bar.width() + 2 * GRID_PX
        for name in TELLING:
            taken += self.labels[name].minimumWidth() + GRID_PX
            self.labels[name].setVisible(taken <= width or name == TELLING[0])

    def whole_width(self) -> int:
        """The width that all figures take."""
        figures = sum(label.minimumWidth() + GRID_PX for label in self.labels.values())
        return self.bar.width() + 2 * GRID_PX + figures

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "labels"):
            sized, self._sized = self._sized, {}
            for name, longest in sized.items():
                self._size(self.labels[name], longest, name)

    def _show(self, progress: Progress, speed: float, state: State) -> None:
        done, total = progress.iteration, progress.iterations
        epoch = _epoch_of_newest_step(progress)
        values: dict[str, tuple[str, ...]] = {
            "state": (words_of(state),),
            "epoch": (f"{epoch:,}", f"{progress.epochs:,}"),
            "iteration": (f"{done:,}", f"{total:,}"),
            "speed": (f"{speed:,.0f}" if speed >= 10 or not speed else f"{speed:.1f}",),
            "time": (clock(progress.seconds),),
        }
        longest = {"epoch": values["epoch"][1:] * 2, "iteration": values["iteration"][1:] * 2}
        longest |= {"state": (max(map(words_of, State), key=len),)}
        longest |= {"speed": ("00,000",), "time": ("0:00:00",)}
        for name, text in self._texts.items():
            self._size(self.labels[name], text.format(*longest[name]), name)
            self.labels[name].setText(text.format(*values[name]))
        self.bar.setValue(BAR_STEPS * done // total if total else 0)

    def _size(self, label: QLabel, longest: str, name: str) -> None:
        """Reserve room for the longest possible text, so that nothing moves."""
        if self._sized.get(name) == longest:
            return
        self._sized[name] = longest
        label.setFont(tabular_font())
        digits = "".join("0" if c.isdigit() else c for c in longest)
        label.setFixedWidth(label.fontMetrics().horizontalAdvance(digits) + GRID_PX // 2)


def _epoch_of_newest_step(progress: Progress) -> int:
    """From 1; 0 before the first step."""
    done, epochs = progress.iteration, progress.epochs
    if not done:
        return 0
    is_complete = done * epochs == progress.epoch * progress.iterations
    return progress.epoch if is_complete else min(progress.epoch + 1, epochs)


def _progress(moment: Moment) -> Progress:
    return Progress(
        moment.iteration, moment.epoch, moment.epochs, moment.iterations, moment.seconds
    )


def clock(seconds: float) -> str:
    """0:41, 12:05, 1:02:03."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
