"""SetSwitches: which sets are shown, with the marker of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from studio.look.plain_text import plain_tip
from studio.look.theme import GRID_PX, theme
from studio.plane.stamps import Stamps

SHOWN_AT_FIRST = ("train", "dev")
"""The test set is offered only after it was opened on record: see `offer`."""


class SetSwitch(QAbstractButton):
    """Shows and hides one set. name: "train", "dev" or "test"."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = name
        self.setText(name)
        self.setCheckable(True)
        self.setChecked(name in SHOWN_AT_FIRST)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Show the {} set").format(name))
        tip = self.tr("Show or hide the examples of the {} set.").format(name)
        if name not in SHOWN_AT_FIRST:
            tip += self.tr(" Choices made by looking at it are no longer unbiased.")
        self.setToolTip(plain_tip(tip))

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = metrics.height() + metrics.horizontalAdvance(self.text()) + GRID_PX
        return QSize(width, metrics.height() + GRID_PX // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors, line = theme.colors, self.fontMetrics().height()
        stamps = Stamps(round(0.66 * line), self.devicePixelRatioF(), self.font().family())
        ink = self.palette().text().color() if self.isChecked() else self.palette().mid().color()
        corner = QPointF(line / 2 - stamps.half, self.height() / 2 - stamps.half)
        painter.drawPixmap(corner, stamps.of_color(self.name, ink))
        font = self.font()
        font.setStrikeOut(not self.isChecked())
        painter.setFont(font)
        painter.setPen(colors.text if self.isChecked() else colors.muted)
        room = self.rect().adjusted(line + 2, 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            painter.setPen(colors.accent)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class SetSwitches(QWidget):
    """A switch for each set. changed: other sets are wanted."""

    changed = Signal()

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.switches = {name: SetSwitch(name, self) for name in names}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 2)
        for switch in self.switches.values():
            layout.addWidget(switch)
            switch.toggled.connect(lambda _on: self.changed.emit())

    @property
    def chosen(self) -> tuple[str, ...]:
        """The sets that are to be shown."""
        return tuple(name for name, switch in self.switches.items() if switch.isChecked())

    def set_option(self, value: Any) -> str:
        """Show these sets and no others."""
        wanted = [value] if isinstance(value, str) else list(value)
        known = [name for name, switch in self.switches.items() if not switch.isHidden()]
        if not set(wanted) <= set(known):
            return f"must be some of {', '.join(known)}. Got {', '.join(map(str, wanted))}."
        for name in known:
            self.switches[name].setChecked(name in wanted)
        return ""

    def option_choices(self) -> list[list[str]]:
        """Each set alone, and all together."""
        known = [name for name, switch in self.switches.items() if not switch.isHidden()]
        return [*([name] for name in known), known]

    def offer(self, names: Sequence[str]) -> None:
        """Show the switches of the sets that may be looked at."""
        for name, switch in self.switches.items():
            switch.setVisible(name in names)
