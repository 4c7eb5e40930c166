"""Many runs of one design: races, the sweep, the learning curve, folds; and painting."""

from __future__ import annotations

import contextlib
from random import Random

from studio.shell.stage import StageError
from studio.shell.staging.views import ViewOnStage
from studio.shell.staging.waiting import wait_idle
from tests.monkey.operation import Arguments, Operation
from tests.monkey.operations.views import views
from tests.monkey.world import World

STUDIES = ("sweep", "learning_curve")
FOLDS = 3


class Race(Operation):
    """Choose what varies, and race it."""

    def choose(self, world: World, chance: Random) -> Arguments | None:
        if not world.is_affordable():
            return None
        options = world.stage.window("race").options()
        wheres, whats = options["where"][0], options["vary"][0]
        if not wheres or not whats:
            return None
        return {
            "where": chance.choice(wheres),
            "vary": chance.choice(whats),
            "press": chance.choice(("play", "step", "rewind")),
        }

    def perform(self, world: World, where: str, vary: str, press: str) -> None:
        race = world.stage.window("race")
        race.set("where", where)
        race.set("vary", vary)
        race.set(press, True)


class Study(Operation):
    """Begin a study in the doctor."""

    weight = 0.5

    def choose(self, world: World, chance: Random) -> Arguments | None:
        return {"study": chance.choice(STUDIES)} if world.is_affordable() else None

    def perform(self, world: World, study: str) -> None:
        doctor = world.stage.panel("doctor")
        doctor.show()
        doctor.set("view", "sweep" if study == "sweep" else "curve")
        doctor.set(study, True)


class CrossValidate(Operation):
    """Open the cross-validation, and train a few folds."""

    weight = 0.3

    def choose(self, world: World, chance: Random) -> Arguments | None:
        return {} if world.is_affordable() else None

    def perform(self, world: World) -> None:
        data = world.stage.panel("data")
        data.show()
        data.set("cross_validate", True)
        data.set("folds", FOLDS)
        data.set("train_folds", True)


class Paint(Operation):
    """A stroke of points through a few places."""

    def choose(self, world: World, chance: Random) -> Arguments:
        places = [
            (chance.uniform(-6, 6), chance.uniform(-6, 6)) for _ in range(chance.randint(1, 4))
        ]
        return {"label": chance.randrange(3), "erase": chance.random() < 0.2, "places": places}

    def perform(self, world: World, label: int, erase: bool, places: list[list[float]]) -> None:
        painting = world.stage.window("painting")
        painting.set("left", label)
        painting.set("eraser", erase)
        painting.set("stroke", places)


class Calm(Operation):
    """End all that goes on, and wait until the window is idle."""

    weight = 0.5

    def perform(self, world: World) -> None:
        calm(world)


class Wait(Operation):
    """Let some time pass."""

    weight = 1.5

    def choose(self, world: World, chance: Random) -> Arguments:
        return {"ms": chance.choice((1, 20, 100))}

    def perform(self, world: World, ms: int) -> None:
        world.let_pass(ms)


IDLE_S = 20.0


def calm(world: World) -> None:
    """Pause the run and the race, cancel the studies, and wait until nothing is left to do."""
    main = world.stage.main
    if main.commands["pause"].isEnabled():
        main.commands["pause"].trigger()
    race = main.windows.race
    if race is not None:
        race.racer.pause()
    for view in views(world):
        _cancel(view)
    validation = main.data_panel.cross_validation
    if validation is not None and not validation.count.isEnabled():
        validation.begin()  # the same button ends it
    busy = wait_idle(main, IDLE_S)
    assert not busy, f"The window was not idle within {IDLE_S:g} seconds: {busy}."


def _cancel(view: ViewOnStage) -> None:
    """Press all that ends what the view has begun; an import may be done meanwhile."""
    with contextlib.suppress(StageError):
        for name, taken in view.options().items():
            if name.startswith("cancel") and all(taken):
                view.set(name, True)
