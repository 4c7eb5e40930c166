"""Docks: the panels around the canvas, and how their layout is restored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QByteArray, QObject, QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QCursor
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QTabBar,
    QTabWidget,
    QWidget,
)

from studio.panels.panel import is_seen

STATE_VERSION = 6
WINDOW_SIZE_PX = (1366, 768)
PALETTE_CHARACTERS, PALETTE_SHARE = 29, 0.17
SIDE_CHARACTERS, SIDE_SHARE = 48, 0.34
BOTTOM_LINES, BOTTOM_SHARE = 19, 0.45
"""The first sizes of palette, inspector, and charts, and their largest share of the window: even
with a large font, there must be room for the canvas."""
COLUMN_CHARACTERS = 46
"""The least width of a column of charts; if fewer fit, one column has the tabs of two."""
_AREA = Qt.DockWidgetArea
_CHILDREN = Qt.FindChildOption.FindDirectChildrenOnly
_DIRECTION = {
    _AREA.LeftDockWidgetArea: Qt.Orientation.Vertical,
    _AREA.RightDockWidgetArea: Qt.Orientation.Vertical,
    _AREA.BottomDockWidgetArea: Qt.Orientation.Horizontal,
}
"""How the docks of an area are arranged."""


class DockPlace(NamedTuple):
    """What a dock holds. id: its stable name, by which the layout is remembered. content: the
    widget, or what makes it when the dock first comes to the front."""

    id: str
    title: str
    content: QWidget | Callable[[], QWidget]


class _NoTitle(QWidget):
    """In the place of a dock's title, where a tab says it."""

    def sizeHint(self) -> QSize:
        return QSize(0, 0)  # the usual one is negative, of which Qt 6.8 warns


class Docks(QObject):
    """The docks of one window: the palette on the left; on the right, the inspector above training,
    with data and history as tabs; at the bottom, columns of charts as tabs, with the problems
    behind the last one.

    actions: those that show and hide a dock, for the View menu.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._docks: dict[str, QDockWidget] = {}
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self._look_soon = QTimer(self, singleShot=True, interval=0)
        self._look_soon.timeout.connect(self._show_titles)
        self._look_soon.timeout.connect(self._fill)
        self._arranged = False
        self._before_enlarging: QByteArray | None = None
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

    @property
    def ids(self) -> list[str]:
        """Of all docks."""
        return list(self._docks)

    def dock(self, id: str) -> QDockWidget:
        """The dock with this id. Raises KeyError."""
        return self._docks[id]

    def widget(self, id: str) -> QWidget:
        """What the dock with this id holds, made now if it never was. Raises KeyError."""
        dock = self._docks[id]
        if id in self._makers:
            dock.setWidget(self._makers.pop(id)())
        return dock.widget()

    def show(self, id: str) -> None:
        """Bring a panel to the front and give it the focus."""
        widget = self.widget(id)
        self._docks[id].show()
        self._docks[id].raise_()
        widget.setFocus()

    def place(
        self,
        palette: DockPlace,
        right: Sequence[DockPlace],
        charts: Sequence[Sequence[DockPlace]],
        problems: DockPlace,
        *,
        restore: bool,
    ) -> None:
        """Make all docks. restore: bring back the last layout.

        right: the upper and the lower one, then those behind the lower one as tabs. charts: column
        by column, the front one first.
        """
        self._palette = self._dock(palette, _AREA.LeftDockWidgetArea)
        self._right = [self._dock(each, _AREA.RightDockWidgetArea) for each in right[:2]]
        self._behind = [self._dock(each) for each in right[2:]]
        self._columns = [[self._dock(each) for each in column] for column in charts]
        self._problems = self._dock(problems)
        screen = self._window.screen().availableSize()
        self._window.resize(QSize(*WINDOW_SIZE_PX).boundedTo(screen))
        self._arranged = restore and self._restore()

    def arrange(self) -> None:
        """The first arrangement, if none was restored, and the panels in front. Only once the
        window is visible: before that, Qt makes the tab bars of a second group of tabs twice, and
        one of them lies over the other docks."""
        if not self._arranged:
            self._arranged = True
            self._arrange_first()
        self._fill()

    def _arrange_first(self) -> None:
        window, columns = self._window, self._fitting()
        fronts = [column[0] for column in columns]
        for front, *rest in columns:
            self._put(front, _AREA.BottomDockWidgetArea)
            self.widget(front.objectName())
            front.show()
            for dock in rest:
                self._tab(front, dock)
        self._tab(columns[-1][-1], self._problems)
        self._problems.hide()
        inspector, training = self._right
        for dock in self._behind:
            self._tab(training, dock)
        for dock in (training, *fronts):
            dock.raise_()
        horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        window.resizeDocks([self._palette, inspector], self._side_widths(), horizontal)
        window.resizeDocks([inspector, training], [1, 1], vertical)
        window.resizeDocks(fronts, [1] * len(fronts), horizontal)
        most = round(BOTTOM_SHARE * window.height())
        height = min(BOTTOM_LINES * window.fontMetrics().height(), most)
        window.resizeDocks(fronts[:1], [height], vertical)

    def _side_widths(self) -> list[int]:
        """Of the palette and of the inspector."""
        character, whole = self._window.fontMetrics().averageCharWidth(), self._window.width()
        wishes = (PALETTE_CHARACTERS, PALETTE_SHARE), (SIDE_CHARACTERS, SIDE_SHARE)
        return [min(count * character, round(share * whole)) for count, share in wishes]

    def _fitting(self) -> list[list[QDockWidget]]:
        """The columns of charts; those for which there is no room are tabs of the last one."""
        room = self._window.width() - self._side_widths()[1]
        least = COLUMN_CHARACTERS * self._window.fontMetrics().averageCharWidth()
        last = max(1, min(room // least, len(self._columns))) - 1
        merged = [dock for column in self._columns[last:] for dock in column]
        return [*self._columns[:last], merged]

    def toggle_enlarged(self) -> bool:
        """Enlarge the focused panel to the whole window, or restore all docks.

        False if no panel has the focus.
        """
        if self._before_enlarging is not None:
            self._show_center(True)
            self._window.restoreState(self._before_enlarging, STATE_VERSION)
            self._before_enlarging = None
            return True
        chosen = self._focused()
        if chosen is None:
            return False
        self._before_enlarging = self._window.saveState(STATE_VERSION)
        for dock in self._docks.values():
            dock.setVisible(dock is chosen)
        self._show_center(False)
        return True

    def _show_center(self, on: bool) -> None:
        center = self._window.centralWidget()
        assert center is not None
        center.setVisible(on)

    def remember(self) -> None:
        """Remember size and layout for the next start."""
        if self._before_enlarging is not None:
            self.toggle_enlarged()
        QSettings().setValue("geometry", self._window.saveGeometry())
        QSettings().setValue("docks", self._window.saveState(STATE_VERSION))

    def close(self) -> None:
        """Stop listening. May be called twice."""
        application = QApplication.instance()
        if self._listens and isinstance(application, QApplication):
            application.focusChanged.disconnect(self._uncover)
        self._listens = False

    def _focused(self) -> QDockWidget | None:
        """The focused dock, or else the one under the pointer."""
        here = QApplication.focusWidget(), QApplication.widgetAt(QCursor.pos())
        for widget in here:
            for dock in self._docks.values():
                if widget is not None and dock.isAncestorOf(widget):
                    return dock
        return None

    def _restore(self) -> bool:
        settings = QSettings()
        geometry, docks = settings.value("geometry"), settings.value("docks")
        if geometry is not None:
            self._window.restoreGeometry(geometry)
        return docks is not None and self._window.restoreState(docks, STATE_VERSION)

    def _dock(self, place: DockPlace, area: _AREA | None = None) -> QDockWidget:
        """A dock at the end of an area; without an area, hidden until it becomes a tab."""
        dock = QDockWidget(place.title, self._window)
        dock.setObjectName(place.id)
        dock.toggleViewAction().setObjectName(f"panel_{place.id}")
        if isinstance(place.content, QWidget):
            dock.setWidget(place.content)
        else:
            self._makers[place.id] = place.content
        if area is None:
            dock.hide()
        else:
            self._put(dock, area)
        dock.visibilityChanged.connect(self._look_soon.start)
        dock.topLevelChanged.connect(self._look_soon.start)
        self._docks[place.id] = dock
        return dock

    def _put(self, dock: QDockWidget, area: _AREA) -> None:
        self._window.addDockWidget(area, dock, _DIRECTION[area])

    def _tab(self, onto: QDockWidget, dock: QDockWidget) -> None:
        self._window.tabifyDockWidget(onto, dock)
        dock.show()

    def _fill(self) -> None:
        """Make the content that comes to the front for the first time."""
        for id in list(self._makers):
            if is_seen(self._docks[id]):
                self.widget(id)

    def _show_titles(self) -> None:
        """A dock among tabs needs no title bar: the tab has its name."""
        for dock in self._window.findChildren(QDockWidget, options=_CHILDREN):
            tabbed = any(not o.isHidden() for o in self._window.tabifiedDockWidgets(dock))
            if tabbed != (dock.titleBarWidget() is not None):
                title = _NoTitle(dock) if tabbed else None  # None: Qt's own; its stubs forget that
                dock.setTitleBarWidget(title)  # type: ignore[arg-type]
        for bar in self._window.findChildren(QTabBar, options=_CHILDREN):
            bar.setElideMode(Qt.TextElideMode.ElideNone)  # scroll instead of cutting names
            bar.setUsesScrollButtons(True)

    def _uncover(self, _old: QWidget | None, now: QWidget | None) -> None:
        """If Tab moves the focus into a dock behind another one, bring that dock to the front."""
        for dock in self._docks.values():
            if now is not None and dock.isAncestorOf(now) and dock.visibleRegion().isEmpty():
                dock.raise_()
