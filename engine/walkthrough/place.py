"""Place: one number of one quantity, with what is needed to explain it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.network.parts import Part
from engine.walkthrough.notation import Index, Label, symbol
from engine.walkthrough.quantity import Quantity, Role
from engine.walkthrough.walk import Walk

Array = np.ndarray

_SLOT = re.compile(r"(\w)_(\w+)")
"""An optimizer's state: "v_dW"."""


@dataclass(frozen=True)
class Place:
    """index: into the quantity's array; of values and derivatives it ends with the example."""

    walk: Walk
    quantity: Quantity
    index: Index

    @property
    def value(self) -> float:
        """The number itself."""
        return float(self.quantity.array[self.index])

    @property
    def unit(self) -> Index:
        """The index without the example."""
        return self.index[:-1] if self.quantity.has_examples else self.index

    @property
    def example(self) -> int | None:
        """Which example, from 0; None for a parameter."""
        return self.index[-1] if self.quantity.has_examples else None

    @property
    def part(self) -> Part:
        """The part that makes the value of this slot."""
        part = self.walk.part_at(self.quantity.slot)
        assert part is not None  # every quantity with a slot is a part's output
        return part

    @property
    def name(self) -> str:
        """The symbol with its indices: z_3^[2](5)."""
        return symbol(_small(self.quantity), self.quantity.level, self._told(), self.example)

    def name_of(
        self, slot: int, unit: Sequence[Label], example: Label | None, derivative: bool = False
    ) -> str:
        """The symbol of a number that stands in a slot of the network, or of its derivative."""
        for each in self.walk.quantities.values():
            if each.slot == slot and (each.role is Role.DERIVATIVE) == derivative:
                return symbol(_small(each), each.level, unit, example)
        return symbol("x", 0, unit, example)

    def parameter(self, name: str) -> Array:
        """A parameter of the same layer, before the step."""
        return self.walk.before(f"{self.quantity.node}.{name}")

    def _told(self) -> Index:
        shape = self.quantity.array.shape
        return self.unit if self.quantity.has_examples else told(self.index, shape)


def told(index: Index, shape: tuple[int, ...]) -> Index:
    """The indices that say something: a column (n, 1) such as b needs no second one."""
    while len(index) > 1 and shape[len(index) - 1] == 1:
        index = index[:-1]
    return index


def _small(quantity: Quantity) -> str:
    """The name of one number of an array: z of Z, dz of dZ; W, b and Greek letters stay."""
    name = quantity.symbol
    if not quantity.has_examples:
        return _SLOT.sub(r"\1<sub>\2</sub>", name)
    head, letter = ("d", name[1:]) if quantity.role is Role.DERIVATIVE else ("", name)
    return head + letter.lower()
