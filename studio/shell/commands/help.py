"""The Help menu: find a command, learn the keys."""

from __future__ import annotations

from PySide6.QtCore import Qt

from studio.shell.about import installed_version
from studio.shell.command import Command
from studio.shell.parts import WindowParts
from studio.shell.shortcut_sheet import ShortcutSheet
from studio.widgets.question import message_box


def _about(window: WindowParts) -> None:
    told = window.tr(
        "{program} shows how neural networks learn: build a network, train "
        "it, and check its gradients."
    ).format(program=f"Backprop Studio {installed_version()}".rstrip())
    box = message_box(window, window.tr("About Backprop Studio"), told)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setModal(False)
    box.show()


COMMANDS = (
    Command(
        id="command_palette",
        text="&Find Command…",
        menu="help",
        keys=("Ctrl+K",),
        tip="Search all commands by name.",
        do=lambda window: window.command_palette.open(),
    ),
    Command(
        id="shortcuts",
        text="&Keyboard Shortcuts",
        menu="help",
        keys=("F1",),
        tip="All shortcuts on one page.",
        do=lambda window: ShortcutSheet(window).show(),
    ),
    Command(
        id="about",
        text="&About Backprop Studio",
        menu="help",
        tip="About this program.",
        do=_about,
        separator=True,
    ),
)
