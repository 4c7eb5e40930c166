"""CheckOptions: which weights are checked, when, and with which planted bug."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QSpinBox, QWidget

from engine.gradient_check import Fault
from studio.dashboard.gradient_check.work import Request
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX
from studio.widgets.option import name_option

MOST_EPOCHS = 10_000


class CheckOptions(QWidget):
    """changed: something else is wanted."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.weights = QComboBox(self)
        self.weights.addItem(self.tr("current weights"), False)
        self.weights.addItem(self.tr("initial weights"), True)
        self.bug = QComboBox(self)
        self.bug.addItem(self.tr("no bug"), "")
        for kind, fault in Fault.registry.items():
            self.bug.addItem(fault.title, kind)
            explanation = fault().explanation
            self.bug.setItemData(self.bug.count() - 1, explanation, Qt.ItemDataRole.ToolTipRole)
        self.every = QSpinBox(self)
        self.every.setRange(0, MOST_EPOCHS)
        self.every.setSpecialValueText(self.tr("never"))
        self.every.setPrefix(self.tr("every "))
        self.every.setSuffix(self.tr(" epochs"))
        self.curve = QCheckBox(self.tr("Error against ε"), self)
        self.curve.setToolTip(
            self.tr("Also compare one-sided and two-sided differences for ε from 0.1 to 10⁻¹⁴.")
        )
        self._arrange()
        for name in ("weights", "bug", "every", "curve"):
            name_option(name, getattr(self, name))
        for signal in (self.weights.activated, self.bug.activated, self.curve.toggled):
            signal.connect(lambda _: self.changed.emit())

    @property
    def request(self) -> Request:
        """What is wanted now."""
        return Request(self.bug.currentData(), self.weights.currentData(), self.curve.isChecked())

    @property
    def fault(self) -> Fault | None:
        """The bug that is to be planted."""
        kind = self.bug.currentData()
        return Fault.parse(kind) if kind else None

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GRID_PX // 2)
        rows = (
            (self.tr("Check"), self.weights),
            (self.tr("Plant a bug"), self.bug),
            (self.tr("Repeat"), self.every),
        )
        for row, (text, editor) in enumerate(rows):
            label = PlainLabel(text, self)
            label.setBuddy(editor)
            editor.setAccessibleName(text)
            grid.addWidget(label, row, 0)
            grid.addWidget(editor, row, 1)
        grid.addWidget(self.curve, len(rows), 1)
        grid.setColumnStretch(1, 1)
