"""All commands of the window. A file here declares some: what they are called, where they stand,
which keys run them, and what they do. A new file is found automatically, and with it the menu, the
command palette, the shortcut sheet, the settings and the stage.
"""

import importlib
import pkgutil

from studio.shell.command import Command, in_order

__all__ = ["all_commands"]


def all_commands() -> list[Command]:
    """Every command, as they follow each other in the menus."""
    files = [f"{__name__}.{file.name}" for file in pkgutil.iter_modules(__path__)]
    commands = in_order([importlib.import_module(file).COMMANDS for file in files])
    ids = [command.id for command in commands]
    twice = {each for each in ids if ids.count(each) > 1}
    assert not twice, f"Two commands have the same id: {', '.join(twice)}."
    return commands
