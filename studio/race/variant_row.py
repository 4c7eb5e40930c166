"""VariantRow: one variant of a race, with its value."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from engine.project.fields import Field
from studio.forms import Form
from studio.look.icons import icon
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX, theme
from studio.plots.curve import Style
from studio.plots.run_figures import style_of

NAMES = "ABCD"


class VariantRow(QWidget):
    """A variant's letter in the look of its curves, the button that removes it, and its value."""

    def __init__(self, at: int, field: Field, apply: Any) -> None:
        super().__init__()
        self.form = Form({field.name: field}, apply)
        name = PlainLabel(self.tr("Variant %s") % NAMES[at])
        name.setProperty("role", "heading")
        self.remove = QToolButton()
        self.remove.setIcon(icon("close"))
        self.remove.setAutoRaise(True)
        self.remove.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.remove.setAccessibleName(self.tr("Remove variant %s") % NAMES[at])
        self.remove.setToolTip(self.tr("Remove this variant. A race needs at least two."))
        line = QHBoxLayout()
        line.setSpacing(GRID_PX)
        line.addWidget(Swatch(style_of(at)))
        line.addWidget(name, 1)
        line.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.form)


class Swatch(QWidget):
    """A sample of a curve's color."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        side = self.fontMetrics().ascent()
        self.setFixedSize(side, side)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(self._style.ink()))
