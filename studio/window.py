"""The main window: docks around the canvas, menus, toolbar and status bar."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QSizePolicy,
    QTabWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.files import DESIGN_SUFFIX, MODEL_SUFFIX, TrainedModel, save
from engine.project import Project
from engine.training import Trainer
from studio.canvas import CanvasView
from studio.commands import Commands
from studio.dashboard import Dashboard, RunStatus, make_panels
from studio.dashboard.gradient_check import GradientCheckPanel
from studio.data_panel import DataPanel
from studio.document import Document
from studio.files_menu import FilesMenu
from studio.icons import icon
from studio.inspector import Inspector
from studio.message_bar import MessageBar
from studio.palette import Palette
from studio.problems_panel import ProblemsPanel
from studio.run_control import UNTOUCHED, RunControl
from studio.session import Session
from studio.theme import tabular_font, theme
from studio.training_panel import TrainingPanel

DOCK_STATE_VERSION = 3
PREPARE_AFTER_MS = 150
"""Data are loaded and weights drawn only after the window has been painted."""
WINDOW_SIZE_PX = (1366, 768)
PALETTE_WIDTH_PX = 176
SIDE_WIDTH_PX = 288
BOTTOM_HEIGHT_PX = 264
CHART_COLUMNS = 3
"""Charts side by side; further ones share the last column as tabs."""


class MainWindow(QMainWindow):
    """One open project. Builds the views and connects them; each view does its own work."""

    _saved = Signal(object)

    def __init__(
        self, project: Project, path: Path | None = None, keeps_layout: bool = True
    ) -> None:
        """keeps_layout: whether docks and size come back as they were, and are remembered."""
        super().__init__()
        self._keeps_layout = keeps_layout
        self._titles_soon = QTimer(self, singleShot=True, interval=0)
        self._titles_soon.timeout.connect(self._show_titles)
        self.document = Document(project, self)
        self.document.path = path
        self.session = Session(self)
        self.run_control = RunControl(self.document, self.session, self)
        self.files = FilesMenu(self.document, self, self.session.open_model, self._save_model_to)
        self._build_views()
        self._build_commands()
        self._build_menus()
        self._build_toolbar()
        self._build_status_bar()
        self._connect()
        self._lay_out()
        self._retitle()
        self.setAcceptDrops(True)
        QTimer.singleShot(PREPARE_AFTER_MS, self, self._prepare_first)

    # Building.

    def _build_views(self) -> None:
        self.canvas = CanvasView(self.document)
        self.message_bar = MessageBar()
        self.palette_panel = Palette()
        self.inspector = Inspector(self.document)
        self.training_panel = TrainingPanel(self.document)
        self.data_panel = DataPanel(self.document)
        self.problems_panel = ProblemsPanel(self.document)
        self.run_status = RunStatus()
        self.panels = make_panels(self.document, self.session)
        self.dashboard = Dashboard(self.session, [*self.panels, self.run_status], self)
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message_bar)
        column.addWidget(self.canvas, 1)
        self.setCentralWidget(central)

    def _build_commands(self) -> None:
        run, files, canvas = self.run_control, self.files, self.canvas
        self.commands = Commands(
            {
                "new": files.new,
                "open": files.open,
                "save": files.save,
                "save_as": files.save_as,
                "save_model": files.save_model,
                "quit": self.close,
                "delete": canvas.delete_selection,
                "select_all": canvas.select_all,
                "fit": canvas.fit,
                "zoom_in": canvas.zoom_in,
                "zoom_out": canvas.zoom_out,
                "zoom_reset": canvas.zoom_reset,
                "arrange": canvas.arrange,
                "play": run.play,
                "pause": run.pause,
                "step": run.step,
                "stop": run.stop,
                "rewind": run.rewind,
                "new_seed": run.new_seed,
                "check_gradients": self._check_gradients,
            },
            self,
        )
        self.commands.give_canvas(self.canvas)
        self.undo = self.document.undo_stack.createUndoAction(self, self.tr("Undo"))
        self.undo.setShortcut("Ctrl+Z")
        self.redo = self.document.undo_stack.createRedoAction(self, self.tr("Redo"))
        self.redo.setShortcuts(["Ctrl+Shift+Z", "Ctrl+Y"])
        run.attach(self.commands)
        self._dress()
        theme.changed.connect(self._dress)

    def _build_menus(self) -> None:
        bar = self.menuBar()
        file_menu = bar.addMenu(self.tr("&File"))
        self._fill(file_menu, "&File")
        before = self.commands["save"]
        file_menu.insertMenu(before, self.files.recent)
        file_menu.insertMenu(before, self.files.examples)
        file_menu.insertSeparator(before)
        edit_menu = bar.addMenu(self.tr("&Edit"))
        edit_menu.addActions([self.undo, self.redo])
        self._fill(edit_menu, "&Edit")
        self.view_menu = bar.addMenu(self.tr("&View"))
        self._fill(self.view_menu, "&View")
        self._fill(bar.addMenu(self.tr("&Train")), "&Train")
        help_menu = bar.addMenu(self.tr("&Help"))
        help_menu.addAction(self.tr("&About Backprop Studio"), self._about)

    def _fill(self, menu: QMenu, name: str) -> None:
        for action, separator in self.commands.in_menu(name):
            if separator:
                menu.addSeparator()
            menu.addAction(action)

    def _build_toolbar(self) -> None:
        bar = QToolBar(self.tr("Run"))
        bar.setObjectName("run toolbar")
        bar.setMovable(False)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for name in ("rewind", "play", "pause", "step", "stop"):
            bar.addAction(self.commands[name])
        bar.addSeparator()
        self.seed_label = QLabel()
        self.seed_label.setFont(tabular_font())
        bar.addWidget(self.seed_label)
        bar.addAction(self.commands["new_seed"])
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(spacer)
        bar.addWidget(self.run_status)
        self.addToolBar(bar)

    def _build_status_bar(self) -> None:
        self.problems_button = QToolButton()
        self.problems_button.setAutoRaise(True)
        self.problems_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.problems_button.clicked.connect(self._show_problems)
        self.statusBar().addPermanentWidget(self.problems_button)
        self.statusBar().setSizeGripEnabled(False)

    def _connect(self) -> None:
        self.canvas.selection_changed.connect(self.inspector.show_nodes)
        self.canvas.node_activated.connect(lambda _name: self.inspector.setFocus())
        self.inspector.renamed.connect(lambda _old, new: self.canvas.select([new]))
        self.palette_panel.layer_chosen.connect(self.canvas.add_layer)
        self.problems_panel.problem_chosen.connect(self._go_to_problem)
        self.document.changed.connect(self._refresh)
        self.document.file_changed.connect(self._retitle)
        self.document.opened.connect(self._opened)
        self.session.failed.connect(self._run_failed)
        self.session.stale_changed.connect(self._tell_stale)
        self.session.state_changed.connect(self._clear_message)
        self._saved.connect(self._after_saving_model)
        self._refresh()

    def _lay_out(self) -> None:
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        bottom = Qt.DockWidgetArea.BottomDockWidgetArea
        self.setCorner(Qt.Corner.BottomRightCorner, right)
        self.setDockOptions(
            QMainWindow.DockOption.AllowTabbedDocks | QMainWindow.DockOption.AllowNestedDocks
        )
        self.setTabPosition(left | right | bottom, _NORTH)
        self.palette_dock = self._dock(self.tr("Layers"), self.palette_panel, left)
        self.inspector_dock = self._dock(self.tr("Inspector"), self.inspector, right)
        self.training_dock = self._dock(self.tr("Training"), self.training_panel, right)
        self.data_dock = self._dock(self.tr("Data"), self.data_panel)
        self.chart_docks = [
            self._dock(panel.title, panel, bottom if column < CHART_COLUMNS else None)
            for column, panel in enumerate(self.panels)
        ]
        self.problems_dock = self._dock(self.tr("Problems"), self.problems_panel)
        size = QSize(*WINDOW_SIZE_PX).boundedTo(self.screen().availableSize())
        self.resize(size)
        self._arranged = self._keeps_layout and self._restore_layout()
        self.setTabOrder(self.palette_panel, self.canvas)
        self.setTabOrder(self.canvas, self.inspector)

    def _arrange_docks(self) -> None:
        """The first arrangement. Only once the window is visible: before that, Qt makes the tab
        bars of a second group of tabs twice, and one of them lies over the other docks."""
        self._arranged = True
        columns = self.chart_docks[:CHART_COLUMNS]
        for dock in self.chart_docks[CHART_COLUMNS:]:
            self._tab(columns[-1], dock)
        self._tab(self.chart_docks[-1], self.problems_dock)
        self.problems_dock.hide()
        self._tab(self.training_dock, self.data_dock)
        self.training_dock.raise_()
        columns[-1].raise_()
        horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        sides = [self.palette_dock, self.inspector_dock]
        self.resizeDocks(sides, [PALETTE_WIDTH_PX, SIDE_WIDTH_PX], horizontal)
        self.resizeDocks([self.inspector_dock, self.training_dock], [1, 1], vertical)
        self.resizeDocks(columns, [1] * len(columns), horizontal)
        self.resizeDocks(columns[:1], [BOTTOM_HEIGHT_PX], vertical)

    def _tab(self, onto: QDockWidget, dock: QDockWidget) -> None:
        self.tabifyDockWidget(onto, dock)
        dock.show()

    def _dock(
        self, title: str, widget: QWidget, area: Qt.DockWidgetArea | None = None
    ) -> QDockWidget:
        """A dock at the end of an area; without one, hidden until it becomes a tab."""
        dock = QDockWidget(title, self)
        dock.setObjectName(title)
        dock.setWidget(widget)
        if area is None:
            dock.hide()
        else:
            self.addDockWidget(area, dock, _DIRECTION[area])
        self.view_menu.addAction(dock.toggleViewAction())
        dock.visibilityChanged.connect(lambda _visible: self._titles_soon.start())
        dock.topLevelChanged.connect(lambda _floating: self._titles_soon.start())
        return dock

    def _show_titles(self) -> None:
        """A dock among tabs needs no title bar: its name stands on the tab."""
        for dock in self.findChildren(QDockWidget, options=_CHILDREN):
            tabbed = any(not other.isHidden() for other in self.tabifiedDockWidgets(dock))
            if tabbed != (dock.titleBarWidget() is not None):
                dock.setTitleBarWidget(QWidget(dock) if tabbed else None)

    def _restore_layout(self) -> bool:
        """Whether docks and size were known from last time."""
        settings = QSettings()
        geometry, docks = settings.value("geometry"), settings.value("docks")
        if geometry is not None:
            self.restoreGeometry(geometry)
        return docks is not None and self.restoreState(docks, DOCK_STATE_VERSION)

    # What happens.

    def _prepare_first(self) -> None:
        self.canvas.fit()
        if self.session.state == "empty":
            self.run_control.prepare()

    def _opened(self) -> None:
        self.message_bar.clear()
        self.canvas.fit()
        self.run_control.prepare()

    def _refresh(self, before: Project | None = None, after: Project | None = None) -> None:
        project, report = self.document.project, self.document.report
        self.seed_label.setText(self.tr("seed %d") % project.training.seed)
        count = len(report.problems)
        self.problems_button.setText(
            self.tr("No problems") if not count else self.tr("%n problem(s)", "", count)
        )
        self.problems_button.setIcon(icon("problem" if count else "good"))
        self.problems_button.setToolTip(self.problems_panel.summary())

    def _dress(self) -> None:
        self.undo.setIcon(icon("undo"))
        self.redo.setIcon(icon("redo"))

    def _retitle(self) -> None:
        self.setWindowTitle(f"{self.document.name}[*] – Backprop Studio")
        self.setWindowModified(self.document.modified)

    def _show_problems(self) -> None:
        self.problems_dock.show()
        self.problems_dock.raise_()
        self.problems_panel.setFocus()

    def _go_to_problem(self, node: str, field: str) -> None:
        if node:
            self.canvas.reveal(node)
            if field:
                self.inspector_dock.show()
                self.inspector.focus_field(field)

    def _run_failed(self, message: str, node: str) -> None:
        if node in self.document.project.design.nodes:
            self.message_bar.tell(
                message, self.tr("Show '%s'") % node, lambda: self.canvas.reveal(node)
            )
        else:
            self.message_bar.tell(message)

    def _tell_stale(self, stale: bool) -> None:
        if stale and self.session.state not in UNTOUCHED:
            self.message_bar.tell(
                self.tr(
                    "The run goes on with the design, data and seed that it began with. "
                    "Rewind to train with the changed ones."
                ),
                self.tr("Rewind"),
                self.run_control.rewind,
            )
        else:
            self.message_bar.clear()

    def _clear_message(self, state: str) -> None:
        if state in ("running", "ready") and not self.session.stale:
            self.message_bar.clear()

    def _check_gradients(self) -> None:
        for panel, dock in zip(self.panels, self.chart_docks, strict=True):
            if isinstance(panel, GradientCheckPanel):
                dock.show()
                dock.raise_()
                panel.check()

    def _save_model_to(self, path: Path) -> None:
        project = self.session.project_in_training or self.document.project

        def write(trainer: Trainer) -> Path:
            save(TrainedModel.of(project, trainer), path)
            return path

        self.session.call(write).add_done_callback(self._saved.emit)

    def _after_saving_model(self, future: Future[Path]) -> None:
        error = future.exception()
        if error is None:
            self.statusBar().showMessage(self.tr("Saved “%s”.") % future.result().name, 5_000)
        else:
            QMessageBox.critical(self, self.tr("The model was not saved."), str(error))

    def _about(self) -> None:
        QMessageBox.about(
            self,
            self.tr("About Backprop Studio"),
            self.tr(
                "Backprop Studio shows how neural networks learn: build a network, train it, "
                "and check its gradients."
            ),
        )

    # Qt's own events.

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._arranged:
            self._arrange_docks()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            # Afterwards, because a question would hold up the program that the file comes from.
            QTimer.singleShot(0, self, lambda: self.files.open_path(path))

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_lose_changes():
            event.ignore()
            return
        if self._keeps_layout:
            QSettings().setValue("geometry", self.saveGeometry())
            QSettings().setValue("docks", self.saveState(DOCK_STATE_VERSION))
        self.dashboard.close()
        self.session.close()
        event.accept()


_NORTH = QTabWidget.TabPosition.North
_CHILDREN = Qt.FindChildOption.FindDirectChildrenOnly
_DIRECTION = {
    Qt.DockWidgetArea.LeftDockWidgetArea: Qt.Orientation.Vertical,
    Qt.DockWidgetArea.RightDockWidgetArea: Qt.Orientation.Vertical,
    Qt.DockWidgetArea.BottomDockWidgetArea: Qt.Orientation.Horizontal,
}
"""How the docks of an area follow each other."""


def _dropped_file(event: QDropEvent) -> Path | None:
    """The one design or model that is dropped on the window, if it is one."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in (DESIGN_SUFFIX, MODEL_SUFFIX) else None
