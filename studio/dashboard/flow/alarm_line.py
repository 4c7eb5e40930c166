"""AlarmLine: the alarms of a run as sentences, each of which leads to its layer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from engine.health.alarms import Alarm
from studio.look.plain_text import plain_tip, without_keys
from studio.look.theme import GRID_PX

SIGN = "▲"
MOST_LISTED = 20


class AlarmLine(QWidget):
    """One of the newest alarms, and a menu of all. chosen(node): lead there."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.alarms: tuple[Alarm, ...] = ()
        self.button = _Elided(self)
        self.button.clicked.connect(lambda: self.chosen.emit(self.foremost.node))
        self.more = QToolButton(self)
        self.more.setAutoRaise(True)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.menu = QMenu(self.more)
        self.menu.aboutToShow.connect(self._fill)
        self.more.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX // 2)
        row.addWidget(self.button, 1)
        row.addWidget(self.more)
        self.hide()

    def show_alarms(self, alarms: Sequence[Alarm]) -> None:
        """Show these alarms, the newest one last."""
        if len(alarms) == len(self.alarms) and tuple(alarms[-1:]) == self.alarms[-1:]:
            return
        self.alarms = tuple(alarms)
        self.setVisible(bool(alarms))
        if alarms:
            self.button.set_sentence(self.sentence(self.foremost))
            self.more.setVisible(len(alarms) > 1)
            self.more.setText(self.tr("All {:,}").format(len(alarms)))
            self.more.setAccessibleName(self.tr("All {:,} alarms").format(len(alarms)))
            self.more.setToolTip(self.tr("All alarms of this run, newest first."))

    @property
    def foremost(self) -> Alarm:
        """The one that is told: of the newest iteration, the one that is nearest to the input."""
        newest = self.alarms[-1].iteration
        return next(alarm for alarm in self.alarms if alarm.iteration == newest)

    def sentence(self, alarm: Alarm) -> str:
        """An alarm in words, with its layer and iteration."""
        return self.tr("{} Iteration {:,}, {}.").format(SIGN, alarm.iteration, alarm.text)

    def _fill(self) -> None:
        self.menu.clear()
        for alarm in self.alarms[: -MOST_LISTED - 1 : -1]:
            action = self.menu.addAction(without_keys(self.sentence(alarm)))
            action.triggered.connect(lambda _on=False, node=alarm.node: self.chosen.emit(node))
        rest = len(self.alarms) - MOST_LISTED
        if rest > 0:
            self.menu.addAction(self.tr("And {:,} earlier ones.").format(rest)).setEnabled(False)


class _Elided(QPushButton):
    """A flat button whose sentence is cut where there is no room, and stands whole in its tip."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._sentence = ""
        self.setFlat(True)
        self.setStyleSheet("text-align: left;")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_sentence(self, sentence: str) -> None:
        self._sentence = sentence
        self.setAccessibleName(sentence)
        tip = self.tr("{} Click to see the layer on the canvas.")
        self.setToolTip(plain_tip(tip.format(sentence)))
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - 2 * GRID_PX
        cut = self.fontMetrics().elidedText(self._sentence, Qt.TextElideMode.ElideRight, room)
        self.setText(without_keys(cut))
