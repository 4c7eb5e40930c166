"""The command line: one file of this room is one command, and its name is the command's.

A command's file holds HELP, what `--help` says of it, and run(options), which returns the exit
status. add_arguments(parser) is optional. Files that begin with "_" are no commands: what several
of them share. packaging/run.py and the window's start read the names from the folder, too.
"""

from __future__ import annotations

import importlib
import pkgutil
from argparse import ArgumentParser, Namespace
from typing import Protocol, cast


class CommandModule(Protocol):
    """What the file of a command holds, as its module."""

    HELP: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Its own arguments, beside FILE and --json."""

    def run(self, options: Namespace) -> int:
        """Do it; returns the exit status."""


def command_names() -> tuple[str, ...]:
    """The commands by name, in alphabetical order."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name for name in found if not name.startswith("_")))


def command(name: str) -> CommandModule:
    """The command of this name, one of `command_names()`."""
    return cast(CommandModule, importlib.import_module(f"{__name__}.{name}"))
