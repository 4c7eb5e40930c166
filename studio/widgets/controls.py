"""Check box and combo box for forms: readable in both themes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox

from studio.look.theme import GRID_PX, theme
from studio.look.translate import translator

_tr = translator("FieldControls")

MARK_WIDTH = 1.8
"""Pen width of a tick, in pixels."""
CHEVRON_ROOM_PX = 20
"""The right end of a combo box, for its arrow; more where the letters are larger."""
USUAL_LETTERS_PX = 14
"""Height of the letters at which the arrow has its usual size."""


class FieldCheckBox(QCheckBox):
    """A check box in the theme's colors: a tick for yes, a dash for mixed values."""

    def sizeHint(self) -> QSize:
        width = self._side() + GRID_PX + self.fontMetrics().horizontalAdvance(self.text())
        return QSize(width + GRID_PX // 2, self._side() + GRID_PX)

    def hitButton(self, pos: object) -> bool:
        """The text is clickable, too."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self._side()
        box = QRectF(1, (self.height() - side) / 2, side, side)
        self._paint_box(painter, box)
        painter.setPen(QColor(theme.colors.text if self.isEnabled() else theme.colors.muted))
        text = self.rect().adjusted(side + GRID_PX, 0, 0, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, self.text())

    def _paint_box(self, painter: QPainter, box: QRectF) -> None:
        colors, state = theme.colors, self.checkState()
        filled = state != Qt.CheckState.Unchecked
        painter.setBrush(QColor(colors.accent if filled else colors.surface))
        painter.setPen(QPen(QColor(colors.accent if filled else colors.muted), colors.line_px))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QPen(QColor(colors.on_accent), MARK_WIDTH * box.width() / 14))
        if state == Qt.CheckState.Checked:
            painter.drawPolyline([_in(box, 0.22, 0.52), _in(box, 0.42, 0.72), _in(box, 0.78, 0.28)])
        elif filled:
            painter.drawLine(_in(box, 0.25, 0.5), _in(box, 0.75, 0.5))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.accent), _line_px(True)))
            painter.drawRoundedRect(_frame(QRectF(self.rect()), _line_px(True)), 4, 4)

    def _side(self) -> int:
        return max(14, self.fontMetrics().ascent() + 2)


class FieldComboBox(QComboBox):
    """A combo box that ignores the mouse wheel unless it has the focus, so that panels scroll."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPlaceholderText(_tr("mixed values"))
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToContents)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Flat, as the line edits beside it; the style's gradient made quiet text too faint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme.colors
        painter.setBrush(QColor(colors.surface))
        line = _line_px(self.hasFocus())
        painter.setPen(QPen(QColor(colors.accent if self.hasFocus() else colors.border), line))
        painter.drawRoundedRect(_frame(QRectF(self.rect()), line), 4, 4)
        quiet = bool(self.property("inherited"))
        painter.setPen(QColor(colors.muted if quiet or not self.isEnabled() else colors.text))
        painter.setFont(self.font())
        right = round(CHEVRON_ROOM_PX * self._scale())
        room = self.rect().adjusted(GRID_PX // 2 + 1, 0, -right, 0)
        words = self.currentText() if self.currentIndex() >= 0 else self.placeholderText()
        words = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        self._paint_chevron(painter)

    def _paint_chevron(self, painter: QPainter) -> None:
        scale = self._scale()
        middle = QPointF(self.width() - CHEVRON_ROOM_PX * scale / 2, self.height() / 2)
        painter.setPen(QPen(QColor(theme.colors.muted), MARK_WIDTH * scale))
        sides = (QPointF(-4, -2), QPointF(0, 2), QPointF(4, -2))
        painter.drawPolyline([middle + side * scale for side in sides])

    def _scale(self) -> float:
        return max(1.0, self.fontMetrics().height() / USUAL_LETTERS_PX)


def _line_px(focused: bool) -> int:
    """Width of a frame, as the style sheet draws it around other fields: where lines are strong,
    that of the focus is stronger."""
    return theme.colors.line_px + int(focused and theme.colors.line_px > 1)


def _frame(box: QRectF, line: int) -> QRectF:
    """Where a line runs that lies within a box."""
    return box.adjusted(line / 2, line / 2, -line / 2, -line / 2)


def _in(box: QRectF, x: float, y: float) -> QPointF:
    return QPointF(box.left() + x * box.width(), box.top() + y * box.height())
