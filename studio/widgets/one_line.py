"""OneLine: a sentence on one line, shortened where there is no room, and in full as its tooltip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.look.plain_text import plain_tip
from studio.look.theme import tabular_font, theme


class OneLine(QWidget):
    """Its height never changes, so that nothing jumps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = self._more = ""
        self.setFont(tabular_font())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def say(self, text: str, more: str = "") -> None:
        """Show this sentence. more: another one, where there is room for the whole of it."""
        if (text, more) != (self.text, self._more):
            self.text, self._more = text, more
            self.setToolTip(plain_tip(self._whole()))
            self.setAccessibleName(self._whole())
            self.update()

    @property
    def words_shown(self) -> str:
        """What there is room for."""
        metrics, whole = self.fontMetrics(), self._whole()
        if metrics.horizontalAdvance(whole) <= self.width():
            return whole
        return metrics.elidedText(self.text, Qt.TextElideMode.ElideRight, self.width())

    def _whole(self) -> str:
        return f"{self.text} {self._more}".strip()

    def sizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.colors.text)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self.words_shown)
