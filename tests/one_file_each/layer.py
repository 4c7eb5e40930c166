"""A layer in one file."""

from __future__ import annotations

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
from engine.layers.explanation import elementwise
from engine.layers.mode import Mode
from engine.spec import setting


class Scale(Layer):
    """Every value times the same number: A = c X. Source: a test."""

    category = "core"
    formula = "A = c X"
    latex = r"\size{out}{A} = c \, \size{in}{X}"
    factor: float = setting(2.0, title="Factor c", help="What every value is multiplied by.", gt=0)

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0]

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        return xs[0] * xs[0].dtype.type(self.factor), None

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        return (dy * dy.dtype.type(self.factor),)

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        found = elementwise(passed, cell, self.factor, ("a = c x", "dx = c da"))
        return found or super().explain(passed, cell)
