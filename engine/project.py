"""Project: everything that one .netdesign file holds, as a frozen value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal, Self, get_args

from engine.data import DataPlan
from engine.design import Design
from engine.errors import DesignError
from engine.settings import TrainingSettings

Position = tuple[float, float]
Orientation = Literal["right", "down"]
"""Where the data flow on the canvas."""

MAX_COORDINATE = 1e6
MIN_NOTE_WIDTH, MAX_NOTE_WIDTH = 64.0, 2_048.0
MAX_NOTE_LENGTH = 10_000


@dataclass(frozen=True)
class Note:
    """Words on the canvas. x, y: the top left corner, width: of the box, all in scene pixels; the
    height follows from the text."""

    text: str
    x: float
    y: float
    width: float = 240.0

    def __post_init__(self) -> None:
        if not isinstance(self.text, str) or not self.text.strip():
            raise DesignError("A note on the canvas must have a text.")
        if len(self.text) > MAX_NOTE_LENGTH:
            raise DesignError(f"A note must have at most {MAX_NOTE_LENGTH:,} characters.")
        for name in ("x", "y", "width"):
            object.__setattr__(self, name, float(getattr(self, name)))
        if not _on_canvas(self.x, self.y):
            raise DesignError("The place of a note must be two numbers within ±1e6.")
        if not MIN_NOTE_WIDTH <= self.width <= MAX_NOTE_WIDTH:
            low, high = MIN_NOTE_WIDTH, MAX_NOTE_WIDTH
            raise DesignError(
                f"A note's width must be between {low:g} and {high:g} pixels; got {self.width:g}."
            )


@dataclass(frozen=True)
class Project:
    """design: the layers and wires. training, data: their settings. notes: the author's words.

    positions: where the nodes stand on the canvas, node -> (x, y) in scene pixels; nodes without
    one are arranged by the view. remarks: notes that stand beside them.
    orientation: where the data flow.
    """

    design: Design = field(default_factory=Design)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    data: DataPlan = field(default_factory=DataPlan)
    positions: Mapping[str, Position] = field(default_factory=dict)
    notes: str = ""
    remarks: tuple[Note, ...] = ()
    orientation: Orientation = "right"

    def __post_init__(self) -> None:
        if self.orientation not in get_args(Orientation):
            raise DesignError(f"The data must flow right or down; got {self.orientation!r}.")
        known = {}
        for name, (x, y) in self.positions.items():
            if not _on_canvas(x, y):
                raise DesignError(f"The position of '{name}' must be two numbers within ±1e6.")
            if name in self.design.nodes:
                known[name] = (float(x), float(y))
        object.__setattr__(self, "positions", MappingProxyType(known))

    def replace(self, **changes: Any) -> Self:
        """A copy with some parts changed; all others are shared."""
        return replace(self, **changes)


def _on_canvas(x: float, y: float) -> bool:
    return all(math.isfinite(value) and abs(value) <= MAX_COORDINATE for value in (x, y))
