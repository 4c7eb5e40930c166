"""SpeedBox: how fast a demonstration goes, from one step a second to as fast as possible."""

from __future__ import annotations

from PySide6.QtCore import Signal

from studio.running.pace import SPEEDS
from studio.widgets.controls import FieldComboBox


class SpeedBox(FieldComboBox):
    """speed_chosen(steps per second): None means no limit. The speed is not remembered for the next
    start: a run that crawls for no visible reason would look like a fault."""

    speed_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.addItem(self.tr("Full speed"), None)
        for speed in reversed(SPEEDS):
            text = self.tr("%s steps/s") % f"{speed:,}" if speed > 1 else self.tr("1 step/s")
            self.addItem(text, speed)
        self.setCurrentIndex(0)
        self.setAccessibleName(self.tr("Speed limit"))
        self.setToolTip(self.tr("Limit the training speed so that you can follow each step."))
        self.currentIndexChanged.connect(lambda at: self.speed_chosen.emit(self.itemData(at)))
