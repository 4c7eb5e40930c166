"""SideWindows: the other windows, by their ids, each made when it is first needed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from studio.analyze_window import AnalyzeWindow
from studio.data_window.data_views import DataViews
from studio.data_window.held_out_dialog import TestSetDialog
from studio.model.document import Document
from studio.race import RaceWindow
from studio.running.session import Session

IDS = ("race", "analyze", "data_gallery", "data_import", "explorer", "painting", "test_set")


class SideWindows(QObject):
    """node_chosen(node): a window points at this layer."""

    node_chosen = Signal(str)

    def __init__(
        self, document: Document, session: Session, data_views: DataViews, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document, self._session, self._window = document, session, window
        self._data_views = data_views
        self._made: dict[str, QDialog] = {}
        self._makers: dict[str, Callable[[], QDialog]] = {
            "race": self._make_race,
            "analyze": self._make_analyze,
            "test_set": self._make_test_set,
        }
        self._data = {
            "data_gallery": data_views.choose,
            "explorer": data_views.explore,
            "painting": data_views.paint,
        }

    def find(self, id: str) -> QDialog | None:
        """A window that exists already; the one for imports only while it is open."""
        data: dict[str, QDialog | None] = {
            "data_gallery": self._data_views.gallery,
            "explorer": self._data_views.explorer,
            "painting": self._data_views.painting,
            "data_import": self._data_views.importing,
        }
        return data[id] if id in data else self._made.get(id)

    @property
    def race(self) -> RaceWindow | None:
        """The race, if it exists."""
        made = self._made.get("race")
        return made if isinstance(made, RaceWindow) else None

    def can_show(self, id: str) -> bool:
        """Whether it can be opened without arguments."""
        return id in self._makers or id in self._data

    def show(self, id: str) -> None:
        """Bring a window to the front, and focus it."""
        if id in self._data:
            self._data[id]()
            return
        if id not in self._made:
            self._made[id] = self._makers[id]()
        view = self._made[id]
        view.show()
        view.raise_()
        view.activateWindow()

    def shut_down(self) -> None:
        """End their background work."""
        if self.race is not None:
            self.race.shut_down()
        self._data_views.shut_down()

    def _make_race(self) -> QDialog:
        return RaceWindow(self._document, self._session, self._window)

    def _make_analyze(self) -> QDialog:
        analyze = AnalyzeWindow(self._document, self._window)
        analyze.node_chosen.connect(self.node_chosen)
        return analyze

    def _make_test_set(self) -> QDialog:
        return TestSetDialog(self._document, self._session, self._window)
