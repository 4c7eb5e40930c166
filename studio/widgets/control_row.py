"""ControlRow: the controls in a view's header, on as many lines as they need."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from studio.look.plain_text import plain_tip
from studio.widgets.controls import FieldCheckBox, FieldComboBox
from studio.widgets.flow_layout import FlowLayout


class ControlRow(QWidget):
    """Combo boxes, check boxes and buttons side by side, each with an accessible name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        """Add a widget made elsewhere."""
        self._flow.addWidget(widget)

    def add_combo(self, name: str, entries: list[tuple[str, Any]]) -> FieldComboBox:
        """A combo box of (text, data)."""
        combo = FieldComboBox()
        combo.setAccessibleName(name)
        combo.setToolTip(plain_tip(name))
        combo.setPlaceholderText("")
        for text, data in entries:
            combo.addItem(text, data)
        combo.setCurrentIndex(0)
        self._flow.addWidget(combo)
        return combo

    def add_check(self, text: str, tip: str) -> FieldCheckBox:
        """A check box; its text is its name."""
        box = FieldCheckBox(text, self)
        box.setToolTip(plain_tip(tip))
        self._flow.addWidget(box)
        return box

    def add_button(self, text: str, tip: str) -> QPushButton:
        """A button; its text is its name."""
        button = QPushButton(text, self)
        button.setToolTip(plain_tip(tip))
        self._flow.addWidget(button)
        return button


def stacked(*rows: QWidget) -> QWidget:
    """Rows below each other in a widget that stays when all of them are hidden, so that what
    stands beside it in the header does not move."""
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    for row in rows:
        layout.addWidget(row)
    return holder
