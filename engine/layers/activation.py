"""The activation layer: applies a function of engine.activations to each value."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.activations import ActivationFunction, LinearActivation, Relu
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
from engine.layers.explanation import Factor, Terms, repeated
from engine.layers.mode import Mode
from engine.spec import setting


class Activation(Layer):
    """A = g(Z), element by element (softmax: over the units of each example).

    Shapes: any (*shape, m) -> the same. Example: Activation(function="tanh").
    Source: course 1, week 3.
    """

    category = "core"
    formula = "A = g(Z)"
    latex = r"\size{out}{A} = g(Z)"
    function: ActivationFunction = setting(
        Relu(), title="Function", help="The activation function g.", face="{}"
    )

    def formula_in_latex(self) -> str:
        return self.latex.replace("g(Z)", self.function.latex or "g(Z)")

    @property
    def backward_formula(self) -> str:
        return "dA ⊙ g′(Z)"

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0]

    def kept_values(self, *inputs: Shape) -> int:
        """Nothing where all is passed on."""
        return 0 if isinstance(self.function, LinearActivation) else math.prod(inputs[0])

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        (z,) = xs
        a = self.function.forward(z)
        return a, (z, a)

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        z, a = cache
        return (self.function.backward(dy, z, a),) if need_dx else ()

    @property
    def nonlinearity(self) -> ActivationFunction | None:
        return self.function

    @property
    def keeps_rows(self) -> bool:
        return not self.function.couples_units

    def branches(self, cache: Cache) -> Array | None:
        return cache[0] > 0 if self.function.has_kink else None

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        """Intermediates: "slope", g'(z); of softmax "e", e^(z - max z), and "share", 1 / Σ e."""
        if self.function.couples_units:
            return self._explain_coupled(passed, cell)
        z = (Terms((passed.factor("in", *cell.index),)),) if "in" in passed else ()
        if cell.array == "out":
            return Explanation(cell, self.function.formula, z, self._value)
        if cell.array == "slope":
            return Explanation(cell, "g'(z)", z, self._slope)
        if cell.array == "din":
            slope = np.vectorize(self._slope)(passed["in"])
            factors = passed.factor("dout", *cell.index), Factor.of("slope", slope, *cell.index)
            return Explanation(cell, "dz = da g'(z)", (Terms(factors),))
        return super().explain(passed, cell)

    def _value(self, z: float) -> float:
        return float(self.function.forward(np.full((1, 1), z))[0, 0])

    def _slope(self, z: float) -> float:
        column = np.full((1, 1), z)
        a = self.function.forward(column)
        return float(self.function.backward(np.ones((1, 1)), column, a)[0, 0])

    def _explain_coupled(self, passed: Passed, cell: Cell) -> Explanation:
        """Softmax over the first axis."""
        z, (_, *rest) = passed["in"], cell.index
        units = np.arange(len(z))
        whole: tuple[Any, ...] = (slice(None), *rest)
        top = float(z[whole].max())
        e = np.exp(z - z.max(axis=0, keepdims=True))
        if cell.array == "out":
            share = Factor.of("share", 1 / e.sum(axis=0, keepdims=True), 0, *rest)
            terms = Terms((Factor.of("e", e, *cell.index), share))
            return Explanation(cell, "a_i = e^z_i / Σ_j e^z_j", (terms,))
        if cell.array == "e":
            terms = Terms((passed.factor("in", *cell.index),))
            return Explanation(cell, "e^(z_i − max z)", (terms, Terms((), -top)), math.exp)
        if cell.array == "share":
            summed = Terms((Factor.of("e", e, units, *rest),))
            return Explanation(cell, "1 / Σ_j e^(z_j − max z)", (summed,), lambda total: 1 / total)
        if cell.array == "din":
            own = passed.factor("out", *cell.index)
            each = passed.factor("out", units, *rest), passed.factor("dout", units, *rest)
            direct = Terms((own, passed.factor("dout", *cell.index)))
            mean = Terms((repeated(own, len(z)), *each), -1)
            return Explanation(cell, "dz_i = a_i (da_i − Σ_j da_j a_j)", (direct, mean))
        return super().explain(passed, cell)
