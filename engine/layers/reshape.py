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
from engine.layers.explanation import Terms, copied
from engine.layers.masks import mask_at, without_padding
from engine.layers.mode import Mode


class Flatten(Layer):
    """Every example becomes one vector: (C, H, W, m) -> (C H W, m), row by row.

    A vector stays as it is. Padding of a sequence becomes 0, whatever earlier layers made of it.
    Example: 1 × 28 × 28 becomes 784. Source: course 4, week 1.
    """

    category = "core"
    formula = "a = reshape(a, (n, m))"
    latex = r"\size{out}{A} = \operatorname{reshape}(\size{in}{A})"

    def output_shape(self, *inputs: Shape) -> Shape:
        return (math.prod(inputs[0]),)

    def kept_values(self, *inputs: Shape) -> int:
        """Nothing: it passes on what it was given."""
        return 0

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        (x,) = xs
        mask = mask_at(mode.masks, 0)
        y = without_padding(x, mask).reshape(-1, x.shape[-1])  # (n, m)
        return y, (x.shape, mask)

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        shape, mask = cache
        return (without_padding(dy.reshape(shape), mask),)  # (*shape, m)

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        shape, mask = passed["in"].shape[:-1], mask_at(passed.mode.masks, 0)
        if cell.array == "out":
            place = tuple(map(int, np.unravel_index(cell.index[0], shape)))
            source = Cell("in", (*place, cell.index[-1]))
            if mask is not None and not mask[source.index[1:]]:
                return Explanation(cell, "a = 0, for padding", (Terms((), 0.0),))
            return copied(passed, cell, source, "a = a")
        if cell.array == "din":
            if mask is not None and not mask[cell.index[1:]]:
                return Explanation(cell, "da = 0, for padding", (Terms((), 0.0),))
            row = int(np.ravel_multi_index(cell.index[:-1], shape))
            return copied(passed, cell, Cell("dout", (row, cell.index[-1])), "da = da")
        return super().explain(passed, cell)
