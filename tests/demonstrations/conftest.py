"""What all demonstrations share: an example on the stage, a run to its end, a race to its end."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from engine import resources
from studio.shell.stage import Stage, open_stage

PATIENCE_S = 120


class Demonstration:
    """A stage, and what a teacher does on it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.set, self.measure = stage.set, stage.measure

    def run(self) -> None:
        """Play from the first weights to the end."""
        if self.stage.measure("iteration"):
            self.stage.do("rewind")
            self.stage.wait(until="ready")
        self.stage.do("play")
        self.stage.wait(until="finished", seconds=PATIENCE_S)

    def shown(self, panel: str, message: str = "", **options: Any) -> dict[str, Any]:
        """What a panel shows of the run as it stands, with these options, under this message."""
        view = self.stage.panel(panel)
        view.show()
        for name, value in options.items():
            view.set(name, value)
        self.stage.wait(until="idle", seconds=PATIENCE_S)
        shown = view.shown()
        assert not shown["stale"] and not shown["empty"], shown
        assert shown["message"] == message, shown
        return shown

    def race(self, vary: str, variants: Sequence[Any]) -> dict[str, Any]:
        """Race these values of a training setting to the end; what the window shows then."""
        race = self.stage.window("race")
        race.set("vary", vary)
        race.set("variants", list(variants))
        race.set("play", True)
        self.stage.wait(until="idle", seconds=PATIENCE_S)
        shown = race.shown()
        assert len(shown["outcomes"]) == len(variants) and not shown["stale"], shown
        return shown


@pytest.fixture
def demonstrate(qtbot) -> Callable[[int], Demonstration]:
    """Opens the example of this number."""
    with ExitStack() as stack:

        def open_example(number: int) -> Demonstration:
            path: Path = next(resources.path("examples").glob(f"{number} *.netdesign"))
            return Demonstration(stack.enter_context(open_stage(path)))

        yield open_example
