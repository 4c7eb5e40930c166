"""Legend: a switch for every curve, with a sample of its line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QScrollArea, QSizePolicy, QWidget

from studio.dashboard.curve import Curve, Style, draw_markers
from studio.theme import GRID_PX, theme

SAMPLE_PX = 4 * GRID_PX
LONGEST_NAME = 16
"""Characters; longer names are cut in the middle, and stand in full in the tooltip."""


class LegendEntry(QAbstractButton):
    """Switches one curve on and off."""

    def __init__(self, name: str, style: Style, parent: QWidget) -> None:
        super().__init__(parent)
        self.style_shown = style
        self.setText(name)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Show {}").format(name))
        self.setToolTip(self.tr("{}: click to show or hide.").format(name))

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()[:LONGEST_NAME])
        return QSize(SAMPLE_PX + width + 2 * GRID_PX, metrics.height() + GRID_PX // 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(SAMPLE_PX + 3 * GRID_PX, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors, middle = theme.colors, self.height() // 2
        if self.isChecked():
            painter.setPen(self.style_shown.pen())
            painter.drawLine(QLineF(2, middle, SAMPLE_PX - 4, middle))
            if self.style_shown.symbol:
                at = np.array([[SAMPLE_PX / 2 - 1, middle]])
                draw_markers(painter, at, self.style_shown)
        font = self.font()
        font.setStrikeOut(not self.isChecked())
        painter.setFont(font)
        painter.setPen(colors.text if self.isChecked() else colors.muted)
        room = QRect(SAMPLE_PX, 0, self.width() - SAMPLE_PX - 2, self.height())
        text = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideMiddle, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        if self.hasFocus():
            painter.setPen(colors.accent)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class Legend(QWidget):
    """Entries for curves, in a row or in a column. toggled(index, shown) tells what changed."""

    toggled = Signal(int, bool)
    changed = Signal()
    """The entries are others."""

    def __init__(self, direction: QBoxLayout.Direction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: list[LegendEntry] = []
        self._layout = QBoxLayout(direction, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID_PX // 2)
        self._layout.addStretch(1)

    def show_curves(self, curves: Sequence[Curve]) -> None:
        """Entries for other curves; all are switched on."""
        for entry in self.entries:
            self._layout.removeWidget(entry)
            entry.deleteLater()
        self.entries = [self._entry(i, curve) for i, curve in enumerate(curves)]
        for index, entry in enumerate(self.entries):
            self._layout.insertWidget(index, entry)
        self.updateGeometry()
        self.changed.emit()

    def _entry(self, index: int, curve: Curve) -> LegendEntry:
        entry = LegendEntry(curve.name_shown, curve.style, self)
        entry.toggled.connect(lambda shown: self.toggled.emit(index, shown))
        return entry


def scrolled(legend: Legend) -> QScrollArea:
    """A column of many entries, as wide as they are."""
    area = _LegendArea(legend.parentWidget())
    area.setWidget(legend)
    legend.changed.connect(area.updateGeometry)
    return area


class _LegendArea(QScrollArea):
    """Scrolls down only."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        entries = self.widget().sizeHint().width()
        return QSize(entries + self.verticalScrollBar().sizeHint().width(), 8 * GRID_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(8 * GRID_PX, 6 * GRID_PX)
