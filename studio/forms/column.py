"""A column of widgets that fits a narrow dock and scrolls, and the headings in it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX


class ScrollColumn(QScrollArea):
    """Widgets under each other, as wide as the dock; scrolls up and down only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        self.column.setSpacing(GRID_PX)
        self.column.addStretch(1)
        self.setWidget(content)

    def add(self, widget: QWidget) -> None:
        """Add a widget at the end."""
        self.column.insertWidget(self.column.count() - 1, widget)

    def add_heading(self, text: str) -> None:
        """Add the heading of the widgets that follow."""
        if self.column.count() > 1:
            self.column.insertSpacing(self.column.count() - 1, GRID_PX // 2)
        self.add(heading(text))


def heading(text: str) -> QLabel:
    """A heading."""
    label = PlainLabel(text)
    label.setProperty("role", "heading")
    label.setWordWrap(True)
    return label


def muted(text: str = "") -> QLabel:
    """A quiet text that wraps and can be copied."""
    label = PlainLabel(text)
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
