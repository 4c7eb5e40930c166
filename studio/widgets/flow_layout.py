"""FlowLayout: widgets side by side, on as many lines as the width requires."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from studio.look.theme import GRID_PX


class FlowLayout(QLayout):
    """Wraps like words in a paragraph. Hidden widgets take no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(GRID_PX // 2)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._flow(QRect(0, 0, width, 0), place=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._flow(rect, place=True)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() + self.spacing() for size in shown)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _flow(self, rect: QRect, place: bool) -> int:
        """Height of the lines; with place=True the widgets are put there."""
        lines: list[list[tuple[QLayoutItem, QSize]]] = [[]]
        x = 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint().expandedTo(item.minimumSize())
            if x and x + size.width() > rect.width():
                lines.append([])
                x = 0
            lines[-1].append((item, size))
            x += size.width() + self.spacing()
        heights = [max((size.height() for _, size in line), default=0) for line in lines]
        if place:
            self._place(rect, lines, heights)
        return sum(heights) + self.spacing() * (len(lines) - 1)

    def _place(
        self, rect: QRect, lines: list[list[tuple[QLayoutItem, QSize]]], heights: list[int]
    ) -> None:
        """The widgets of a line stand on its middle."""
        y = rect.y()
        for line, height in zip(lines, heights, strict=True):
            x = rect.x()
            for item, size in line:
                width = min(size.width(), max(1, rect.width()))
                top = y + (height - size.height()) // 2
                item.setGeometry(QRect(x, top, width, size.height()))
                x += width + self.spacing()
            y += height + self.spacing()
