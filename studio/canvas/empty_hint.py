"""The hint in the middle of an empty canvas: what to do first."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QLabel, QWidget

from studio.look.theme import GRID_PX


class EmptyHint(QLabel):
    """An overlay that ignores the mouse and drops."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setProperty("role", "muted")
        self.setText(
            self.tr(
                "<h3>Build a network here</h3><p>Drag a layer from the palette onto "
                "this canvas, or double-click it to append it.</p><p>Double-click "
                "here, or press Space, to search for a layer.</p><p>To connect two "
                "layers, drag from the circle at the end of one to the circle at the "
                "start of the next.<br>Release on empty canvas to add a layer that "
                "fits there.</p><p>Or open a finished design from File &gt; "
                "Examples.</p>"
            )
        )

    @property
    def words(self) -> str:
        """The hint as plain text."""
        return QTextDocumentFragment.fromHtml(self.text()).toPlainText()

    def fill(self) -> None:
        """Fill the parent."""
        self.setGeometry(self._room.rect().adjusted(GRID_PX, 0, -GRID_PX, 0))
