"""Sentence: what is wrong with a field, under it, with a mark."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX, theme


class Sentence(QWidget):
    """What is wrong with a field: a mark and a sentence under it. Hidden while all is well."""

    def __init__(self) -> None:
        super().__init__()
        self.text = PlainLabel()
        self.text.setWordWrap(True)
        self.text.setProperty("role", "problem")
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID_PX // 2)
        layout.addWidget(AlertMark(), 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.text, 1)
        self.hide()

    def show_text(self, sentence: str) -> None:
        """Show a sentence; an empty one hides the widget."""
        if sentence != self.text.text():
            self.text.setText(sentence)
        self.setVisible(bool(sentence))


class AlertMark(QWidget):
    """A triangle with an exclamation mark, in the color of problems."""

    def __init__(self) -> None:
        super().__init__()
        side = self.fontMetrics().height()
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        box = QRectF(self.rect()).adjusted(1, 1, -1, -2)
        paint_alert(QPainter(self), box, theme.colors.problem)


def paint_alert(painter: QPainter, box: QRectF, ink: str) -> None:
    """Paint the triangle with an exclamation mark into a box."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    color = QColor(ink)
    painter.setPen(QPen(color, 1.4))
    top = QPointF(box.center().x(), box.top())
    painter.drawPolygon([top, box.bottomRight(), box.bottomLeft()])
    x, height = box.center().x(), box.height()
    painter.drawLine(QPointF(x, box.top() + 0.4 * height), QPointF(x, box.top() + 0.68 * height))
    painter.setBrush(color)
    painter.drawEllipse(QPointF(x, box.top() + 0.83 * height), 0.4, 0.4)
