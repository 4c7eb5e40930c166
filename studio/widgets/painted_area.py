"""PaintedArea: base of the views that paint many small things and scroll."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from studio.look.theme import GRID_PX, theme


class PaintedArea(QAbstractScrollArea):
    """Scrolls over what a subclass paints.

    A subclass overrides `content_size`, for the room there is, and `paint_content`, in coordinates
    of the content; after its content changed it calls `fit`. The arrow keys scroll.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        theme.changed.connect(self.dress)

    def content_size(self, room: QSize) -> QSize:
        """How large the content is where `room` is visible at once."""
        raise NotImplementedError

    def paint_content(self, painter: QPainter, visible: QRect) -> None:
        """Paint at least what lies in `visible`."""
        raise NotImplementedError

    def dress(self) -> None:
        """Take the theme's colors."""
        self.viewport().update()

    def fit(self) -> None:
        """The content, its size or the font changed: adjust the scroll bars and repaint."""
        room, step = self.viewport().size(), self.fontMetrics().height()
        size = self.content_size(room)
        for bar, whole, part in (
            (self.horizontalScrollBar(), size.width(), room.width()),
            (self.verticalScrollBar(), size.height(), room.height()),
        ):
            bar.setRange(0, max(0, whole - part))
            bar.setPageStep(part)
            bar.setSingleStep(step)
        self.viewport().update()

    @property
    def offset(self) -> tuple[int, int]:
        """How far the content is scrolled, in pixels."""
        return self.horizontalScrollBar().value(), self.verticalScrollBar().value()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), theme.colors.surface)
        x, y = self.offset
        painter.translate(-x, -y)
        self.paint_content(painter, self.viewport().rect().translated(x, y))
        painter.resetTransform()
        if self.hasFocus():
            painter.setPen(QColor(theme.colors.accent))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(24 * GRID_PX, 4 * line)
