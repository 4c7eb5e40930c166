"""A panel in one file."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout

from engine.probes.moment import Moment
from studio.panels.panel import Panel
from studio.widgets.option import name_option


class PulsePanel(Panel):
    """How many mini-batches there are in an epoch. Source: a test."""

    id, tab, column, order = "pulse", "Pulse", 1, 2.5

    def __init__(self) -> None:
        super().__init__("Pulse", "Mini-batches in an epoch.", "Press Play to see the pulse.")
        self.loud = QCheckBox("Loud", self)
        name_option("loud", self.loud)
        self.header.addWidget(self.loud)
        self.label = QLabel(self.content)
        QVBoxLayout(self.content).addWidget(self.label)

    def follow(self, moment: Moment) -> None:
        self.show_empty(moment.epoch == 0)
        if moment.epoch:
            self.label.setText(str(moment.iteration // moment.epoch))
            self.origin = moment.origin

    def painted(self) -> dict[str, Any]:
        return {"batches": int(self.label.text()), "loud": self.loud.isChecked()}
