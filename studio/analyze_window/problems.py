"""Problems: what the Analyze window shows while the design cannot run."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from engine import Report
from studio.forms.column import heading, muted
from studio.look.theme import GRID_PX

_NODE = Qt.ItemDataRole.UserRole


class Problems(QWidget):
    """The problems in whole sentences; `chosen(node)` where one was clicked or entered."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Problems in the design"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setWordWrap(True)
        self.list.setSpacing(GRID_PX // 2)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        self.title = heading(self.tr("This design cannot run yet."))
        column.addWidget(self.title)
        column.addWidget(muted(self.tr("Its cost is computed once these problems are solved:")))
        column.addWidget(self.list, 1)
        self.list.itemClicked.connect(self._choose)
        self.list.itemActivated.connect(self._choose)

    def show_report(self, report: Report) -> None:
        """Show the problems of this check."""
        chosen = self.list.currentRow()
        self.list.clear()
        for problem in report.problems:
            item = QListWidgetItem(str(problem))
            item.setData(_NODE, problem.node or "")
            self.list.addItem(item)
        self.list.setCurrentRow(min(chosen, len(report.problems) - 1))

    def sentences(self) -> list[str]:
        """The problems shown."""
        return [self.list.item(row).text() for row in range(self.list.count())]

    def _choose(self, item: QListWidgetItem) -> None:
        if item.data(_NODE):
            self.chosen.emit(item.data(_NODE))
