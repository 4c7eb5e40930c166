"""Layers that change the shape and no value."""

from __future__ import annotations

import math

import numpy as np

from engine.layers.base import (
    Array,
    Cache,
    Cell,
    Explanation,
    Layer,
    Params,
    Passed,
    Shape,
    State,
)
from engine.layers.explanation import copied
from engine.layers.mode import Mode


class Flatten(Layer):
    """Every example becomes one vector: (C, H, W, m) -> (C H W, m), row by row.

    A vector stays as it is. Example: 1 × 28 × 28 becomes 784. Source: course 4, week 1.
    """

    category = "core"
    formula = "a = reshape(a, (n, m))"
    latex = r"\size{out}{A} = \operatorname{reshape}(\size{in}{A})"

    def output_shape(self, *inputs: Shape) -> Shape:
        return (math.prod(inputs[0]),)

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        (x,) = xs
        return x.reshape(-1, x.shape[-1]), x.shape  # (n, m)

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        return (dy.reshape(cache),)  # (*shape, m)

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        shape = passed["in"].shape[:-1]
        if cell.array == "out":
            place = map(int, np.unravel_index(cell.index[0], shape))
            return copied(passed, cell, Cell("in", (*place, cell.index[-1])), "a = a")
        if cell.array == "din":
            row = int(np.ravel_multi_index(cell.index[:-1], shape))
            return copied(passed, cell, Cell("dout", (row, cell.index[-1])), "da = da")
        return super().explain(passed, cell)
