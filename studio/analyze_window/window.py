"""AnalyzeWindow: a row per layer with shape, parameters, memory, multiply-adds and warnings."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.design import analyze
from engine.project import Project
from studio.analyze_window.columns import AnalysisRow
from studio.analyze_window.model import advice_in_full, count_of_warnings
from studio.analyze_window.problems import Problems
from studio.analyze_window.table import AnalysisTable
from studio.analyze_window.text import as_csv, as_markdown
from studio.forms.column import muted
from studio.look.theme import GRID_PX
from studio.model.document import Document
from studio.running.painted_facts import facts_of_project

WIDTH_LETTERS, HEIGHT_LINES = 150, 26
SHARE_OF_SCREEN = 0.9
ADVICE_LINES = 4
"""Kept free under the table, so that nothing jumps when another row is read."""


class AnalyzeWindow(QDialog):
    """Follows the document while it is open; a row's click emits `node_chosen(name)`."""

    node_chosen = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.document = document
        self._shown: tuple[object, ...] = ()
        self._project = document.project
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._show_design)
        self.setWindowTitle(self.tr("Analyze"))
        self.table, self.problems = AnalysisTable(), Problems()
        self.advice = self._advice_label()
        self.note = muted(self._how_it_is_counted())
        self.status = muted()
        self.status.setAccessibleName(self.tr("Copied"))
        self.pages = QStackedWidget()
        self.pages.addWidget(self._table_page())
        self.pages.addWidget(self.problems)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        layout.addWidget(self.pages)
        self.table.chosen.connect(self.node_chosen)
        self.table.read.connect(self._show_advice)
        self.problems.chosen.connect(self.node_chosen)
        document.changed.connect(self._refresh)
        self.resize(self.sizeHint())

    def showEvent(self, event: QShowEvent) -> None:
        self._show_design()
        super().showEvent(event)

    def shown(self) -> dict[str, Any]:
        """What was last painted, as plain data. columns: their names. rows: what they say, from
        the top; the last one has the totals. problems: what is shown instead of them."""
        runs = self.pages.currentWidget() is not self.problems
        facts = facts_of_project(self._project, message=self.advice.text(), empty=not runs)
        if not runs:
            facts["message"] = self.problems.title.text()
            return {**facts, "columns": [], "rows": [], "problems": self.problems.sentences()}
        rows = self.table.rows
        texts = [[column.text(line) for column in rows.columns] for line in rows.lines]
        names = [column.name for column in rows.columns]
        return {**facts, "columns": names, "rows": texts, "problems": []}

    def sizeHint(self) -> QSize:
        """Wide enough for the table, and never larger than the screen."""
        metrics, screen = self.fontMetrics(), self.screen().availableSize() * SHARE_OF_SCREEN
        wanted = QSize(
            WIDTH_LETTERS * metrics.averageCharWidth(), HEIGHT_LINES * metrics.lineSpacing()
        )
        return wanted.boundedTo(screen)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "advice"):
            self._keep_room_for_advice()

    def copy_as_csv(self) -> None:
        """The whole table on the clipboard, in the order shown, with plain numbers."""
        self._copy(as_csv(self.table.rows.columns, self.table.rows.lines), "CSV")

    def copy_as_markdown(self) -> None:
        """The whole table on the clipboard, in the order shown, for a report."""
        self._copy(as_markdown(self.table.rows.columns, self.table.rows.lines), "Markdown")

    # What is shown

    def _refresh(self, before: Project, after: Project) -> None:
        """Soon, when the edit's own events are through; a hidden window waits for `showEvent`."""
        if self.isVisible():
            self._later.start(0)

    def _show_design(self) -> None:
        document, project = self.document, self.document.project
        state = (project.design, project.training, document.fit)
        self._project = project
        if self._shown and self._shown[0] is state[0] and self._shown[1:] == state[1:]:
            return
        self._shown = state
        if not document.report.ok:
            self.problems.show_report(document.report)
            self.pages.setCurrentWidget(self.problems)
            return
        kept, place = self._selection(), self.table.verticalScrollBar().value()
        found = analyze(project.design, project.training, document.fit, document.report)
        self.table.rows.show_analysis(found, project.training.batch_size)
        self._select_again(*kept)
        self.table.verticalScrollBar().setValue(place)
        self.table.fit_columns()
        self.pages.setCurrentIndex(0)
        self.status.setText("")
        self._show_advice(self.table.current_line())

    def _selection(self) -> tuple[list[str], str]:
        """Names of the selected rows, and of the current one."""
        current = self.table.current_line()
        names = [line.row.name for line in self.table.selected_lines() if line.number]
        return names, current.row.name if current and current.number else ""

    def _select_again(self, names: list[str], current: str) -> None:
        selection, rows = self.table.selectionModel(), self.table.rows
        if selection.hasSelection() or selection.currentIndex().isValid():
            return  # the layers are the same: nothing was lost
        flags = QItemSelectionModel.SelectionFlag
        for name in names:
            line = rows.line_of(name)
            if line is not None:
                selection.select(rows.index(line, 0), flags.Select | flags.Rows)
        line = rows.line_of(current)
        if line is not None:
            selection.setCurrentIndex(rows.index(line, 0), flags.NoUpdate)

    def _show_advice(self, line: AnalysisRow | None) -> None:
        self.advice.setText(self._advice_on(line))

    def _advice_on(self, line: AnalysisRow | None) -> str:
        if line is not None and line.row.advice:
            return f"{line.row.name}: {advice_in_full(line)}"
        count = count_of_warnings(self.table.rows.lines)
        if not count:
            return self.tr("No warnings.")
        words = self.tr("{n} rows have warnings. Select one to read why.").format(n=count)
        if count == 1:
            words = self.tr("One row has warnings. Select it to read why.")
        if line is None or not line.number:
            return words
        return self.tr("{name}: no warnings.").format(name=line.row.name) + " " + words

    def _copy(self, text: str, form: str) -> None:
        QApplication.clipboard().setText(text)
        count = len(self.table.rows.lines) - 1
        words = self.tr("{n} layers and their totals are on the clipboard as {form}.")
        self.status.setText(words.format(n=count, form=form))

    # How it is laid out

    def _table_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.table, 1)
        column.addWidget(self.advice)
        column.addWidget(self.note)
        column.addLayout(self._buttons())
        return page

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self.status, 1)
        for text, copy in (
            (self.tr("Copy as CSV"), self.copy_as_csv),
            (self.tr("Copy as Markdown"), self.copy_as_markdown),
            (self.tr("Close"), self.close),
        ):
            button = QPushButton(text)
            button.setAutoDefault(False)  # Enter belongs to the table
            button.clicked.connect(copy)
            row.addWidget(button)
        return row

    def _advice_label(self) -> QLabel:
        label = muted()
        label.setProperty("role", "")
        label.setAccessibleName(self.tr("Why there is a warning"))
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.advice = label
        self._keep_room_for_advice()
        return label

    def _keep_room_for_advice(self) -> None:
        self.advice.setMinimumHeight(ADVICE_LINES * self.fontMetrics().lineSpacing())

    def _how_it_is_counted(self) -> str:
        return self.tr(
            "Memory: X, Z, and A of each layer, plus what batch norm and dropout "
            "store, in float32. Multiply-adds: for one example; backward counts dW, "
            "and dA where a layer below is trainable. Press Enter to show a layer on "
            "the canvas and Ctrl+C to copy rows."
        )
