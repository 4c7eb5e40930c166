"""Plan: which layer's number belongs to which block and wire of the canvas."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from engine import Design, Wire
from engine.training.history import History
from studio.canvas.blocks import is_group
from studio.canvas.scene import CanvasScene


class MeasuredBlock(NamedTuple):
    """A block of the canvas with the layers in it that are measured."""

    key: str
    layers: tuple[int, ...]
    is_group: bool


class Course(NamedTuple):
    """A wire with the layer whose number it shows. ahead: whether that is the layer it leads to, or
    one behind it; else it is one that it comes from."""

    wire: Wire
    layer: int
    ahead: bool


class MeasurePlan(NamedTuple):
    """What to show where, for one run on one state of the canvas."""

    blocks: tuple[MeasuredBlock, ...]
    courses: tuple[Course, ...]

    @classmethod
    def of(cls, scene: CanvasScene, history: History) -> MeasurePlan:
        """The layers of a run that the canvas shows."""
        design = scene.document.project.design
        column = {name: index for index, name in enumerate(history.nodes)}
        blocks = []
        for key in scene.nodes:
            layers = tuple(column[name] for name in scene.blocks.members(key) if name in column)
            if layers:
                blocks.append(MeasuredBlock(key, layers, is_group(key)))
        return cls(tuple(blocks), tuple(_courses(design, list(scene.wires), column)))


def _courses(design: Design, wires: Sequence[Wire], column: dict[str, int]) -> list[Course]:
    ahead, behind = _neighbors(design, True), _neighbors(design, False)
    found = []
    for wire in wires:
        layer = _nearest(wire.target, ahead, column)
        if layer is not None:
            found.append(Course(wire, layer, True))
            continue
        layer = _nearest(wire.source, behind, column)
        if layer is not None:
            found.append(Course(wire, layer, False))
    return found


def _neighbors(design: Design, forward: bool) -> dict[str, list[str]]:
    neighbors: dict[str, list[str]] = {}
    for source, target, *_ in design.wires:
        here, there = (source, target) if forward else (target, source)
        neighbors.setdefault(here, []).append(there)
    return neighbors


def _nearest(start: str, neighbors: dict[str, list[str]], column: dict[str, int]) -> int | None:
    """The measured layer that is reached from here by the fewest wires, itself first."""
    seen, waiting = {start}, deque([start])
    while waiting:
        name = waiting.popleft()
        if name in column:
            return column[name]
        for other in neighbors.get(name, ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return None
