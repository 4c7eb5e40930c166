"""The View menu: how the canvas and the panels are shown."""

from __future__ import annotations

from studio.shell.command import Command
from studio.shell.parts import WindowParts


def _enlarge(window: WindowParts) -> None:
    if not window.docks.toggle_enlarged():
        text = window.tr("Click a panel first; then this key enlarges it to fill the window.")
        window.statusBar().showMessage(text, 5_000)


COMMANDS = (
    Command(
        id="fit",
        text="&Fit",
        menu="view",
        keys=("F",),
        icon="fit",
        tip="Show the whole design.",
        do=lambda window: window.canvas.fit(),
        on_canvas=True,
    ),
    Command(
        id="zoom_in",
        text="Zoom &In",
        menu="view",
        keys=("Ctrl++", "Ctrl+="),
        tip="Make the canvas larger.",
        do=lambda window: window.canvas.zoom_in(),
    ),
    Command(
        id="zoom_out",
        text="Zoom &Out",
        menu="view",
        keys=("Ctrl+-",),
        tip="Show more of the canvas.",
        do=lambda window: window.canvas.zoom_out(),
    ),
    Command(
        id="zoom_reset",
        text="&Actual Size",
        menu="view",
        keys=("Ctrl+0",),
        tip="Zoom to 100 %.",
        do=lambda window: window.canvas.zoom_reset(),
    ),
    Command(
        id="zoom_selection",
        text="Zoom to &Selection",
        menu="view",
        keys=("Shift+F",),
        tip="Fit the selection in the view.",
        do=lambda window: window.canvas.zoom_to_selection(),
        on_canvas=True,
    ),
    Command(
        id="arrange",
        text="&Tidy",
        menu="view",
        keys=("Ctrl+L",),
        icon="tidy",
        tip="Arrange all layers in order.",
        do=lambda window: window.canvas.arrange(),
        separator=True,
    ),
    Command(
        id="flow_right",
        text="Data Flow &Right",
        menu="view",
        tip="Arrange the layers from left to right. The project remembers this.",
        do=lambda window: window.canvas.set_orientation("right"),
    ),
    Command(
        id="flow_down",
        text="Data Flow &Down",
        menu="view",
        tip="Arrange the layers from top to bottom. The project remembers this.",
        do=lambda window: window.canvas.set_orientation("down"),
    ),
    Command(
        id="enlarge",
        text="&Enlarge Panel",
        menu="view",
        keys=("F11",),
        tip="Enlarge the focused panel to fill the window, or restore it.",
        do=_enlarge,
    ),
    Command(
        id="analyze",
        text="A&nalyze",
        menu="view",
        keys=("Ctrl+Shift+A",),
        tip="Show shapes, parameters, memory, and multiply-adds of every layer, with advice.",
        do=lambda window: window.windows.show("analyze"),
    ),
)
