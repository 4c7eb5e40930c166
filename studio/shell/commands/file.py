"""The File menu: open, save, leave."""

from __future__ import annotations

from pathlib import Path

from studio.shell.command import Command
from studio.shell.parts import WindowParts


def _open(window: WindowParts, path: str | Path | None = None) -> None:
    if path is None:
        window.files.open()
    else:
        window.files.open_path(Path(path))


def _save_as(window: WindowParts, path: str | Path | None = None) -> None:
    window.files.save_as(None if path is None else Path(path))


def _save_model(window: WindowParts, path: str | Path | None = None) -> None:
    window.files.save_model(None if path is None else Path(path))


COMMANDS = (
    Command(
        id="new",
        text="&New",
        menu="file",
        keys=("Ctrl+N",),
        icon="new",
        tip="Start with an empty canvas.",
        do=lambda window: window.files.new(),
    ),
    Command(
        id="open",
        text="&Open…",
        menu="file",
        keys=("Ctrl+O",),
        icon="open",
        tip="Open a design or a trained model.",
        do=_open,
    ),
    Command(
        id="save",
        text="&Save",
        menu="file",
        keys=("Ctrl+S",),
        icon="save",
        tip="Save the design.",
        do=lambda window: window.files.save(),
        separator=True,
    ),
    Command(
        id="save_as",
        text="Save &As…",
        menu="file",
        keys=("Ctrl+Shift+S",),
        tip="Save under a new name.",
        do=_save_as,
    ),
    Command(
        id="save_model",
        text="Save Trained &Model…",
        menu="file",
        keys=("Ctrl+M",),
        tip="Save the weights, history, and state of the run so that you can continue later.",
        do=_save_model,
    ),
    Command(
        id="quit",
        text="&Quit",
        menu="file",
        keys=("Ctrl+Q",),
        tip="Close the window.",
        do=lambda window: window.close(),
        separator=True,
    ),
)
