"""The Data menu: choose, import, and view data."""

from __future__ import annotations

from pathlib import Path

from studio.shell.command import Command
from studio.shell.parts import WindowParts


def _open_table(window: WindowParts, path: str | Path | None = None) -> None:
    if path is None:
        window.data_views.ask_table()
    else:
        window.data_views.open_path(Path(path))


def _open_pictures(window: WindowParts, path: str | Path | None = None) -> None:
    if path is None:
        window.data_views.ask_pictures()
    else:
        window.data_views.open_path(Path(path))


COMMANDS = (
    Command(
        id="data_gallery",
        text="Data &Gallery…",
        menu="data",
        keys=("Ctrl+Shift+D",),
        tip="Browse the data sets that come with the program.",
        do=lambda window: window.windows.show("data_gallery"),
    ),
    Command(
        id="open_table",
        text="Open &Table…",
        menu="data",
        keys=("Ctrl+T",),
        tip="Open your own examples from a CSV or TSV file.",
        do=_open_table,
        separator=True,
    ),
    Command(
        id="open_pictures",
        text="Open &Pictures…",
        menu="data",
        tip="Open your own pictures, one folder per class.",
        do=_open_pictures,
    ),
    Command(
        id="paint_points",
        text="Paint P&oints…",
        menu="data",
        keys=("Ctrl+Shift+P",),
        tip="Paint your own points in the plane.",
        do=lambda window: window.windows.show("painting"),
    ),
    Command(
        id="explore_data",
        text="&View Data…",
        menu="data",
        keys=("Ctrl+Shift+L",),
        tip="View the examples as rows, points, histograms, and pictures, and count the classes.",
        do=lambda window: window.windows.show("explorer"),
        separator=True,
    ),
)
