"""Heads: the outputs of a network, each with its task, its target and its weight in J."""

from __future__ import annotations

from collections.abc import Sequence
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
    has those of all heads under each other. There, a row of weights for each head follows where
    examples do not count alike, or have no known target and count as 0.
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

    def losses(self, z: Array, y: Array, weights: Array | None = None) -> Array:
        """Each example's part of m J: (..., m). z: (units, ..., m); y: its rows as the loss sees
        them. weights: (m,) of the examples; None where all count alike and are known."""
        values = self._weighted(z, y, weights)
        return values if self.weight == 1 else self.weight * values

    def _weighted(self, z: Array, y: Array, weights: Array | None) -> Array:
        values = self.loss.values(z, y)
        return values if weights is None else np.where(weights > 0, values, 0) * _shares(weights)

    def cost_and_gradient(
        self, z: Array, y: Array, weights: Array | None = None
    ) -> tuple[float, Array]:
        """Its part of J, and the derivative of m J at its logits. z, dz: (units, m)."""
        if weights is None:
            total, dz = self.loss.value_and_gradient(z, y)
        else:
            total, dz = self._of_weighted(z, y, weights)
        if self.weight != 1:
            total, dz = self.weight * total, dz * z.dtype.type(self.weight)
        return total / z.shape[-1], dz

    def _of_weighted(self, z: Array, y: Array, weights: Array) -> tuple[float, Array]:
        """The losses' weighted mean, m times, and its derivative: sum w L / sum w."""
        counts, dz = weights > 0, np.zeros_like(z)
        if not counts.any():
            return 0.0, dz
        shares, z, y = _shares(weights)[counts], z[..., counts], y[..., counts]
        dz[..., counts] = self.loss.gradient(z, y) * shares
        return float((self.loss.values(z, y) * shares).sum()), dz

    def figures(
        self, z: Array, y: Array, p: Array, known: Array, weights: Array | None = None
    ) -> Figures:
        """z, y: as above. p, known: predictions and targets in the units of the data."""
        if weights is None:
            total = self.loss.value(z, y)
        else:
            total = float(self._weighted(z, y, weights).sum())
        return Figures(total / z.shape[-1], self.task.score(p, known))


def weight_rows(heads: Sequence[Head]) -> int:
    """Rows of weights below the targets: one for each head, and a copy of the last one where Y
    would else have as many rows as the one-hot columns that a caller may hand in."""
    rows, columns = heads[-1].rows.stop + len(heads), sum(head.units for head in heads)
    return len(heads) + (rows == columns)


def stacked(heads: Sequence[Head], targets: Sequence[Array], weights: Array | None) -> Array:
    """Y as the losses see it, from the rows of each head; weights: (m,), None for all alike."""
    unknown = [np.isnan(y).all(axis=0) for y in targets]  # (m,) each
    if weights is None and not any(each.any() for each in unknown):
        return targets[0] if len(targets) == 1 else np.concatenate(targets)
    ones = np.ones(targets[0].shape[-1]) if weights is None else weights
    rows = [np.where(each, 0, ones) for each in unknown]
    rows += rows[-1:] * (weight_rows(heads) - len(rows))
    return np.concatenate([*targets, rows]).astype(targets[0].dtype)


def _shares(weights: Array) -> Array:
    """(m,) by what each loss is multiplied, 1 in the mean; all 0 where no example counts."""
    total = weights.sum()
    return weights * (weights.dtype.type(weights.size) / total) if total > 0 else weights


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
