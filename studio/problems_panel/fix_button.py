"""FixButton: "Fix: insert Flatten", on as many lines as its place needs."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPushButton, QSizePolicy

from studio.look.plain_text import without_keys
from studio.look.theme import GRID_PX

PADDING_PX = 2 * GRID_PX


class FixButton(QPushButton):
    """A button named after its fix. `fit_into` breaks its text where a line would be too long."""

    def __init__(self, title: str, problem: str) -> None:
        super().__init__()
        self.title = title
        self.words = self.tr("Fix: {title}").format(title=title[0].lower() + title[1:])
        self.setText(without_keys(self.words))
        self.setAccessibleName(self.words)
        self.setAccessibleDescription(problem)
        self.setToolTip(self.tr("Apply this as one step, which you can undo."))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def size_on_one_line(self) -> QSize:
        """The size that the button has if its text is not broken."""
        return self._size([self.words])

    def size_within(self, width: int) -> QSize:
        """The size of the button if it may be this wide at most."""
        return self._size(self._lines(width))

    def fit_into(self, width: int) -> None:
        """Break the text so that the button is at most this wide."""
        text = without_keys("\n".join(self._lines(width)))
        if text != self.text():
            self.setText(text)

    def _size(self, lines: list[str]) -> QSize:
        metrics = self.fontMetrics()
        width = max(metrics.horizontalAdvance(line) for line in lines) + 2 * PADDING_PX
        return QSize(width, len(lines) * metrics.lineSpacing() + 2 * (GRID_PX // 2) + 4)

    def _lines(self, width: int) -> list[str]:
        return wrapped(self.words, self.fontMetrics(), width - 2 * PADDING_PX)


def wrapped(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """The text in lines of at most this width, broken at spaces, and in a word where it must."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".lstrip()
        if metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
            continue
        lines.append("")
        for letter in word:
            if lines[-1] and metrics.horizontalAdvance(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line]
