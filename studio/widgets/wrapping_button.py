"""WrappingButton: a button whose text wraps in a narrow dock."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

MENU_ROOM_PX = 20
"""For the arrow of a menu."""


class WrappingButton(QPushButton):
    """As wide as its words on one line where there is room; never narrower than the longest."""

    def __init__(self, words: str = "") -> None:
        super().__init__()
        self._words = ""
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAutoDefault(False)
        self.show_words(words)

    @property
    def words(self) -> str:
        """Its text, on one line."""
        return self._words

    def show_words(self, words: str) -> None:
        """Show this text."""
        self._words = words
        self.setAccessibleName(words)
        self._wrap(self.width())
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(
            self.fontMetrics().horizontalAdvance(self._words) + self._room(), self._high(1)
        )

    def minimumSizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        longest = max((metrics.horizontalAdvance(w) for w in self._words.split()), default=0)
        return QSize(longest + self._room(), self._high(1))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._high(len(self._lines(width)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._wrap(self.width())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._wrap(self.width())
            self.updateGeometry()

    def _wrap(self, width: int) -> None:
        text = "\n".join(self._lines(width))
        if text != self.text():
            self.setText(text)

    def _lines(self, width: int) -> list[str]:
        lines: list[str] = []
        for word in self._words.split():
            longer = f"{lines[-1]} {word}" if lines else word
            fits = self.fontMetrics().horizontalAdvance(longer) <= width - self._room()
            if lines and fits:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def _room(self) -> int:
        """What the style puts around the words."""
        around = super().sizeHint().width() - self._widest_line()
        return max(around, 0) + (MENU_ROOM_PX if self.menu() is not None else 0)

    def _widest_line(self) -> int:
        metrics = self.fontMetrics()
        return max((metrics.horizontalAdvance(line) for line in self.text().split("\n")), default=0)

    def _high(self, lines: int) -> int:
        shown = self.text().count("\n") + 1
        one = super().sizeHint().height() - (shown - 1) * self.fontMetrics().lineSpacing()
        return one + (lines - 1) * self.fontMetrics().lineSpacing()
