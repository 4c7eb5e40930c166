"""Every panel, every window beside the main one, and every option of each."""

from __future__ import annotations

from random import Random
from typing import Any

from PySide6.QtWidgets import QDialog

from studio.look.theme import theme
from studio.shell.staging.views import ViewOnStage
from studio.shell.windows import IDS
from tests.monkey.operation import Arguments, Operation
from tests.monkey.world import World

SIZES = ((1280, 720), (1366, 768), (1920, 1080), (700, 500))
HIDES = 0.1
"""How often a panel is closed instead of shown."""
WORDS = ("", "7.5", "3, 1, 0.7", "blurry", "x" * 300, "<b>no</b>")
SLOW = ("folds", "every")
"""Options whose ends make the program work for minutes."""


class ShowPanel(Operation):
    """Bring a panel to the front, or close it."""

    weight = 4.0

    def choose(self, world: World, chance: Random) -> Arguments:
        ids = ["canvas", *world.stage.main.docks.ids]
        return {"id": chance.choice(ids), "hide": chance.random() < HIDES}

    def perform(self, world: World, id: str, hide: bool) -> None:
        if hide and id != "canvas":
            world.stage.main.docks.dock(id).hide()
        else:
            world.stage.panel(id).show()


class ShowWindow(Operation):
    """Open a window beside the main one, or close it."""

    def choose(self, world: World, chance: Random) -> Arguments:
        return {"id": chance.choice(IDS), "close": chance.random() < 0.5}

    def perform(self, world: World, id: str, close: bool) -> None:
        found = world.stage.main.windows.find(id)
        if not close:
            world.stage.window(id)
        elif isinstance(found, QDialog):
            found.close()


class SetOption(Operation):
    """An option of any panel or window that was made gets a value that it says it takes."""

    weight = 8.0

    def choose(self, world: World, chance: Random) -> Arguments | None:
        view = chance.choice(views(world))
        options = {name: taken for name, taken in view.options().items() if all(taken)}
        if not options:
            return None
        name = chance.choice(sorted(options))
        values = [
            chance.choice([*taken, *WORDS] if is_text(taken) else taken) for taken in options[name]
        ]
        if name in SLOW:
            values = [min(value, 3) for value in values]
        return {"id": view.id, "option": name, "value": values if len(values) > 1 else values[0]}

    def perform(self, world: World, id: str, option: str, value: Any) -> None:
        if not world.is_affordable():
            return
        for view in views(world):
            if view.id == id and option in view.options():
                view.set(option, value)


class Resize(Operation):
    """The window gets another size, or other colors."""

    weight = 0.3

    def choose(self, world: World, chance: Random) -> Arguments:
        return {"size": chance.choice(SIZES), "dark": chance.random() < 0.3}

    def perform(self, world: World, size: tuple[int, int], dark: bool) -> None:
        world.stage.main.resize(*size)
        theme.apply(dark=dark)


def views(world: World) -> list[ViewOnStage]:
    """All panels that were made, and all windows that are open."""
    main = world.stage.main
    shown = [id for id in main.docks.ids if main.docks.dock(id).widget() is not None]
    panels = [world.stage.panel(id) for id in shown]
    open_ids = [id for id in IDS if (w := main.windows.find(id)) is not None and w.isVisible()]
    return [*panels, *(world.stage.window(id) for id in open_ids)]


def is_text(taken: tuple[Any, ...]) -> bool:
    """Whether a control takes any text: it offers only the one it holds."""
    return len(taken) == 1 and isinstance(taken[0], str)
