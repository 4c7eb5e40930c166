"""Panels: the panels of one window, each made when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from studio.panels.panel import Panel, Surroundings


class Panels(QObject):
    """A window opens sooner without the panels that nobody sees yet.

    classes: all of them by their ids, column by column, the one in front first.
    made(panel): a panel was made; whoever refreshes or connects panels begins with it now.
    """

    made = Signal(object)

    def __init__(
        self,
        classes: Iterable[type[Panel]],
        surroundings: Surroundings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.classes = {panel.id: panel for panel in classes}
        self._surroundings = surroundings
        self._made: dict[str, Panel] = {}

    def __getitem__(self, id: str) -> Panel:
        """The panel with this id, made now if it never was. Raises KeyError."""
        if id not in self._made:
            self._made[id] = self.classes[id].make(self._surroundings)
            self.made.emit(self._made[id])
        return self._made[id]

    def find(self, id: str) -> Panel | None:
        """The panel with this id, or None as long as nobody asked for it."""
        return self._made.get(id)
