"""Menus and the toolbar of the window, filled from the table of commands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QSizePolicy, QToolBar, QWidget

from studio.look.plain_text import PlainLabel
from studio.look.theme import tabular_font, theme
from studio.shell.command_actions import Commands
from studio.shell.run_status import RunStatus
from studio.widgets.speed_box import SpeedBox

ICON_SCALE = 1.5
"""Size of the toolbar icons, relative to the height of their letters."""
MIN_ICON_PX = 20
MENUS = {
    "file": "&File",
    "edit": "&Edit",
    "edit/align": "Ali&gn",
    "view": "&View",
    "view/live": "Live &Measures",
    "view/look": "&Look",
    "data": "&Data",
    "train": "&Train",
    "help": "&Help",
}
"""The menus by their ids, and submenus by "menu/submenu", with their titles."""


class Menus(QObject):
    """The menu bar. menus: by the ids of MENUS."""

    def __init__(self, window: QMainWindow, commands: Commands) -> None:
        super().__init__(window)
        self.menus: dict[str, QMenu] = {}
        for id, title in MENUS.items():
            if "/" not in id:
                self.menus[id] = window.menuBar().addMenu(self.tr(title))
        for command, action in commands.in_order():
            menu = self._menu(command.menu)
            if command.separator:
                menu.addSeparator()
            menu.addAction(action)
        self.menus["view"].addSeparator()
        self._add_looks(self._menu("view/look"))

    def insert(self, before: QAction, menu: str, items: list[QMenu | QAction]) -> None:
        """Insert submenus or actions before an action, followed by a separator."""
        target = self.menus[menu]
        for item in items:
            if isinstance(item, QMenu):
                target.insertMenu(before, item)
            else:
                target.insertAction(before, item)
        target.insertSeparator(before)

    def _menu(self, id: str) -> QMenu:
        if id not in self.menus:
            parent = id.rpartition("/")[0]
            self.menus[id] = self._menu(parent).addMenu(self.tr(MENUS[id]))
        return self.menus[id]

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
    """The toolbar: the commands of the run, the seed, the speed, and the progress. If there is too
    little room, the commands are only icons.
    """

    BUTTONS = ("rewind", "play", "pause", "step", "step_epoch", "stop")

    def __init__(self, commands: Commands, status: RunStatus) -> None:
        super().__init__()
        self._whole_width = 0
        self._status = status
        self.setWindowTitle(self.tr("Run"))
        self.setObjectName("run toolbar")
        self.setMovable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for name in self.BUTTONS:
            self.addAction(commands[name])
        self.addSeparator()
        self.seed = PlainLabel()
        self.seed.setFont(tabular_font())
        self.addWidget(self.seed)
        self.addAction(commands["new_seed"])
        self.addSeparator()
        self.speed = SpeedBox()
        self.addWidget(self.speed)
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self.addWidget(status)
        self._take_font()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # what is on it became wider
            self._fit()
        elif event.type() == QEvent.Type.FontChange:
            self._take_font()
        return done

    def _take_font(self) -> None:
        side = max(MIN_ICON_PX, round(ICON_SCALE * self.fontMetrics().height()))
        self.setIconSize(QSize(side, side))
        self._fit()

    def _fit(self) -> None:
        """Icons with text if there is room, otherwise without; and as many figures as fit."""
        with_words = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        others = self.sizeHint().width() - self._status.sizeHint().width()
        if self.toolButtonStyle() == with_words:
            self._whole_width = others + self._status.whole_width()
        fits = self.width() >= self._whole_width
        self.setToolButtonStyle(with_words if fits else Qt.ToolButtonStyle.ToolButtonIconOnly)
        before = self._status.sizeHint()
        self._status.fit_into(self.width() - others if not fits else self._status.whole_width())
        if self._status.sizeHint() != before:
            layout = self.layout()
            assert layout is not None
            layout.invalidate()  # Qt would hide what did not fit behind an arrow
            layout.activate()

    def show_seed(self, seed: int) -> None:
        """The seed of the open project."""
        self.seed.setText(self.tr("seed %d") % seed)
