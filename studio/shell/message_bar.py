"""MessageBar: one sentence above the canvas, with a button for each possible action."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from studio.look.icons import icon
from studio.look.plain_text import PlainLabel
from studio.look.theme import GRID_PX, theme

ICON_PX = 16
"""Or the height of the letters, if it is larger."""


class MessageBar(QWidget):
    """Hidden until `tell`; never takes the focus and never blocks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = PlainLabel()
        self._text = PlainLabel()
        self._text.setWordWrap(True)
        self._text.setAccessibleName(self.tr("Message"))
        self._button = QPushButton()
        self._more: list[QPushButton] = []
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setAccessibleName(self.tr("Close the message"))
        self._close.clicked.connect(lambda _checked=False: self.clear())
        self._act: Callable[[], object] | None = None
        self.topic, self.sign = "", "problem"
        self._button.clicked.connect(self._do)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(GRID_PX, GRID_PX // 2, GRID_PX, GRID_PX // 2)
        row.setSpacing(GRID_PX)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        row.addWidget(self._close)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown, or an empty string."""
        return self._text.text() if not self.isHidden() else ""

    def tell(
        self,
        sentence: str,
        button: str = "",
        act: Callable[[], object] | None = None,
        topic: str = "",
        more: Sequence[tuple[str, Callable[[], object]]] = (),
        sign: str = "problem",
    ) -> None:
        """Show a sentence. button: the label for `act`. topic: what the sentence is about, for
        `clear`.

        more: further buttons, each with its action. sign: the name of the icon.
        """
        self.sign = sign
        self._dress()
        self.topic = topic
        self._text.setText(sentence)
        self._button.setText(button)
        self._button.setVisible(act is not None)
        self._act = act
        self._show_more(more)
        self.show()

    def clear(self, topic: str | None = None) -> None:
        """Hide the sentence if it is about this topic; None: whatever its topic."""
        if topic is None or topic == self.topic:
            self._act = None
            self.hide()

    def _show_more(self, more: Sequence[tuple[str, Callable[[], object]]]) -> None:
        for button in self._more:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._more = [self._further(*each) for each in more]
        before: QWidget = self._button
        for button in self._more:
            self._row.insertWidget(self._row.indexOf(before) + 1, button)
            QWidget.setTabOrder(before, button)
            before = button
        QWidget.setTabOrder(before, self._close)

    def _further(self, text: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)

        def do(_checked: bool = False) -> None:
            self.clear()
            act()

        button.clicked.connect(do)
        return button

    def _do(self) -> None:
        act = self._act
        self.clear()
        if act is not None:
            act()

    def _dress(self) -> None:
        side = max(ICON_PX, self.fontMetrics().height())
        self._icon.setPixmap(icon(self.sign).pixmap(side, side))
        self._close.setIcon(icon("close"))
        self._close.setIconSize(QSize(side, side))
        colors = theme.colors
        self.setStyleSheet(f"QLabel {{ color: {colors.text}; }}")
        self.setAutoFillBackground(True)
        palette = self.palette()
        palette.setColor(self.backgroundRole(), colors.raised)
        self.setPalette(palette)
