"""Fully connected layers: Linear is the affine map alone, Dense the layer of the lectures."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.activations import ActivationFunction, Relu
from engine.constants import number
from engine.layers.activation import Activation
from engine.layers.base import (
    MAX_UNITS,
    Array,
    Cache,
    Cell,
    Explanation,
    Layer,
    Params,
    Passed,
    Shape,
    State,
    WeightedLayer,
    mean_over_examples,
    vector_length,
)
from engine.layers.dropout import Dropout
from engine.layers.explanation import Terms
from engine.layers.mode import Mode
from engine.layers.normalization import BatchNorm
from engine.spec import setting


class Linear(WeightedLayer):
    """Affine map Z = W A + b.

    Shapes: A (n_in, m), W (n_out, n_in), b (n_out, 1), Z (n_out, m).
    Backward: dW = 1/m dZ A^T, db = 1/m sum of dZ over examples, dA = W^T dZ.
    Example: Linear(units=3) turns "4" into "3" with 3 * 4 + 3 = 15 parameters.
    Source: course 1, weeks 3 and 4.
    """

    category = "core"
    formula = "Z = W A + b"
    latex = r"\size{out}{Z} = \size{W}{W} \: \size{in}{A} + \size{b}{b}"
    units: int = setting(
        10, title="Units", help="Number of outputs n.", face="{}", ge=1, le=MAX_UNITS
    )
    bias: bool = setting(True, title="Bias", help="Whether b is added.")

    def formula_in_latex(self) -> str:
        return self.latex if self.bias else self.latex.removesuffix(r" + \size{b}{b}")

    def output_shape(self, *inputs: Shape) -> Shape:
        vector_length(inputs[0])
        return (self.units,)

    def parameter_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        shapes: dict[str, Shape] = {"W": (self.units, vector_length(inputs[0]))}
        return shapes | {"b": (self.units, 1)} if self.bias else shapes

    def multiply_adds(self, *inputs: Shape) -> int:
        return self.units * vector_length(inputs[0])

    def initialize(
        self, rng: np.random.Generator, *inputs: Shape
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        shapes = self.parameter_shapes(*inputs)
        n_out, n_in = shapes["W"]
        W = self.weight_initializer().sample(rng, (n_out, n_in), n_in, n_out, "float64")
        return {"W": W} | {name: np.zeros(shapes[name]) for name in shapes if name == "b"}, {}

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        (a,) = xs
        z = params["W"].dot(a)
        if self.bias:
            z += params["b"]
        return z, a

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        a, dz = cache, dy
        m = a.shape[-1]
        dW = dz.dot(a.T, grads["W"])  # (n_out, n_in)
        np.multiply(dW, number(1 / m, dW.dtype), dW)  # dW = 1/m dZ A^T
        if self.bias:
            mean_over_examples(dz, grads["b"])  # db = 1/m sum dZ
        return (params["W"].T.dot(dz),) if need_dx else ()

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        W, a, dz = passed["W"], passed["in"], passed.arrays.get("dout")
        units, inputs, examples = map(np.arange, (*W.shape, a.shape[1]))
        i, k = cell.index[0], cell.index[-1]
        if cell.array == "out":
            terms = [Terms((passed.factor("W", i, inputs), passed.factor("in", inputs, k)))]
            terms += [Terms((passed.factor("b", i, 0),))] if self.bias else []
            return Explanation(cell, "z = Σ W a + b" if self.bias else "z = Σ W a", tuple(terms))
        if cell.array == "dW" and dz is not None:
            factors = passed.factor("dout", i, examples), passed.factor("in", k, examples)
            return Explanation(cell, "dW = 1/m Σ dz a", (Terms(factors, 1 / passed.m),))
        if cell.array == "db" and dz is not None:
            terms = [Terms((passed.factor("dout", i, examples),), 1 / passed.m)]
            return Explanation(cell, "db = 1/m Σ dz", tuple(terms))
        if cell.array == "din" and dz is not None:
            factors = passed.factor("W", units, i), passed.factor("dout", units, k)
            return Explanation(cell, "da = Σ W dz", (Terms(factors),))
        return super().explain(passed, cell)


class Dense(WeightedLayer):
    """A layer of the lectures: Z = W A + b, batch norm, A = g(Z), inverted dropout.

    It expands into Linear, BatchNorm, Activation and Dropout; with batch norm there is no b,
    because beta takes its place.
    Shapes: (n_in, m) -> (units, m). Source: course 1, week 4; course 2, weeks 1 and 3.
    """

    category = "core"
    formula = "A = g(W A + b)"
    units: int = setting(
        64, title="Units", help="Number of units n.", face="{}", ge=1, le=MAX_UNITS
    )
    activation: ActivationFunction = setting(
        Relu(), title="Activation", help="The function g applied to Z.", face="{}"
    )
    batch_norm: bool | None = setting(
        None,
        title="Batch norm",
        help="Normalize Z over the mini-batch, then scale by γ and shift by β.",
        face="BN",
        inherits=True,
    )
    keep_prob: float | None = setting(
        None,
        title="Keep probability",
        help="Dropout keeps each unit with this probability while training; 1 keeps all.",
        face="keep {}",
        inherits=True,
        gt=0,
        le=1,
    )

    weights: ClassVar[tuple[str, ...]] = ("W",)

    def expand(self) -> tuple[Layer, ...]:
        parts: list[Layer] = [
            Linear(units=self.units, initializer=self.initializer, bias=not self.batch_norm)
        ]
        if self.batch_norm:
            parts.append(BatchNorm(trainable=self.trainable))
        parts.append(Activation(function=self.activation))
        if self.keep_prob is not None and self.keep_prob < 1:
            parts.append(Dropout(keep_prob=self.keep_prob))
        return tuple(parts)
