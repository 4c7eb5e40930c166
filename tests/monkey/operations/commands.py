"""Every command of the menus, with and without the arguments that answer what it asks."""

from __future__ import annotations

from random import Random
from typing import Any

from engine.layers import Layer
from tests.monkey.operation import Arguments, Operation
from tests.monkey.world import World

TRAINS = ("play", "step", "step_epoch", "rewind", "new_seed", "check_gradients")
ANSWERS = {
    "play": lambda world, chance: {"epochs": chance.choice((1, 3))},
    "new_seed": lambda world, chance: {"seed": chance.randrange(5)},
    "quick_add": lambda world, chance: {"layer": chance.choice(list(Layer.kinds()))},
}
"""What commands are told; those about files are operations of their own."""


class RunCommand(Operation):
    """Any command; one in three with its arguments, else it asks, and the question is cancelled."""

    weight = 14.0

    def choose(self, world: World, chance: Random) -> Arguments:
        ids = [id for id in world.stage.main.commands.all if id != "quit"]
        id = chance.choice((*ids, *TRAINS))
        answered = id in ANSWERS and chance.random() < 0.5
        return {"id": id, "told": ANSWERS[id](world, chance) if answered else {}}

    def perform(self, world: World, id: str, told: dict[str, Any]) -> None:
        if id not in TRAINS or world.is_affordable():
            world.stage.do(id, **told)


class Quit(Operation):
    """Close the window, and open it again; what was not saved is lost where it says so."""

    weight = 0.1

    def perform(self, world: World) -> None:
        try:
            world.stage.do("quit")
        finally:
            if not world.is_open:
                left = world.end()
                world.begin()
                assert not left, f"Left behind: {left}."


class UndoAll(Operation):
    """Back to the start and forth again: both ends are as they were."""

    weight = 0.3

    def perform(self, world: World) -> None:
        stack, here = world.stage.main.document.undo_stack, world.stage.main.document.project
        index, complete = stack.index(), stack.count() < stack.undoLimit()
        world.stage.do("pause") if world.stage.main.commands["pause"].isEnabled() else None
        stack.setIndex(0)
        if complete:
            assert edited_parts(world.project) == edited_parts(world.start), "Undo is not exact."
        stack.setIndex(index)
        assert edited_parts(world.project) == edited_parts(here), "Redo is not exact."


class JumpInHistory(Operation):
    """To any step, as a click in the undo list."""

    def choose(self, world: World, chance: Random) -> Arguments:
        return {"index": chance.randint(0, world.stage.main.document.undo_stack.count())}

    def perform(self, world: World, index: int) -> None:
        stack = world.stage.main.document.undo_stack
        stack.setIndex(min(index, stack.count()))


def edited_parts(project: Any) -> Any:
    """What undo brings back: runs and openings of the test set are facts, and stay."""
    return project.replace(runs=(), openings=())
