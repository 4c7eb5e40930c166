"""L2 and L1 penalties on the weights of the layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.layers import Layer
from engine.network.parts import ParameterSlice

Array = np.ndarray


@dataclass(frozen=True)
class Penalty:
    """l2/(2m) ||W||_F^2 + l1/(2m) sum |W| for one weight array W and its gradient dW.

    m is the number of examples in the batch. Biases, gamma and beta are never penalized.
    Source: course 2, week 1.
    """

    W: Array
    dW: Array
    l2: float
    l1: float

    def value(self, m: int) -> float:
        """The penalty's share of J."""
        value = 0.0
        if self.l2:
            value += self.l2 / (2 * m) * float(np.vdot(self.W, self.W))
        if self.l1:
            value += self.l1 / (2 * m) * float(np.abs(self.W).sum())
        return value

    def add_gradient(self, m: int) -> float:
        """Add l2/m W + l1/(2m) sign(W) to dW, in place; returns the penalty's share of J."""
        if self.l2:
            self.dW[...] += self.l2 / m * self.W
        if self.l1:
            self.dW[...] += self.l1 / (2 * m) * np.sign(self.W)
        return self.value(m)


def penalties_of(
    specs: Mapping[str, Layer], slices: Iterable[ParameterSlice], theta: Array, gradient: Array
) -> list[Penalty]:
    """The penalties that are not zero, for resolved layers by node name."""
    weights: dict[str, list[ParameterSlice]] = {}
    for part in slices:
        if part.is_weight:
            weights.setdefault(part.node, []).append(part)
    found = []
    for node, layer in specs.items():
        l2, l1 = getattr(layer, "l2", 0.0) or 0.0, getattr(layer, "l1", 0.0) or 0.0
        for part in weights.get(node, ()) if l2 or l1 else ():
            found.append(Penalty(part.view(theta), part.view(gradient), l2, l1))
    return found
