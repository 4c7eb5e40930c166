"""Placing: the first layout of the panels around the canvas."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication

from studio.shell.docks import DockPlace
from studio.shell.parts import WindowParts


def place_panels(window: WindowParts, *, restore: bool) -> None:
    """Put every panel into a dock. restore: at its last place."""
    window.docks.place(
        palette=DockPlace("palette", window.tr("Layers"), window.palette_panel),
        right=[
            DockPlace("inspector", window.tr("Inspector"), window.inspector),
            DockPlace("training", window.tr("Training"), window.training_panel),
            DockPlace("data", window.tr("Data"), window.data_panel),
            DockPlace("history", window.tr("History"), window.undo_list),
        ],
        charts=_in_columns(window),
        problems=DockPlace("problems", window.tr("Problems"), window.problems_panel),
        restore=restore,
    )
    view = window.menus.menus["view"]
    view.addSeparator()
    view.addActions(window.docks.actions)
    window.setTabOrder(window.palette_panel, window.canvas)
    window.setTabOrder(window.canvas, window.inspector)
    window.statusBar().addPermanentWidget(window.problems_button)
    window.statusBar().setSizeGripEnabled(False)


def _in_columns(window: WindowParts) -> list[list[DockPlace]]:
    """The panels of the dashboard, column by column."""
    columns: dict[int, list[DockPlace]] = {}
    for id, panel in window.panels.classes.items():
        title = QCoreApplication.translate(panel.__name__, panel.tab)
        place = DockPlace(id, title, partial(window.panels.__getitem__, id))
        columns.setdefault(panel.column, []).append(place)
    return [columns[column] for column in sorted(columns)]
