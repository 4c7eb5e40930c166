"""ScaleBar: what the colors of weights mean, with signs and numbers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.look.plain_text import plain_tip
from studio.look.theme import GRID_PX, tabular_font, theme
from studio.widgets.tiles import diverging_table, image_of

WIDTH_LINES = 6


class ScaleBar(QWidget):
    """From −limit over 0 to +limit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.limit = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFont(tabular_font())
        theme.changed.connect(self.update)
        self.show_limit(1.0)

    def show_limit(self, limit: float) -> None:
        """Label the ends again."""
        self.limit = limit
        self.setAccessibleName(
            self.tr("Orange is negative, down to {}; blue is positive, up to {}.").format(
                *self._ends()
            )
        )
        self.setToolTip(plain_tip(self.accessibleName()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        words = sum(metrics.horizontalAdvance(text) for text in self._ends())
        return QSize(words + WIDTH_LINES * metrics.height() + 3 * GRID_PX, 2 * metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, metrics = QPainter(self), self.fontMetrics()
        line = metrics.height()
        low, high = self._ends()
        left = metrics.horizontalAdvance(low) + GRID_PX
        bar = QRect(left, line // 4, WIDTH_LINES * line, line * 3 // 4)
        table = diverging_table()
        ramp = np.arange(len(table), dtype=np.uint8)[None, :]
        painter.drawImage(bar, image_of(np.ascontiguousarray(ramp), table))
        painter.setPen(QColor(theme.colors.border))
        painter.drawRect(bar)
        painter.setPen(QColor(theme.colors.text))
        painter.drawText(QRect(0, 0, left, line + GRID_PX // 2), Qt.AlignmentFlag.AlignVCenter, low)
        end = QRect(bar.right() + GRID_PX, 0, self.width(), line + GRID_PX // 2)
        painter.drawText(end, Qt.AlignmentFlag.AlignVCenter, high)
        zero = QRect(bar.center().x() - line, bar.bottom(), 2 * line, line)
        painter.drawText(zero, Qt.AlignmentFlag.AlignHCenter, "0")

    def _ends(self) -> tuple[str, str]:
        return f"−{self.limit:g}", f"+{self.limit:g}"
