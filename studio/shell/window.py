"""The main window: one open project, its views, and the wiring between them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow, QMessageBox, QToolButton, QVBoxLayout, QWidget

from engine.files import DESIGN_SUFFIX, MODEL_SUFFIX, TrainedModel, save
from engine.project import Orientation, Project
from engine.training import Trainer
from studio.analyze_window import AnalyzeWindow
from studio.canvas import CanvasView
from studio.canvas.alignment import Axis, Line
from studio.dashboard import Dashboard, Panel, Surroundings, make_panels
from studio.dashboard.boundary import BoundaryPanel
from studio.dashboard.gradient_check import GradientCheckPanel
from studio.data_panel import DataPanel
from studio.data_window.data_views import DataViews, is_data
from studio.data_window.test_set_dialog import TestSetDialog
from studio.inspector import Inspector
from studio.inspector.training_panel import TrainingPanel
from studio.live_canvas import NeuronPictures, make_live_views
from studio.live_canvas.spotlight import Spotlight
from studio.look.icons import icon
from studio.look.theme import theme
from studio.model.block_library import BlockLibrary, SavedBlock
from studio.model.document import Document
from studio.model.file_lock import FileLock
from studio.model.recovery import Recovery
from studio.palette import Palette
from studio.problems_panel import ProblemsPanel
from studio.race import RaceWindow
from studio.running.session import Session, State
from studio.running.snapshots import Workbench
from studio.shell.about import installed_version
from studio.shell.command_palette import CommandPalette
from studio.shell.commands import Commands, Handler
from studio.shell.docks import Docks, Place
from studio.shell.files_menu import FilesMenu
from studio.shell.menus import Menus, RunBar
from studio.shell.message_bar import MessageBar
from studio.shell.recovery_dialog import offer
from studio.shell.run_control import UNTOUCHED, RunControl
from studio.shell.run_status import RunStatus
from studio.shell.shortcut_sheet import ShortcutSheet
from studio.shell.undo_list import UndoList

PREPARE_AFTER_MS = 150
"""Data are loaded and weights drawn only after the window has been painted."""
RUN = "run"
"""The topic of messages that the next run makes obsolete."""


class MainWindow(QMainWindow):
    """One open project. Builds the views and connects them; each view does its own work."""

    _saved = Signal(object)

    def __init__(
        self, project: Project, path: Path | None = None, keeps_layout: bool = True
    ) -> None:
        """keeps_layout: whether docks and size come back as they were, and are remembered."""
        super().__init__()
        self._keeps_layout = keeps_layout
        self.document = Document(project, self)
        self.document.path = path
        self.session = Session(self, self.document.sets)
        self.run_control = RunControl(self.document, self.session, self)
        self.files = FilesMenu(
            self.document,
            self,
            self.session.open_model,
            self._save_model_to,
            self.run_control.settle,
        )
        self.recovery = Recovery(self.document, self)
        self.file_lock = FileLock()
        self._build_views()
        self._build_commands()
        self._place_docks()
        self._build_status_bar()
        self._connect()
        self._retitle()
        self.test_set_dialog: TestSetDialog | None = None
        self.setAcceptDrops(True)
        QTimer.singleShot(PREPARE_AFTER_MS, self, self._begin)

    # Building.

    def _build_views(self) -> None:
        self.canvas = CanvasView(self.document)
        self.spotlight = Spotlight(self.canvas)
        self.message_bar = MessageBar()
        self.block_library = BlockLibrary(parent=self)
        self.palette_panel = Palette(self.block_library)
        self.inspector = Inspector(self.document)
        self.training_panel = TrainingPanel(self.document)
        self.data_panel = DataPanel(self.document)
        self.undo_list = UndoList(self.document)
        self.problems_panel = ProblemsPanel(self.document)
        self.run_status = RunStatus()
        self.workbench = Workbench(self)
        surroundings = Surroundings(self.document, self.session, self.workbench)
        self.panels = make_panels(surroundings)
        self.live_views = make_live_views(self.canvas, surroundings)
        views = [*self.panels, *self.live_views, self.run_status]
        self.dashboard = Dashboard(self.session, views, self)
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message_bar)
        column.addWidget(self.canvas, 1)
        self.setCentralWidget(central)

    def _build_commands(self) -> None:
        run, files, canvas = self.run_control, self.files, self.canvas
        self.command_palette = CommandPalette(self)
        self.data_views = DataViews(self.document, self)
        self.data_views.told.connect(self.message_bar.tell)
        self.files.data_chosen.connect(self.data_views.open_path)
        self.data_panel.look_asked.connect(self.data_views.explore)
        self.data_views.rewind_asked.connect(self._rewind)
        self.data_panel.gallery_asked.connect(self.data_views.choose)
        self.analyze_window = AnalyzeWindow(self.document, self)
        self.race_window: RaceWindow | None = None
        handlers: dict[str, Handler] = {
            "new": files.new,
            "open": files.open,
            "save": files.save,
            "save_as": files.save_as,
            "save_model": files.save_model,
            "quit": self.close,
            "cut": canvas.cut,
            "copy": canvas.copy,
            "paste": canvas.paste,
            "duplicate": canvas.duplicate,
            "delete": canvas.delete_selection,
            "select_all": canvas.select_all,
            "quick_add": canvas.quick_add,
            "note": canvas.add_note,
            "group": canvas.group_selection,
            "ungroup": canvas.ungroup_selection,
            "toggle_group": canvas.toggle_groups,
            "keep_group": canvas.keep_group,
            "snap": self._snap,
            "fit": canvas.fit,
            "zoom_in": canvas.zoom_in,
            "zoom_out": canvas.zoom_out,
            "zoom_reset": canvas.zoom_reset,
            "zoom_selection": canvas.zoom_to_selection,
            "arrange": canvas.arrange,
            "enlarge": self._enlarge,
            "analyze": self._analyze,
            "play": self._play,
            "pause": run.pause,
            "step": self._step,
            "step_epoch": self._step_epoch,
            "stop": run.stop,
            "rewind": self._rewind,
            "new_seed": self._new_seed,
            "race": self._race,
            "check_gradients": self._check_gradients,
            "data_gallery": self.data_views.choose,
            "open_table": self.data_views.ask_table,
            "open_pictures": self.data_views.ask_pictures,
            "explore_data": self.data_views.explore,
            "paint_points": self.data_views.paint,
            "open_test_set": self._open_test_set,
            "command_palette": self.command_palette.open,
            "shortcuts": self._show_shortcuts,
            "about": self._about,
        }
        handlers |= {f"align_{line}": partial(canvas.align, line) for line in Line}
        handlers |= {f"flow_{o}": partial(canvas.set_orientation, o) for o in get_args(Orientation)}
        handlers |= {f"distribute_{axis}": partial(canvas.distribute, axis) for axis in Axis}
        for view in self.live_views:
            handlers |= view.handlers()
        self.commands = Commands(handlers, self)
        for view in self.live_views:
            view.attach(self.commands.actions)
        self.commands.give_canvas(canvas)
        self.commands["snap"].setChecked(True)
        self.undo = self.document.undo_stack.createUndoAction(self, self.tr("Undo"))
        self.undo.setShortcut("Ctrl+Z")
        self.redo = self.document.undo_stack.createRedoAction(self, self.tr("Redo"))
        self.redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        run.attach(self.commands)
        self.menus = Menus(self, self.commands)
        self.menus.insert(self.commands["cut"], "&Edit", [self.undo, self.redo])
        self.menus.insert(self.commands["save"], "&File", [files.recent, files.examples])
        self.run_bar = RunBar(self.commands, self.run_status)
        self.addToolBar(self.run_bar)
        self.run_bar.speed.speed_chosen.connect(self.session.limit_speed)
        self._dress()
        theme.changed.connect(self._dress)

    def _place_docks(self) -> None:
        self.docks = Docks(self)
        self.docks.place(
            palette=Place("palette", self.tr("Layers"), self.palette_panel),
            right=[
                Place("inspector", self.tr("Inspector"), self.inspector),
                Place("training", self.tr("Training"), self.training_panel),
                Place("data", self.tr("Data"), self.data_panel),
                Place("history", self.tr("History"), self.undo_list),
            ],
            charts=_in_columns(self.panels),
            problems=Place("problems", self.tr("Problems"), self.problems_panel),
            restore=self._keeps_layout,
        )
        self.menus.menus["&View"].addSeparator()
        self.menus.menus["&View"].addActions(self.docks.actions)
        self.setTabOrder(self.palette_panel, self.canvas)
        self.setTabOrder(self.canvas, self.inspector)

    def _build_status_bar(self) -> None:
        self.problems_button = QToolButton()
        self.problems_button.setAutoRaise(True)
        side = self.fontMetrics().height() + 2
        self.problems_button.setIconSize(QSize(side, side))
        self.problems_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.problems_button.clicked.connect(partial(self.docks.show, self.problems_panel))
        self.statusBar().addPermanentWidget(self.problems_button)
        self.statusBar().setSizeGripEnabled(False)

    def _connect(self) -> None:
        self.canvas.selection_changed.connect(self.inspector.show_nodes)
        by_shortcut = Qt.FocusReason.ShortcutFocusReason  # selects a field's text, to type over it
        self.canvas.node_activated.connect(lambda _name: self.inspector.setFocus(by_shortcut))
        for panel in self.panels:
            panel.node_chosen.connect(self.canvas.reveal)
            panel.at_work.connect(self.spotlight.show)
            self.canvas.selection_changed.connect(panel.show_nodes)
            self.canvas.wires_chosen.connect(panel.show_wires)
            if isinstance(panel, BoundaryPanel):
                self._connect_pictures(panel)
        self.inspector.renamed.connect(lambda _old, new: self.canvas.select([new]))
        self.palette_panel.layer_chosen.connect(self.canvas.add_layer)
        self.palette_panel.block_chosen.connect(self.canvas.add_block)
        self.palette_panel.removed.connect(self._tell_removed)
        self.canvas.block_saved.connect(self._keep_block)
        self.block_library.failed.connect(self.message_bar.tell)
        self.analyze_window.node_chosen.connect(self.canvas.reveal)
        self.problems_panel.problem_chosen.connect(self._go_to_problem)
        self.document.changed.connect(self._refresh)
        self.document.file_changed.connect(self._retitle)
        self.document.opened.connect(self._opened)
        self.session.failed.connect(self._run_failed)
        self.session.stale_changed.connect(self._tell_stale)
        self.run_control.over.connect(self._tell_over)
        self.session.state_changed.connect(self._clear_message)
        self.recovery.failed.connect(self.message_bar.tell)
        self.recovery.saved.connect(self._tell_kept)
        self._saved.connect(self._after_saving_model)
        theme.changed.connect(self._refresh)  # the icon of the problems button
        self._refresh()

    def _connect_pictures(self, boundary: BoundaryPanel) -> None:
        """The small pictures at the nodes and the large one in the panel show the same plane."""
        for view in self.live_views:
            if isinstance(view, NeuronPictures):
                boundary.plane_shown.connect(view.show_plane)
                view.unit_hovered.connect(boundary.show_unit)
                view.unit_pinned.connect(boundary.pin_unit)
                view.unit_pinned.connect(lambda _unit: self.docks.show(boundary))

    # What happens.

    def _begin(self) -> None:
        """Once the window has been painted."""
        self.canvas.fit()
        self.block_library.read()
        if self.session.state is State.EMPTY:
            self.run_control.prepare()
        self._claim_file()
        self.data_views.missing.look()
        if self._keeps_layout:
            offer(self.recovery, self.message_bar.tell, self.files.may_lose_changes, self)

    def _opened(self) -> None:
        self.message_bar.clear()
        self.canvas.fit()
        self.canvas.focus_canvas()  # a field that is gone would pass the keys on to another one
        self.run_control.prepare()
        self._claim_file()

    def _claim_file(self) -> None:
        sentence = self.file_lock.take(self.document.path)
        if sentence:
            self.message_bar.tell(sentence)

    def _keep_block(self, block: SavedBlock) -> None:
        kept = self.block_library.add(block)
        if kept in self.block_library.blocks:
            told = self.tr("“%s” is in the palette now, for all your projects.")
            self.statusBar().showMessage(told % kept.name, 5_000)

    def _tell_removed(self, sentence: str, undo: Callable[[], None]) -> None:
        def put_back() -> None:
            self.message_bar.clear()
            undo()

        self.message_bar.tell(sentence, self.tr("Undo"), put_back)

    def _tell_kept(self) -> None:
        kept = self.recovery.saved_at
        if kept is not None:
            self.statusBar().showMessage(self.tr("Kept safe at %s.") % kept.strftime("%H:%M:%S"))

    def _play(self) -> None:
        self.recovery.save()
        self.run_control.play()

    def _step(self) -> None:
        self.recovery.save()
        self.run_control.step()

    def _step_epoch(self) -> None:
        self.recovery.save()
        self.run_control.step_epoch()

    def _rewind(self) -> None:
        self.recovery.save()
        self.run_control.rewind()

    def _new_seed(self) -> None:
        self.recovery.save()
        self.run_control.new_seed()

    def _refresh(self, before: Project | None = None, after: Project | None = None) -> None:
        project, report = self.document.project, self.document.report
        self.run_bar.show_seed(project.training.seed)
        self.problems_button.setText(self.problems_panel.summary())
        self.problems_button.setIcon(icon("problem" if report.problems else "good"))

    def _dress(self) -> None:
        self.undo.setIcon(icon("undo"))
        self.redo.setIcon(icon("redo"))

    def _retitle(self) -> None:
        self.setWindowTitle(f"{self.document.name}[*] – Backprop Studio")
        self.setWindowModified(self.document.modified)
        self._claim_file()  # the first save gave it a name, or it was saved under another one

    def _snap(self) -> None:
        self.canvas.set_snapping(self.commands["snap"].isChecked())

    def _show_shortcuts(self) -> None:
        ShortcutSheet(self).show()

    def _enlarge(self) -> None:
        if not self.docks.toggle_enlarged():
            text = self.tr("Click into a panel first: then this key gives it the whole window.")
            self.statusBar().showMessage(text, 5_000)

    def _analyze(self) -> None:
        self.analyze_window.show()
        self.analyze_window.raise_()
        self.analyze_window.activateWindow()

    def _race(self) -> None:
        if self.race_window is None:
            self.race_window = RaceWindow(self.document, self.session, self)
        self.race_window.show()
        self.race_window.raise_()
        self.race_window.activateWindow()

    def _go_to_problem(self, node: str, field: str) -> None:
        if node:
            self.canvas.reveal(node)
            if field:
                self.docks.dock_of(self.inspector).show()
                self.inspector.focus_field(field)

    def _run_failed(self, message: str, node: str) -> None:
        if node in self.document.project.design.nodes:
            show = partial(self.canvas.reveal, node)
            self.message_bar.tell(message, self.tr("Show '%s'") % node, show, topic=RUN)
        else:
            self.message_bar.tell(message, topic=RUN)

    def _tell_stale(self, stale: bool) -> None:
        if stale and self.session.state not in UNTOUCHED:
            self.message_bar.tell(
                self.tr(
                    "This run keeps the design, data and seed that it began with. "
                    "Rewind to train with the changed ones."
                ),
                self.tr("Rewind"),
                self.run_control.rewind,
                topic=RUN,
            )
        else:
            self.message_bar.clear(RUN)

    def _tell_over(self) -> None:
        """Play on a finished run: begin anew, or go on?"""
        epochs = self.document.project.training.epochs
        rewind = self.tr("Rewind"), self.run_control.rewind
        if self.session.stopped_early:
            sentence = self.tr(
                "This run was stopped early, after %d epochs. To go on, change when it stops; to "
                "train again from the same initial weights, rewind."
            )
            self.message_bar.tell(sentence % self.session.progress.epoch, *rewind, topic=RUN)
            return
        self.message_bar.tell(
            self.tr("This run is finished: all %d epochs are done.") % epochs,
            self.tr("Train %d More Epochs") % epochs,
            self._train_more,
            topic=RUN,
            more=[rewind],
        )

    def _train_more(self) -> None:
        refusal = self.run_control.train_more()
        if refusal:
            self.message_bar.tell(refusal, topic=RUN)

    def _clear_message(self, state: str) -> None:
        if state in ("running", "ready") and not self.session.stale:
            self.message_bar.clear(RUN)

    def _check_gradients(self) -> None:
        for panel in self.panels:
            if isinstance(panel, GradientCheckPanel):
                self.docks.show(panel)
                panel.check()

    def _open_test_set(self) -> None:
        if self.test_set_dialog is None:
            self.test_set_dialog = TestSetDialog(self.document, self.session, self)
        self.test_set_dialog.show()
        self.test_set_dialog.raise_()
        self.test_set_dialog.activateWindow()

    def _save_model_to(self, path: Path) -> None:
        project = self.session.project_as_trained or self.document.project

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
                "{program} shows how neural networks learn: build a network, train "
                "it, and check its gradients."
            ).format(program=f"Backprop Studio {installed_version()}".rstrip()),
        )

    # Qt's own events.

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.docks.arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads from any panel back to the canvas."""
        if event.key() == Qt.Key.Key_Escape:
            self.canvas.focus_canvas()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            # Afterwards, because a question would hold up the program that the file comes from.
            QTimer.singleShot(0, self, lambda: self._open_dropped(path))

    def _open_dropped(self, path: Path) -> None:
        if is_data(path):
            self.data_views.open_path(path)
        else:
            self.files.open_path(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_lose_changes():
            event.ignore()
            return
        if self._keeps_layout:
            self.docks.remember()
        self.docks.close()
        if self.race_window is not None:
            self.race_window.shut_down()
        self.dashboard.close()
        self.data_panel.shut_down()
        self.data_views.shut_down()
        self.session.close()
        self.workbench.close()
        self.recovery.close()
        self.file_lock.release()
        event.accept()


def _in_columns(panels: list[Panel]) -> list[list[Place]]:
    """The panels of the dashboard, column by column."""
    columns: dict[int, list[Place]] = {}
    for panel in panels:
        columns.setdefault(panel.column, []).append(Place(panel.id, panel.tr(panel.tab), panel))
    return [columns[column] for column in sorted(columns)]


def _dropped_file(event: QDropEvent) -> Path | None:
    """The one design, model, table or folder that is dropped on the window, if it is one."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    own = path.suffix.lower() in (DESIGN_SUFFIX, MODEL_SUFFIX)
    return path if own or is_data(path) else None
