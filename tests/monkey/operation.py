"""Operation: base of what the monkey does, and the one list of them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from random import Random
from typing import Any, ClassVar

from tests.monkey.world import World

Arguments = dict[str, Any]
"""Plain values, so that an operation can be written into a file and done again."""


class Operation:
    """One thing that a person does. weight: how often, compared with the others.

    A subclass is found by itself; its class name is what it is called in files.
    """

    weight: ClassVar[float] = 1.0

    def choose(self, world: World, chance: Random) -> Arguments | None:
        """What to do it with, as things are now; None where it makes no sense."""
        return {}

    def perform(self, world: World, **arguments: Any) -> None:
        """Do it. Raises StageError where the program refuses it with a sentence: no fault."""
        raise NotImplementedError


def all_operations() -> dict[str, Operation]:
    """Every operation by its name, in a fixed order."""
    from tests.monkey import operations

    found = {}
    for file in sorted(pkgutil.iter_modules(operations.__path__), key=lambda file: file.name):
        module = importlib.import_module(f"{operations.__name__}.{file.name}")
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Operation) and kind.__module__ == module.__name__:
                found[name] = kind()
    return found
