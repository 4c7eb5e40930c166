"""Heads: the outputs of a network, each with its task, its target and its weight in J."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.design import Design
from engine.layers import Output
from engine.losses import Loss, Task
from engine.network.layout import Layout

Array = np.ndarray


class Figures(NamedTuple):
    """What an evaluation finds. cost: a mean loss, without penalties: their share of J depends on
    the number of examples, so that the J of a large training set and that of a small dev set could
    not be compared. score: as the task counts it."""

    cost: float
    score: float


@dataclass(frozen=True)
class Head:
    """One output node. weight: of its mean loss in J.

    target: the name of its target; None for the first of the data. slot: of its logits Z, (units,
    m). data_rows: its rows in the Y of the data. rows: its rows in the Y that the losses see, which
    has those of all heads under each other.
    """

    node: str
    task: Task
    weight: float
    target: str | None
    slot: int
    units: int
    data_rows: slice
    rows: slice

    @property
    def loss(self) -> Loss:
        """What its mean in J is of."""
        return self.task.loss

    @property
    def question(self) -> tuple[str, str | None, str]:
        """What must stay the same in mid-run: node, target and kind of task."""
        return self.node, self.target, self.task.kind

    def losses(self, z: Array, y: Array) -> Array:
        """Each example's part of m J: (..., m). z: (units, ..., m); y: its rows as the loss sees
        them."""
        values = self.loss.values(z, y)
        return values if self.weight == 1 else self.weight * values

    def cost_and_gradient(self, z: Array, y: Array) -> tuple[float, Array]:
        """Its part of J, and the derivative of m J at its logits. z, dz: (units, m)."""
        total, dz = self.loss.value_and_gradient(z, y)
        if self.weight != 1:
            total, dz = self.weight * total, dz * z.dtype.type(self.weight)
        return total / z.shape[-1], dz

    def figures(self, z: Array, y: Array, p: Array, known: Array) -> Figures:
        """z, y: as above. p, known: predictions and targets in the units of the data."""
        return Figures(self.loss.value(z, y) / z.shape[-1], self.task.score(p, known))


def heads_of(
    design: Design, layout: Layout, slots: dict[str, int], units: dict[str, int]
) -> tuple[Head, ...]:
    """The heads of a design without blanks, in the order of its nodes; the first one is meant
    where nobody names one."""
    found, start = list[Head](), 0
    for node, layer in design.nodes.items():
        if not isinstance(layer, Output):
            continue
        data_rows = layout.targets[node]
        rows = slice(start, start + data_rows.stop - data_rows.start)
        start = rows.stop
        task, target = layer.task, layer.target
        found.append(
            Head(node, task, layer.weight, target, slots[node], units[node], data_rows, rows)
        )
    return tuple(found)
