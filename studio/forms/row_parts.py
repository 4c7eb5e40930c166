"""FieldLabel and ResetButton: what stands before and after an editor."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolButton

from engine.project.fields import Field
from engine.spec import readable
from studio.forms.editor import mark
from studio.forms.field_state import FieldState
from studio.look.plain_text import PlainLabel, plain_tip
from studio.look.theme import GRID_PX, theme
from studio.look.translate import translator

_tr = translator("FormRowParts")

DOT_PX = 6
RESET_PX = 20


class FieldLabel(PlainLabel):
    """A field's title; bold and with a dot in front where the field is set for this layer alone."""

    def __init__(self, field: Field) -> None:
        super().__init__(field.title + (f" ({field.unit})" if field.unit else ""))
        self._marked = False
        self.setIndent(GRID_PX + DOT_PX // 2)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def marked(self) -> bool:
        """Whether the field overrides the training settings."""
        return self._marked

    def needed_width(self) -> int:
        """The width of the longest word in bold, because labels break between words only."""
        font = QFont(self.font())
        font.setBold(True)
        metrics = QFontMetrics(font)
        words = (metrics.horizontalAdvance(word) for word in self.text().split())
        return max(words, default=0) + self.indent() + 2

    def set_marked(self, marked: bool) -> None:
        """Mark the field as set for this layer alone."""
        if marked != self._marked:
            self._marked = marked
            mark(self, "overridden", marked)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._marked:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.colors.accent))
            middle = QPointF(DOT_PX / 2 + 1, self.height() / 2)
            painter.drawEllipse(middle, DOT_PX / 2, DOT_PX / 2)


class ResetButton(QToolButton):
    """The arrow back to the inherited value."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._title = field.title
        self.setAutoRaise(True)
        side = max(RESET_PX, self.fontMetrics().height())
        self.setFixedSize(side, side)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def explain(self, state: FieldState) -> None:
        """Name the value that the button brings back."""
        name = _tr("Reset {title} to the inherited value").format(title=self._title)
        self.setAccessibleName(name)
        value = readable(state.fallback) if state.fallback is not None else _tr("none")
        tip = _tr("Return to the value in the training settings: {value}.")
        self.setToolTip(plain_tip(tip.format(value=value)))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = QColor(theme.colors.accent)
        painter.setPen(QPen(color, 1.6))
        ring = QRectF(0, 0, 10, 10)
        ring.moveCenter(QPointF(self.width() / 2, self.height() / 2 + 0.5))
        painter.drawArc(ring, -150 * 16, 270 * 16)
        painter.setBrush(color)
        painter.setPen(Qt.PenStyle.NoPen)
        tip = ring.topLeft() + QPointF(-1, 1)
        painter.drawPolygon([tip, tip + QPointF(6, 0.5), tip + QPointF(1, 6)])
