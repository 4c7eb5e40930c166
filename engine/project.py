"""Project: everything that one .netdesign file holds, as a frozen value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Self

from engine.data import DataPlan
from engine.design import Design
from engine.errors import DesignError
from engine.settings import TrainingSettings

Position = tuple[float, float]

MAX_COORDINATE = 1e6


@dataclass(frozen=True)
class Project:
    """design: the layers and wires. training, data: their settings. notes: the author's words.

    positions: where the nodes stand on the canvas, node -> (x, y) in scene pixels; nodes without
    one are arranged by the view.
    """

    design: Design = field(default_factory=Design)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    data: DataPlan = field(default_factory=DataPlan)
    positions: Mapping[str, Position] = field(default_factory=dict)
    notes: str = ""

    def __post_init__(self) -> None:
        known = {}
        for name, (x, y) in self.positions.items():
            if not all(math.isfinite(v) and abs(v) <= MAX_COORDINATE for v in (x, y)):
                raise DesignError(f"The position of '{name}' must be two numbers within ±1e6.")
            if name in self.design.nodes:
                known[name] = (float(x), float(y))
        object.__setattr__(self, "positions", MappingProxyType(known))

    def replace(self, **changes: Any) -> Self:
        """A copy with some parts changed; all others are shared."""
        return replace(self, **changes)
