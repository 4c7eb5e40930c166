"""ProblemsPanel: why the design cannot run, one sentence each; a click leads to the place."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from engine import Problem
from engine.project import Project
from studio.document import Document
from studio.forms.column import muted
from studio.forms.row import paint_alert
from studio.theme import GRID_PX, theme

ICON_PX = 16
_PLACE = Qt.ItemDataRole.UserRole


class ProblemsPanel(QWidget):
    """Lists the problems of the open design. `problem_chosen(node, field)`; either may be ""."""

    problem_chosen = Signal(str, str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._problems: tuple[Problem, ...] | None = None
        self.list = _List()
        self.none = muted(self.summary())
        self.none.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        self.none.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.none)
        layout.addWidget(self.list)
        self.setFocusProxy(self.list)
        self.list.itemClicked.connect(self._choose)
        self.list.entered_item.connect(self._choose)
        document.changed.connect(self._refresh)
        theme.changed.connect(self._dress)
        self._refresh()

    def summary(self) -> str:
        """All in one sentence."""
        count = len(self.document.report.problems)
        if not count:
            return self.tr("No problems: the design can run.")
        if count == 1:
            return self.tr("One problem keeps the design from running.")
        return self.tr("{count} problems keep the design from running.").format(count=count)

    def _refresh(self, before: Project | None = None, after: Project | None = None) -> None:
        problems = self.document.report.problems
        if problems == self._problems:
            return
        self._problems = problems
        self.none.setText(self.summary())
        self.none.setVisible(not problems)
        self.list.setVisible(bool(problems))
        chosen = self.list.currentRow()
        self.list.clear()
        for problem in problems:
            self.list.addItem(_item(problem))
        self.list.setCurrentRow(min(chosen, len(problems) - 1))

    def _dress(self) -> None:
        for row in range(self.list.count()):
            self.list.item(row).setIcon(_alert_icon())

    def _choose(self, item: QListWidgetItem) -> None:
        node, field = item.data(_PLACE)
        self.problem_chosen.emit(node, field)


class _List(QListWidget):
    """A list whose sentences wrap; Enter chooses, as a click does."""

    entered_item = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Problems of the design"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(True)
        side = max(ICON_PX, self.fontMetrics().height())
        self.setIconSize(QSize(side, side))
        self.setSpacing(GRID_PX // 4)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(self.ScrollMode.ScrollPerPixel)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.currentRow() < 0 and event.reason() is not Qt.FocusReason.MouseFocusReason:
            self.setCurrentRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_item.emit(item)
        else:
            super().keyPressEvent(event)


def _item(problem: Problem) -> QListWidgetItem:
    item = QListWidgetItem(_alert_icon(), str(problem))
    item.setData(_PLACE, (problem.node or "", problem.field))
    item.setToolTip(f"<div>{escape(str(problem))}</div>")
    return item


def _alert_icon() -> QIcon:
    icon = QIcon(_alert_pixmap(theme.colors.problem))
    icon.addPixmap(_alert_pixmap(theme.colors.on_accent), QIcon.Mode.Selected)
    return icon


def _alert_pixmap(color: str) -> QPixmap:
    pixmap = QPixmap(2 * ICON_PX, 2 * ICON_PX)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.scale(2, 2)
    paint_alert(painter, QRectF(1, 1, ICON_PX - 2, ICON_PX - 3), color)
    painter.end()
    return pixmap
