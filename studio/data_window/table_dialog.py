"""TableDialog: opens a CSV or TSV file: how it is read, and what each column is for."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from engine.data import OwnSource, TableSource, Watch
from engine.data.tables import Column, OpenedTable, Preview, ReadingOptions, open_table, preview
from engine.data.tables.encode import check_roles
from engine.errors import EngineError
from engine.project.fields import fields_of
from studio.data_window.import_dialog import ImportDialog, plural
from studio.data_window.preview_model import PreviewModel
from studio.data_window.value_words import say_values
from studio.forms import Change, Form
from studio.forms.column import muted
from studio.look.theme import GRID_PX
from studio.model.document import Document
from studio.running.jobs import Job
from studio.widgets.controls import FieldCheckBox
from studio.widgets.option import name_option

COLUMN_FIELDS = ("role", "type", "missing")
SHOWN_PROBLEMS = 3
COLUMN_LETTERS = 22


class TableDialog(ImportDialog):
    """What was guessed can all be corrected; the rows shown follow at once."""

    def __init__(self, document: Document, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(document, path.name, parent)
        self.setWindowTitle(self.tr("Open a Table: %s") % path.name)
        self.path = path
        self.preview: Preview | None = None
        self._chosen: dict[str, dict[str, Any]] = {}
        self._look_job: Job | None = None
        self._wanted: ReadingOptions | None = None
        self.options = Form(fields_of(ReadingOptions), self._set_option)
        own = fields_of(Column)
        self.columns = Form({name: own[name] for name in COLUMN_FIELDS}, self._set_column)
        self.which = muted()
        self.skip_box = FieldCheckBox(self.tr("Skip bad rows"))
        name_option("skip_bad_rows", self.skip_box)
        self.skip.setText(self.tr("Skip Bad Rows and Read"))
        self.go.setText(self.tr("Read Table"))
        self.model, self.table = PreviewModel(), QTableView()
        self.warnings = muted()
        self._fill_side()
        self._make_table()
        self.arrange(self.table, self.warnings)
        self._look(None)

    # The preview

    @property
    def looking(self) -> bool:
        """Whether the first rows are being read."""
        return self._look_job is not None

    def painted(self) -> dict[str, Any]:
        """columns: name, role and type of each. rows: the first ones. problems: in them."""
        found = self.preview
        return {
            "columns": [(c.name, c.role, c.type) for c in found.columns] if found else [],
            "rows": [list(row) for row in found.rows] if found else [],
            "problems": [str(problem) for problem in found.problems] if found else [],
            "options": self.options.shown(),
        }

    def _look(self, options: ReadingOptions | None) -> None:
        """Read the first rows, off the window's thread; None guesses how."""
        self._wanted = options
        if self._look_job is not None:
            return
        self.go.setEnabled(False)
        self._look_job = self.jobs.start(lambda _job: (options, preview(self.path, options)))
        self._look_job.succeeded.connect(self._show_answer)
        self._look_job.failed.connect(self._show_no_table)
        self._look_job.ended.connect(self._looked)

    def _show_answer(self, answer: tuple[ReadingOptions | None, Preview]) -> None:
        if answer[0] != self._wanted:
            return  # something else was asked meanwhile
        found = answer[1]
        columns = [column.replace(**self._chosen.get(column.name, {})) for column in found.columns]
        self._show(dataclasses.replace(found, columns=tuple(columns)))
        if self.table.currentIndex().column() < 0:
            self._select_target()

    def _looked(self) -> None:
        self._look_job = None
        if self.preview is not None and self._wanted not in (None, self.preview.options):
            self._look(self._wanted)
        self.refresh_buttons()

    def _show_no_table(self, sentence: str) -> None:
        self.facts.setText(self.path.name)
        self.problem.show_text(sentence)

    def _show(self, found: Preview) -> None:
        self.preview = found
        self.model.show_preview(found)
        self.options.show_specs([found.options])
        say_values(self.options)
        self.facts.setText(self._facts(found))
        self._show_problems(found)
        self._show_columns()
        self.refresh_buttons()

    def _facts(self, found: Preview) -> str:
        about = self.tr("about {n:,} rows") if found.size > 0 else self.tr("no rows")
        rows = about.format(n=found.estimated_rows)
        columns = plural(len(found.columns), self.tr("1 column"), self.tr("{n:,} columns"))
        size = _size(found.size)
        return f"{found.path.name}: {size}, {rows}, {columns}."

    def _show_problems(self, found: Preview) -> None:
        try:
            check_roles(found.columns)
            self.problem.show_text("")
        except EngineError as error:
            self.problem.show_text(str(error))
        shown = [str(problem) for problem in found.problems[:SHOWN_PROBLEMS]]
        more = len(found.problems) - len(shown)
        if more > 0:
            shown.append(self.tr("And {n} more in the first rows.").format(n=more))
        self.warnings.setText("\n".join(shown))
        self.warnings.setVisible(bool(shown))

    def refresh_buttons(self) -> None:
        possible = self.preview is not None and not self.reading and not self.looking
        if possible and self.preview is not None:
            try:
                check_roles(self.preview.columns)
            except EngineError:
                possible = False
        self.go.setEnabled(possible)

    # Corrections

    def _set_option(self, change: Change) -> str:
        if self.preview is None:
            return ""
        try:
            options = change.applied(self._wanted or self.preview.options)
        except EngineError as error:
            return str(error)
        self.options.show_specs([options])  # at once: the rows follow when they are read
        say_values(self.options)
        self._look(options)
        return ""

    def _set_column(self, change: Change) -> str:
        found = self.preview
        if found is None:
            return ""
        columns = list(found.columns)
        for index in self._selected():
            columns[index] = change.applied(columns[index])
            chosen = self._chosen.setdefault(columns[index].name, {})
            chosen[change.field] = getattr(columns[index], change.field)
        self._show(dataclasses.replace(found, columns=tuple(columns)))
        return ""

    def _selected(self) -> list[int]:
        ranges = self.table.selectionModel().selection()
        columns = {c for part in ranges.toList() for c in range(part.left(), part.right() + 1)}
        return sorted(columns)

    def _show_columns(self, *_selection: object) -> None:
        """The settings of the columns that are selected."""
        if self.preview is None:
            return
        chosen = [self.preview.columns[index] for index in self._selected()]
        self.columns.setEnabled(bool(chosen))
        if not chosen:
            self.which.setText(self.tr("Select columns in the table to set their roles."))
            return
        names = ", ".join(f"“{column.name}”" for column in chosen[:SHOWN_PROBLEMS])
        more = len(chosen) - SHOWN_PROBLEMS
        self.which.setText(names if more <= 0 else self.tr("%s and %d more") % (names, more))
        self.columns.show_specs(chosen)
        say_values(self.columns)

    def _select_target(self) -> None:
        assert self.preview is not None
        roles = [column.role for column in self.preview.columns]
        if "target" in roles and self.model.rowCount():
            flags = QItemSelectionModel.SelectionFlag
            index = self.model.index(0, roles.index("target"))
            self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect)
            self.table.selectColumn(index.column())
            self.table.scrollTo(self.model.index(0, 0))

    # Reading

    def reader(self) -> Callable[[Watch], Any]:
        assert self.preview is not None
        found, skip = self.preview, self.skip_box.isChecked()
        return lambda watch: open_table(self.path, found.options, found.columns, skip, watch)

    def source_of(self, result: OpenedTable) -> OwnSource:
        return result.source

    def words_of(self, result: OpenedTable) -> str:
        source: TableSource = result.source
        words = [self.tr("{file}: {n:,} examples.").format(file=source.file, n=source.examples())]
        if result.skipped:
            skipped = self.tr("{n:,} bad rows were skipped.").format(n=result.skipped)
            one = self.tr("1 bad row was skipped.")
            words.append(one if result.skipped == 1 else skipped)
            words.append(result.problems[0].message)
        if result.dropped:
            dropped = self.tr("{n:,} rows with missing values were left out.")
            one = self.tr("1 row with missing values was left out.")
            words.append(one if result.dropped == 1 else dropped.format(n=result.dropped))
        return " ".join(words)

    def skip_bad(self) -> None:
        self.skip_box.setChecked(True)

    # How it is laid out

    def _fill_side(self) -> None:
        self.side.add_heading(self.tr("Selected columns"))
        self.side.add(self.which)
        self.side.add(self.columns)
        self.side.add_heading(self.tr("File format"))
        self.side.add(self.options)
        self.side.add_heading(self.tr("Bad rows"))
        self.side.add(self.skip_box)
        self.side.add(
            muted(
                self.tr(
                    "Skips and counts rows with too many or too few values, or with "
                    "text in place of a number. Otherwise, reading stops at the first "
                    "such row."
                )
            )
        )

    def _make_table(self) -> None:
        view = self.table
        view.setModel(self.model)
        view.setAccessibleName(self.tr("First rows"))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectColumns)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setTabKeyNavigation(False)
        view.setWordWrap(False)
        view.setCornerButtonEnabled(False)
        header = view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setDefaultSectionSize(COLUMN_LETTERS * self.fontMetrics().averageCharWidth())
        header.setHighlightSections(False)
        view.verticalHeader().setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        view.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() + GRID_PX // 2)
        view.selectionModel().selectionChanged.connect(self._show_columns)


def _size(size: int) -> str:
    if size >= 1_000_000:
        return f"{size / 1e6:.1f} MB"
    return f"{size / 1e3:.1f} KB" if size >= 1_000 else plural(size, "1 byte", "{n} bytes")
