"""WindowParts: a window with all its models and views, before anything is connected."""

from __future__ import annotations

from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from engine.files import SeenFile
from engine.project import Project
from studio.canvas import CanvasView
from studio.dashboard import Dashboard, Panels, Surroundings, panel_classes
from studio.dashboard.dashboard import RefreshedView
from studio.data_panel import DataPanel
from studio.data_window.data_views import DataViews
from studio.inspector import Inspector
from studio.inspector.training_panel import TrainingPanel
from studio.live_canvas import make_live_views
from studio.live_canvas.spotlight import Spotlight
from studio.model.block_library import BlockLibrary
from studio.model.document import Document
from studio.model.file_lock import FileLock
from studio.model.recovery import Recovery
from studio.palette import Palette
from studio.problems_panel import ProblemsPanel
from studio.running.session import Session
from studio.running.snapshots import Workbench
from studio.shell.command_actions import Commands
from studio.shell.command_palette import CommandPalette
from studio.shell.commands import all_commands
from studio.shell.docks import Docks
from studio.shell.file_watch import FileWatch
from studio.shell.files_menu import FilesMenu
from studio.shell.memory_question import MemoryQuestion
from studio.shell.menus import Menus, RunBar
from studio.shell.message_bar import MessageBar
from studio.shell.model_saver import ModelSaver
from studio.shell.problems_button import ProblemsButton
from studio.shell.run_control import RunControl
from studio.shell.run_messages import RunMessages
from studio.shell.run_status import RunStatus
from studio.shell.undo_list import UndoList
from studio.shell.windows import SideWindows


class WindowParts(QMainWindow):
    """The parts that the commands and the wiring of a window use. Each is built here once, from the
    parts before it."""

    def __init__(self, project: Project, file: SeenFile | None) -> None:
        super().__init__()
        self.document = Document(project, self)
        self.document.expect_file(file)
        self.session = Session(self, self.document.sets)
        self.workbench = Workbench(self)
        self.recovery = Recovery(self.document, self, run=self.session)
        self.file_lock = FileLock()
        self.block_library = BlockLibrary(parent=self)
        memory = MemoryQuestion(self.document, self)
        self.run_control = RunControl(self.document, self.session, self, memory.is_settled)
        self._make_canvas()
        self._make_side_panels()
        self._make_live_views()
        self._make_files()
        self._make_commands()
        self.docks = Docks(self)

    def _make_canvas(self) -> None:
        self.canvas = CanvasView(self.document)
        self.spotlight = Spotlight(self.canvas)
        self.message_bar = MessageBar()
        self.run_messages = RunMessages(
            self.document, self.session, self.run_control, self.message_bar, self.canvas.reveal
        )
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message_bar)
        column.addWidget(self.canvas, 1)
        self.setCentralWidget(central)

    def _make_side_panels(self) -> None:
        self.palette_panel = Palette(self.block_library)
        self.inspector = Inspector(self.document)
        self.training_panel = TrainingPanel(self.document)
        self.data_panel = DataPanel(self.document)
        self.undo_list = UndoList(self.document)
        self.problems_panel = ProblemsPanel(self.document)
        self.problems_button = ProblemsButton(self.document, self.problems_panel)

    def _make_live_views(self) -> None:
        surroundings = Surroundings(self.document, self.session, self.workbench)
        self.run_status = RunStatus()
        self.panels = Panels(panel_classes(), surroundings, self)
        self.live_measures, self.neuron_pictures = make_live_views(self.canvas, surroundings)
        views: list[RefreshedView] = [self.live_measures, self.neuron_pictures, self.run_status]
        self.dashboard = Dashboard(self.session, views, self)
        self.panels.made.connect(self.dashboard.add)

    def _make_files(self) -> None:
        self.model_saver = ModelSaver(self.document, self.session, self)
        self.files = FilesMenu(
            self.document,
            self,
            self.session.open_model,
            self.model_saver.save,
            self.run_control.settle,
        )
        self.file_watch = FileWatch(self.document, self, self.message_bar, self.files.reopen)
        self.data_views = DataViews(self.document, self)
        self.windows = SideWindows(self.document, self.session, self.data_views, self)

    def _make_commands(self) -> None:
        self.command_palette = CommandPalette(self)
        self.commands = Commands(all_commands(), self)
        self.menus = Menus(self, self.commands)
        self.menus.insert(self.commands["save"], "file", [self.files.recent, self.files.examples])
        self.run_bar = RunBar(self.commands, self.run_status)
        self.addToolBar(self.run_bar)
