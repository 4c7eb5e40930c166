"""Driver: chooses operations by a seed, performs them, and holds the invariants against each."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from studio.shell.stage import StageError
from studio.shell.staging.waiting import process
from tests.monkey.invariants import ALWAYS, AT_REST
from tests.monkey.memory import resident_mb
from tests.monkey.operation import Operation, all_operations
from tests.monkey.operations.commands import UndoAll
from tests.monkey.operations.studies import calm
from tests.monkey.trace import Step, Trace
from tests.monkey.watch import Watch
from tests.monkey.world import World

REST_EVERY = 25
"""Operations after which the window is left to come to rest, and looked at closely."""
START = "small.netdesign"
BACK_TO_START = Step("Open", {"name": START, "lose": True})
MOST_MB, WARM_UP = 800.0, 4
"""What the process may take more than it did after so many rests."""
LAST = 12
"""Operations that are printed before a fault."""


@dataclass
class Fault:
    """What went wrong, after which operations."""

    what: str
    trace: Trace

    @property
    def key(self) -> str:
        """The last line, by which two faults are the same."""
        return self.what.strip().splitlines()[-1]

    def __str__(self) -> str:
        last = "\n".join(f"  {step}" for step in self.trace.steps[-LAST:])
        done = f"seed {self.trace.seed}, {len(self.trace.steps)} operations"
        return f"FAULT ({done}):\n{self.what}\nThe last operations:\n{last}"


@dataclass
class Figures:
    """What was done. refused: what the program refused with a sentence. slowest: in seconds."""

    performed: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "nothing")
    memory_mb: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        memory, (seconds, slowest) = self.memory_mb or [0.0], self.slowest
        return (
            f"{self.performed.total():,} operations, {self.refused.total():,} refused with a "
            f"sentence; memory {memory[0]:.0f} MB at first, {memory[-1]:.0f} MB at last, "
            f"{max(memory):.0f} MB at most; slowest {slowest}, {seconds:.1f} s"
        )


class Driver:
    """One session. fault: the first one, which ends it. figures: what was done so far.

    told(step): called before each operation, so that a crash is known by its last one.
    """

    def __init__(
        self,
        folder: Path,
        seed: int,
        told: Callable[[Step], object] = lambda step: None,
        operations: Mapping[str, Operation] | None = None,
    ) -> None:
        self.figures, self.fault = Figures(), None
        self._folder, self._chance, self._told = folder, Random(seed), told
        self._trace, self._watch = Trace(seed), Watch()
        self._operations = operations or all_operations()

    def run(self, count: int) -> Fault | None:
        """Perform so many random operations; returns the first fault."""
        return self._session(lambda world, _at: self._choose(world), count)

    def replay(self, steps: list[Step]) -> Fault | None:
        """Perform these operations again; returns the first fault."""
        return self._session(lambda _world, at: steps[at], len(steps))

    def _session(self, step_of: Callable[[World, int], Step], count: int) -> Fault | None:
        with self._watch.watching():
            world = World(self._folder, START)
            try:
                for at in range(count):
                    if not self._survives(world, step_of(world, at)):
                        break
            finally:
                self._look(lambda: self._end(world))
        return self.fault

    def _survives(self, world: World, step: Step) -> bool:
        """Do one operation and look; False where that found a fault."""
        self._trace.steps.append(step)
        self._told(step)
        began = time.perf_counter()
        self._look(lambda: self._perform(world, step))
        self._look(lambda: _hold(world, ALWAYS))
        self.figures.slowest = max(self.figures.slowest, (time.perf_counter() - began, step.name))
        if len(self._trace.steps) % REST_EVERY == 0:
            self._look(lambda: self._rest(world))
        return self.fault is None

    def _look(self, work: Callable[[], object]) -> None:
        """Do something; whatever goes wrong meanwhile is the fault, if it is the first."""
        try:
            work()
        except Exception:
            self._watch.faults.insert(0, traceback.format_exc())
        told = self._watch.take()
        if told and self.fault is None:
            self.fault = Fault("\n".join(told), self._trace)

    def _perform(self, world: World, step: Step) -> None:
        self.figures.performed[step.name] += 1
        try:
            self._operations[step.name].perform(world, **step.arguments)
        except StageError:
            self.figures.refused[step.name] += 1
        process()

    def _rest(self, world: World) -> None:
        calm(world)
        _hold(world, AT_REST)
        memory = self.figures.memory_mb
        memory.append(resident_mb())
        grown = memory[-1] - memory[min(len(memory), WARM_UP) - 1]
        assert grown <= MOST_MB, f"The memory has grown by {grown:.0f} MB."

    def _end(self, world: World) -> None:
        """Undo leads back to the start, and nothing is left of the window."""
        try:
            if self.fault is None:
                UndoAll().perform(world)
        finally:
            left = world.end()
        assert not left, f"Left behind: {', '.join(left)}."

    def _choose(self, world: World) -> Step:
        """A random operation that makes sense now; too large a design is left for another one."""
        if not world.is_affordable():
            return BACK_TO_START
        while True:
            step = self._proposal(world)
            if step is not None:
                return step

    def _proposal(self, world: World) -> Step | None:
        weights = [operation.weight for operation in self._operations.values()]
        (name,) = self._chance.choices(list(self._operations), weights)
        try:
            arguments = self._operations[name].choose(world, self._chance)
        except StageError:
            return None
        return None if arguments is None else Step(name, arguments)


def _hold(world: World, invariants: tuple[Callable[[World], Any], ...]) -> None:
    for invariant in invariants:
        invariant(world)
