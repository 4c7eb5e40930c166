"""Menus and the toolbar of the window, filled from the table of commands."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QLabel, QMainWindow, QMenu, QSizePolicy, QToolBar, QWidget

from studio.commands import Commands
from studio.forms.controls import FieldComboBox
from studio.pace import SPEEDS
from studio.theme import tabular_font, theme

MENUS = ("&File", "&Edit", "&View", "&Train", "&Help")


class Menus(QObject):
    """The menu bar. menus: by their titles, and submenus by "menu/submenu"."""

    def __init__(self, window: QMainWindow, commands: Commands) -> None:
        super().__init__(window)
        self.menus: dict[str, QMenu] = {}
        for title in MENUS:
            self.menus[title] = window.menuBar().addMenu(self.tr(title))
        for command, action in commands.in_order():
            menu = self._menu(command.menu)
            if command.separator:
                menu.addSeparator()
            menu.addAction(action)
        self.menus["&View"].addSeparator()
        self._add_looks(self._menu("&View/&Look"))

    def insert(self, before: QAction, menu: str, items: list[QMenu | QAction]) -> None:
        """Put submenus or actions in front of an action, with a line behind them."""
        target = self.menus[menu]
        for item in items:
            if isinstance(item, QMenu):
                target.insertMenu(before, item)
            else:
                target.insertAction(before, item)
        target.insertSeparator(before)

    def _menu(self, path: str) -> QMenu:
        if path not in self.menus:
            parent, _, title = path.rpartition("/")
            self.menus[path] = self._menu(parent).addMenu(self.tr(title))
        return self.menus[path]

    def _add_looks(self, menu: QMenu) -> None:
        group = QActionGroup(self)
        for name in theme.names():
            action = menu.addAction(theme.title(name))
            action.setCheckable(True)
            action.setChecked(name == theme.choice)
            action.triggered.connect(lambda _checked=False, name=name: theme.choose(name))
            group.addAction(action)
        menu.addSeparator()
        still = menu.addAction(self.tr("Reduced &Motion"))
        still.setCheckable(True)
        still.setChecked(theme.reduced_motion)
        still.toggled.connect(theme.reduce_motion)


class RunBar(QToolBar):
    """The toolbar: the run's commands, the seed, the speed, and where the run stands.

    speed_chosen(steps per second): None for no limit. It is not remembered for the next start: a
    run that crawls without a reason in sight would look like a fault.
    """

    speed_chosen = Signal(object)
    BUTTONS = ("rewind", "play", "pause", "step", "step_epoch", "stop")

    def __init__(self, commands: Commands, status: QWidget) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Run"))
        self.setObjectName("run toolbar")
        self.setMovable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for name in self.BUTTONS:
            self.addAction(commands[name])
        self.addSeparator()
        self.seed = QLabel()
        self.seed.setFont(tabular_font())
        self.addWidget(self.seed)
        self.addAction(commands["new_seed"])
        self.addSeparator()
        self.speed = self._make_speed()
        self.addWidget(self.speed)
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self.addWidget(status)

    def _make_speed(self) -> FieldComboBox:
        box = FieldComboBox()
        box.addItem(self.tr("Full speed"), None)
        for speed in reversed(SPEEDS):
            box.addItem(
                self.tr("%s steps/s") % f"{speed:,}" if speed > 1 else self.tr("1 step/s"), speed
            )
        box.setCurrentIndex(0)
        box.setAccessibleName(self.tr("Speed limit"))
        box.setToolTip(self.tr("Train at most so fast, to follow each step."))
        box.currentIndexChanged.connect(lambda at: self.speed_chosen.emit(box.itemData(at)))
        return box

    def show_seed(self, seed: int) -> None:
        """The seed of the open project."""
        self.seed.setText(self.tr("seed %d") % seed)
