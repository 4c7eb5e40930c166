"""Docks: which panels stand where around the canvas, and how they come back as they were."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QTabWidget, QWidget

STATE_VERSION = 4
WINDOW_SIZE_PX = (1366, 768)
PALETTE_WIDTH_PX = 176
SIDE_WIDTH_PX = 288
BOTTOM_HEIGHT_PX = 264
CHART_COLUMNS = 3
"""Charts side by side; further ones share the last column as tabs."""

_AREA = Qt.DockWidgetArea
_CHILDREN = Qt.FindChildOption.FindDirectChildrenOnly
_DIRECTION = {
    _AREA.LeftDockWidgetArea: Qt.Orientation.Vertical,
    _AREA.RightDockWidgetArea: Qt.Orientation.Vertical,
    _AREA.BottomDockWidgetArea: Qt.Orientation.Horizontal,
}
"""How the docks of an area follow each other."""


class Docks(QObject):
    """The docks of one window: palette at the left; inspector over training at the right, with data
    and history behind it as tabs; charts at the bottom, with the problems behind the last one.

    actions: those that show and hide a dock, for the View menu.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._docks: dict[QWidget, QDockWidget] = {}
        self._titles_soon = QTimer(self, singleShot=True, interval=0)
        self._titles_soon.timeout.connect(self._show_titles)
        self._arranged = False
        window.setCorner(Qt.Corner.BottomRightCorner, _AREA.RightDockWidgetArea)
        window.setDockOptions(
            QMainWindow.DockOption.AllowTabbedDocks | QMainWindow.DockOption.AllowNestedDocks
        )
        window.setTabPosition(_AREA.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._uncover)
        self._listens = True

    @property
    def actions(self) -> list[QAction]:
        """Show or hide each dock."""
        return [dock.toggleViewAction() for dock in self._docks.values()]

    def dock_of(self, widget: QWidget) -> QDockWidget:
        """The dock that holds a panel."""
        return self._docks[widget]

    def show(self, widget: QWidget) -> None:
        """Bring a panel to the front and give it the focus."""
        self._docks[widget].show()
        self._docks[widget].raise_()
        widget.setFocus()

    def place(
        self,
        palette: tuple[str, QWidget],
        right: Sequence[tuple[str, QWidget]],
        charts: Sequence[tuple[str, QWidget]],
        problems: tuple[str, QWidget],
        *,
        restore: bool,
    ) -> None:
        """Make all docks, each from its title and widget; restore: as they were last time.

        right: the two that stand over each other, then those behind the lower one as tabs.
        """
        self._palette = self._dock(*palette, _AREA.LeftDockWidgetArea)
        self._right = [self._dock(*each, _AREA.RightDockWidgetArea) for each in right[:2]]
        self._behind = [self._dock(*each) for each in right[2:]]
        self._charts = [
            self._dock(*each, _AREA.BottomDockWidgetArea if column < CHART_COLUMNS else None)
            for column, each in enumerate(charts)
        ]
        self._problems = self._dock(*problems)
        screen = self._window.screen().availableSize()
        self._window.resize(QSize(*WINDOW_SIZE_PX).boundedTo(screen))
        self._arranged = restore and self._restore()

    def arrange(self) -> None:
        """The first arrangement. Only once the window is visible: before that, Qt makes the tab
        bars of a second group of tabs twice, and one of them lies over the other docks."""
        if self._arranged:
            return
        self._arranged = True
        window, columns = self._window, self._charts[:CHART_COLUMNS]
        for dock in self._charts[CHART_COLUMNS:]:
            self._tab(columns[-1], dock)
        self._tab(self._charts[-1], self._problems)
        self._problems.hide()
        inspector, training = self._right
        for dock in self._behind:
            self._tab(training, dock)
        training.raise_()
        columns[-1].raise_()
        horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        window.resizeDocks(
            [self._palette, inspector], [PALETTE_WIDTH_PX, SIDE_WIDTH_PX], horizontal
        )
        window.resizeDocks([inspector, training], [1, 1], vertical)
        window.resizeDocks(columns, [1] * len(columns), horizontal)
        window.resizeDocks(columns[:1], [BOTTOM_HEIGHT_PX], vertical)

    def remember(self) -> None:
        """Keep size and arrangement for the next start."""
        QSettings().setValue("geometry", self._window.saveGeometry())
        QSettings().setValue("docks", self._window.saveState(STATE_VERSION))

    def close(self) -> None:
        """Listen to nothing any more. May be called twice."""
        application = QApplication.instance()
        if self._listens and isinstance(application, QApplication):
            application.focusChanged.disconnect(self._uncover)
        self._listens = False

    def _restore(self) -> bool:
        settings = QSettings()
        geometry, docks = settings.value("geometry"), settings.value("docks")
        if geometry is not None:
            self._window.restoreGeometry(geometry)
        return docks is not None and self._window.restoreState(docks, STATE_VERSION)

    def _dock(self, title: str, widget: QWidget, area: _AREA | None = None) -> QDockWidget:
        """A dock at the end of an area; without one, hidden until it becomes a tab."""
        dock = QDockWidget(title, self._window)
        dock.setObjectName(title)
        dock.setWidget(widget)
        if area is None:
            dock.hide()
        else:
            self._window.addDockWidget(area, dock, _DIRECTION[area])
        dock.visibilityChanged.connect(self._titles_soon.start)
        dock.topLevelChanged.connect(self._titles_soon.start)
        self._docks[widget] = dock
        return dock

    def _tab(self, onto: QDockWidget, dock: QDockWidget) -> None:
        self._window.tabifyDockWidget(onto, dock)
        dock.show()

    def _show_titles(self) -> None:
        """A dock among tabs needs no title bar: its name stands on the tab."""
        for dock in self._window.findChildren(QDockWidget, options=_CHILDREN):
            tabbed = any(not o.isHidden() for o in self._window.tabifiedDockWidgets(dock))
            if tabbed != (dock.titleBarWidget() is not None):
                dock.setTitleBarWidget(QWidget(dock) if tabbed else None)

    def _uncover(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Tab moves the focus into a dock that lies behind another one: bring it to the front."""
        for dock in self._docks.values():
            if now is not None and dock.isAncestorOf(now) and dock.visibleRegion().isEmpty():
                dock.raise_()
