"""Layers that join several inputs: the sum of a skip connection, and concatenation."""

from __future__ import annotations

import numpy as np

from engine.errors import DesignError
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
    shape_in_words,
)
from engine.layers.explanation import Terms, copied
from engine.layers.mode import Mode
from engine.layers.ports import Ports


class Add(Layer):
    """Sum of all inputs, as at the end of a residual block: a = a_1 + a_2 + ...

    Shapes: two or more equal (*shape, m) -> the same. Backward: each input receives dy.
    Source: He et al. (2016); course 4, week 2.
    """

    category = "merge"
    formula = "a = a₁ + a₂ + …"
    latex = r"\size{out}{A} = A_1 + A_2 + \cdots"
    inputs = Ports.numbered(2, 32)

    @property
    def backward_formula(self) -> str:
        return "dA of the sum"

    def output_shape(self, *inputs: Shape) -> Shape:
        if len(set(inputs)) > 1:
            sizes = " and ".join(shape_in_words(shape) for shape in inputs)
            raise DesignError(
                f"all inputs must have the same shape; got {sizes}.",
                hint="Give the layers before it the same number of units.",
            )
        return inputs[0]

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        total = xs[0] + xs[1]
        for x in xs[2:]:
            total += x
        return total, len(xs)

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        return (dy,) * cache

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        names = [name for name in self.inputs if name in passed]
        if cell.array == "out":
            terms = tuple(Terms((passed.factor(name, *cell.index),)) for name in names)
            return Explanation(cell, self.formula, terms)
        if cell.array.removeprefix("d") in names:
            return copied(passed, cell, Cell("dout", cell.index), "da = da of the sum")
        return super().explain(passed, cell)


class Concatenate(Layer):
    """Inputs stacked along the features (or channels), in the order of the input ports.

    Shapes: (n_1, ..., m), (n_2, ..., m) -> (n_1 + n_2, ..., m). Backward: dy is cut apart again.
    Source: Szegedy et al. (2015); course 4, week 2.
    """

    category = "merge"
    formula = "a = [a₁; a₂; …]"
    latex = r"\size{out}{A} = [\size{in}{A_1} \,; \size{in2}{A_2} \,; \ldots]"
    inputs = Ports.numbered(2, 32)

    def output_shape(self, *inputs: Shape) -> Shape:
        if len({shape[1:] for shape in inputs}) > 1:
            sizes = " and ".join(shape_in_words(shape) for shape in inputs)
            raise DesignError(
                f"inputs may differ only in their first size; got {sizes}.",
                hint="Flatten both, or give them equal height and width.",
            )
        return (sum(shape[0] for shape in inputs), *inputs[0][1:])

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        cuts = np.cumsum([x.shape[0] for x in xs])[:-1]
        return np.concatenate(xs, axis=0), cuts

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        return tuple(np.split(dy, cache, axis=0))

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        row, *rest = cell.index
        start = 0
        for name in (name for name in self.inputs if name in passed):
            stop = start + passed[name].shape[0]
            if cell.array == "out" and row < stop:
                return copied(passed, cell, Cell(name, (row - start, *rest)), f"a = {name}")
            if cell.array == f"d{name}":
                return copied(passed, cell, Cell("dout", (row + start, *rest)), "da = da")
            start = stop
        return super().explain(passed, cell)
