"""ProblemsButton: the design's problems in one sentence; a click opens their list."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton

from studio.look.icons import icon
from studio.look.theme import theme
from studio.model.document import Document
from studio.problems_panel import ProblemsPanel


class ProblemsButton(QToolButton):
    """A button in the status bar that follows the document."""

    def __init__(self, document: Document, panel: ProblemsPanel) -> None:
        super().__init__()
        self._document, self._panel = document, panel
        self.setAutoRaise(True)
        side = self.fontMetrics().height() + 2
        self.setIconSize(QSize(side, side))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        document.changed.connect(self._refresh)
        theme.changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        self.setText(self._panel.summary())
        self.setIcon(icon("problem" if self._document.report.problems else "good"))
