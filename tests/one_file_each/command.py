"""A command of the window in one file."""

from __future__ import annotations

from studio.shell.command import Command
from studio.shell.parts import WindowParts


def _cheer(window: WindowParts, name: str = "class") -> None:
    window.statusBar().showMessage(f"Well done, {name}!")


COMMANDS = (
    Command(
        id="cheer",
        text="&Cheer",
        menu="train",
        keys=("Ctrl+Alt+H",),
        icon="good",
        tip="Say a kind word.",
        do=_cheer,
        after="stop",
    ),
)
