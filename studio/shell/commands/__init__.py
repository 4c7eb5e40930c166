"""All commands of the window. Each file here declares some: their names, their places, their keys,
and what they do. A new file is found automatically, and its commands appear in the menu, the
command palette, the shortcut sheet, and on the stage.
"""

import importlib
import pkgutil

from studio.shell.command import Command, in_order

__all__ = ["all_commands"]


def all_commands() -> list[Command]:
    """Every command, in menu order."""
    files = [f"{__name__}.{file.name}" for file in pkgutil.iter_modules(__path__)]
    commands = in_order([importlib.import_module(file).COMMANDS for file in files])
    ids = [command.id for command in commands]
    twice = {each for each in ids if ids.count(each) > 1}
    assert not twice, f"Two commands have the same id: {', '.join(twice)}."
    return commands
