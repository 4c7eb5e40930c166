"""RunsPanel: all runs of the project, compared on the same axes, and their designs given back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QMenu,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.probes.moment import Moment
from engine.probes.snapshot import NOWHERE, Origin
from engine.project import Project
from engine.project.runs import Run
from studio.dashboard.runs.comparison import figures, settings_that_differ
from studio.dashboard.runs.difference_table import DifferenceTable
from studio.dashboard.runs.run_list import RunList
from studio.look.plain_text import plain_tip
from studio.model import edits
from studio.model.document import Document
from studio.panels.panel import Panel, Surroundings
from studio.plots.overlay import COST, SCORE, Overlay, lines_of_run
from studio.plots.run_figures import caution, score_title
from studio.widgets.option import name_option

LIST_SHARE = 0.42
"""Of the panel's width, at most, until the handle is dragged."""


class RunsPanel(Panel):
    """A list at the left; beside it the selected runs' costs, scores or differences."""

    id, tab, column, order = "runs", "Runs", 0, 3

    column = 0

    @classmethod
    def make(cls, surroundings: Surroundings) -> Self:
        return cls(surroundings.document)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Runs"),
            self.tr(
                "When a run pauses or ends, it is kept here with its settings and "
                "curves and saved with the project. Select several to compare them. "
                "When there are too many, the oldest are removed, except pinned ones."
            ),
            self.tr("Press Play. Each run is kept here when it pauses or ends."),
            parent,
        )
        self._document = document
        self._shown: Project | None = None
        self._widths_are_chosen = False
        self.list = RunList(self._rename, self.content)
        self.overlay = Overlay()
        self.table = DifferenceTable()
        self.views = QStackedWidget()
        self.tabs = QTabBar()
        name_option("runs", self.list)
        name_option("plot", self.tabs)
        self._make_tabs()
        self._make_actions()
        self._arrange()
        self.list.chosen_changed.connect(self._compare)
        document.changed.connect(self._follow)
        self._take()

    def follow(self, moment: Moment) -> None:
        """Nothing to do: runs come with the document."""

    def painted(self) -> dict[str, Any]:
        """Curves by "run, set", as the legend names them. run, iteration, data: of the newest run
        that is selected."""
        lines = self.overlay.lines if self._kind is not None else ()
        return {
            "curves": {f"{line.title}, {line.name}": (line.x, line.y) for line in lines},
            "x_axis": "iteration" if self.overlay.kind == COST else "epoch",
            "marks": [],
        }

    def painted_set(self) -> str:
        return "train dev"

    def stale_sentence(self) -> str:
        """A run that is kept never gets out of date."""
        return ""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._take()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._widths_are_chosen:
            room = self.width()
            wide = min(self.list.sizeHint().width(), int(LIST_SHARE * room))
            self._splitter.setSizes([wide, room - wide])

    # What is shown.

    def _follow(self, before: Project, after: Project) -> None:
        if self.isVisible():
            self._take()

    def _take(self) -> None:
        """Show the document's runs, if others than those shown."""
        project, shown = self._document.project, self._shown
        self._shown = project
        if shown is None or shown.runs is not project.runs:
            self.show_empty(not project.runs)
            self.list.show_runs(project.runs)
        elif self._kind is None:
            self._compare()  # one run is compared with the open design

    def _compare(self) -> None:
        runs = self.list.chosen
        warning = caution(runs)
        self.say(f"▲ {warning}" if warning else "")
        self.origin = self._origin(runs[-1]) if runs else NOWHERE
        if self._kind is None:
            self._tabulate()
        else:
            lines = [line for run in runs for line in lines_of_run(run, self._kind)]
            self.overlay.show_lines(lines, self._kind, score_title(runs))
        self._enable()

    def _origin(self, run: Run) -> Origin:
        project = self._document.project.replace(
            design=run.design, training=run.training, data=run.data
        )
        return Origin(run.key, run.iteration, run.epoch, project=project)

    def _switch(self) -> None:
        self.views.setCurrentWidget(self.table if self._kind is None else self.overlay)
        self._compare()

    @property
    def _kind(self) -> str | None:
        """Of the curves to be shown; None for the differences."""
        return self.tabs.tabData(self.tabs.currentIndex())

    def _tabulate(self) -> None:
        """The selected runs, or the only one beside the open design."""
        runs = self.list.chosen
        if len(runs) == 1:
            lines = settings_that_differ([runs[0], self._document.project])
            blank = [line._replace(cells=(*line.cells, "")) for line in figures(runs)]
            self.table.show_lines([runs[0].title, self.tr("open design")], [*lines, *blank])
        else:
            lines = settings_that_differ(runs) + figures(runs)
            self.table.show_lines([run.title for run in runs], lines)

    # What a person does.

    def _rename(self, key: str, name: str) -> bool:
        words = self.tr("Name a run “%s”") % name if name else self.tr("Remove a run's name")
        return self._edit(lambda p: edits.name_run(p, key, name), words)

    def _edit_name(self) -> None:
        chosen = self.list.chosen
        if len(chosen) == 1:
            self.list.edit_name(chosen[0].key)

    def _toggle_pin(self) -> None:
        runs = self.list.chosen
        pinned = not all(run.pinned for run in runs)
        words = self.tr("Pin {}") if pinned else self.tr("Unpin {}")
        keys = [run.key for run in runs]
        self._edit(lambda p: edits.pin_runs(p, keys, pinned), words.format(self._named()))

    def _delete(self) -> None:
        keys = [run.key for run in self.list.chosen]
        self._edit(lambda p: edits.remove_runs(p, keys), self.tr("Delete {}").format(self._named()))

    def _restore(self) -> None:
        run = self.list.chosen[0]
        words = self.tr("Restore the design of {}").format(run.title)
        self._edit(lambda p: edits.restore_run(p, run.key), words)

    def _edit(self, make: Callable[[Project], Project], words: str) -> bool:
        refusal = self._document.try_edit(make, words)
        if refusal:
            self.say(refusal, bad=True)
        return not refusal

    def _named(self) -> str:
        runs = self.list.chosen
        return runs[0].title if len(runs) == 1 else self.tr("{} runs").format(len(runs))

    def _enable(self) -> None:
        runs = self.list.chosen
        for action in (self.pin, self.delete):
            action.setEnabled(bool(runs))
        for action in (self.rename, self.restore):
            action.setEnabled(len(runs) == 1)
        pinned = bool(runs) and all(run.pinned for run in runs)
        self.pin.setText(self.tr("Un&pin") if pinned else self.tr("&Pin"))

    # Building.

    def _make_tabs(self) -> None:
        for kind, text, tip in (
            (COST, self.tr("Cost"), self.tr("The costs of the selected runs.")),
            (SCORE, self.tr("Score"), self.tr("The scores of the selected runs.")),
            (
                None,
                self.tr("Table"),
                self.tr("Their different settings, and the results."),
            ),
        ):
            at = self.tabs.addTab(text)
            self.tabs.setTabData(at, kind)
            self.tabs.setTabToolTip(at, plain_tip(tip))
        self.views.addWidget(self.overlay)
        self.views.addWidget(self.table)
        self.tabs.setAccessibleName(self.tr("Comparison of the selected runs"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.currentChanged.connect(self._switch)
        self.header.addWidget(self.tabs)
        self.header.addStretch(1)

    def _make_actions(self) -> None:
        self.rename = self._action(self.tr("&Rename"), "F2", self._edit_name)
        self.pin = self._action(self.tr("&Pin"), "P", self._toggle_pin)
        self.restore = self._action(self.tr("Restore Its &Design"), "", self._restore)
        self.delete = self._action(self.tr("De&lete"), "Del", self._delete)
        self.menu = QMenu(self)
        self.menu.addActions([self.restore, self.rename, self.pin, self.delete])
        self.menu_button = QToolButton(self)
        self.menu_button.setText(self.tr("Run"))
        self.menu_button.setToolTip(self.tr("Actions for the selected runs."))
        self.menu_button.setMenu(self.menu)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.header.addWidget(self.menu_button)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.list.addActions(self.menu.actions())

    def _action(self, text: str, key: str, act: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False: act())
        return action

    def _keep_widths(self) -> None:
        """The handle between list and picture was dragged."""
        self._widths_are_chosen = True

    def _arrange(self) -> None:
        self._splitter = splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.list)
        splitter.addWidget(self.views)
        splitter.setChildrenCollapsible(False)
        splitter.splitterMoved.connect(self._keep_widths)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)
        self.setFocusProxy(self.list)
