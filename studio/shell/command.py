"""Command: one action of the window: id, words, place, keys, and what it does."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Handler = Callable[..., object]
"""Called with the window's parts. Its keyword arguments answer what it would ask a person."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """One action.

    id: its name for scripts, lessons and settings; never shown. menu: an id of MENUS. after: the id
    of the command that it follows; without one, it follows the one before it in its file.
    on_canvas: its keys work only while the canvas has the focus, because they mean something else
    in a text field. separator: a line stands above it in the menu.
    """

    id: str
    text: str
    menu: str
    do: Handler
    tip: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    after: str = ""
    separator: bool = False
    on_canvas: bool = False
    checkable: bool = False

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of its arguments, which replace questions."""
        _, *rest = inspect.signature(self.do).parameters
        return tuple(rest)

    def run(self, parts: Any, **arguments: object) -> object:
        """Do it in the window with these parts."""
        return self.do(parts, **arguments)


def in_order(files: list[tuple[Command, ...]]) -> list[Command]:
    """The commands of all files, in menu order."""
    blocks = [block for commands in files for block in _blocks(commands)]
    ordered: list[Command] = []
    while blocks:
        known = {command.id for command in ordered}
        block = next((b for b in blocks if not b[0].after or b[0].after in known), None)
        assert block, f"Command '{blocks[0][0].id}' follows '{blocks[0][0].after}': unknown."
        blocks.remove(block)
        ids = [command.id for command in ordered]
        at = ids.index(block[0].after) + 1 if block[0].after else len(ids)
        ordered[at:at] = block
    return ordered


def _blocks(commands: tuple[Command, ...]) -> list[list[Command]]:
    """The commands of one file, split where one names the command that it follows."""
    blocks: list[list[Command]] = []
    for command in commands:
        if command.after or not blocks:
            blocks.append([])
        blocks[-1].append(command)
    return blocks
