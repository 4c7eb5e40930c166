"""Fully connected layers: Linear is the affine map alone, Dense the layer of the lectures."""

from __future__ import annotations

import math
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
    feature_count,
    mean_over_examples,
)
from engine.layers.dropout import Dropout
from engine.layers.explanation import Terms
from engine.layers.mode import Mode
from engine.layers.normalization import BatchNorm
from engine.layers.trainable import WeightedLayer
from engine.spec import setting


class Linear(WeightedLayer):
    """Affine map Z = W A + b, with the same W and b for every step of a sequence.

    Shapes: A (n_in, m), W (n_out, n_in), b (n_out, 1), Z (n_out, m); a sequence is (n_in, T, m) and
    becomes (n_out, T, m).
    Backward: dW = 1/m dZ A^T, db = 1/m sum of dZ over examples (and steps), dA = W^T dZ.
    Example: Linear(units=3) turns "4" into "3" with 3 * 4 + 3 = 15 parameters.
    Source: course 1, weeks 3 and 4.
    """

    category = "core"
    formula = "Z = W A + b"
    latex = r"\size{out}{Z} = \size{W}{W} \: \size{in}{A} + \size{b}{b}"
    units: int = setting(
        10, title="Units", help="Number of outputs n.", face="{}", ge=1, le=MAX_UNITS
    )
    bias: bool = setting(True, title="Bias", help="Add a bias b.")

    def formula_in_latex(self) -> str:
        return self.latex if self.bias else self.latex.removesuffix(r" + \size{b}{b}")

    @property
    def backward_formula(self) -> str:
        return "Wᵀ dZ"

    @property
    def gradient_formulas(self) -> tuple[str, ...]:
        dW = "dW = 1/m dZ Aᵀ"
        return (dW, "db = 1/m Σ dZ") if self.bias else (dW,)

    def output_shape(self, *inputs: Shape) -> Shape:
        feature_count(inputs[0])
        return (self.units, *inputs[0][1:])

    def parameter_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        shapes: dict[str, Shape] = {"W": (self.units, feature_count(inputs[0]))}
        return shapes | {"b": (self.units, 1)} if self.bias else shapes

    def multiply_adds(self, *inputs: Shape) -> int:
        feature_count(inputs[0])
        return self.units * math.prod(inputs[0])

    def initialize(
        self, rng: np.random.Generator, *inputs: Shape
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        shapes = self.parameter_shapes(*inputs)
        W = self.weight_initializer().sample(rng, shapes["W"], *self.fans(*inputs), "float64")
        return {"W": W} | {name: np.zeros(shapes[name]) for name in shapes if name == "b"}, {}

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        (a,) = xs
        if a.ndim > 2:
            return self._over_steps(params, a), a
        z = params["W"].dot(a)
        if self.bias:
            z += params["b"]
        return z, a

    def _over_steps(self, params: Params, a: Array) -> Array:
        z = params["W"].dot(_columns(a)).reshape(-1, *a.shape[1:])  # (n_out, T, m)
        if self.bias:
            z += params["b"][..., None]
        return z

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        a, dz = cache, dy
        m = a.shape[-1]
        if a.ndim > 2:
            a, dz = _columns(a), _columns(dz)
        dW = dz.dot(a.T, grads["W"])  # (n_out, n_in)
        np.multiply(dW, number(1 / m, dW.dtype), dW)  # dW = 1/m dZ A^T
        if self.bias:
            mean_over_examples(dy, grads["b"])  # db = 1/m sum dZ
        if not need_dx:
            return ()
        da = params["W"].T.dot(dz)
        return (da if a is cache else da.reshape(cache.shape),)  # (n_in, T, m)

    def multiplicands(self, cache: Cache, name: str) -> Array | None:
        return cache if name == "W" else np.ones((1,) * cache.ndim, cache.dtype)

    def added_by_rows(self, params: Params, rows: Array, change: Array) -> Array | None:
        weights = params["W"][:, rows].reshape(-1, len(rows), *(1,) * (change.ndim - 1))
        return np.multiply(weights, change, order="C")  # (n_out, R, *shape[1:], ...)

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        W, a, dz = passed["W"], passed["in"], passed.arrays.get("dout")
        units, inputs = map(np.arange, W.shape)
        (i, *rest), m = cell.index, a.shape[-1]
        if cell.array == "out":
            terms = [Terms((passed.factor("W", i, inputs), passed.factor("in", inputs, *rest)))]
            terms += [Terms((passed.factor("b", i, 0),))] if self.bias else []
            return Explanation(cell, "z = Σ W a + b" if self.bias else "z = Σ W a", tuple(terms))
        places = np.indices(a.shape[1:]).reshape(a.ndim - 1, -1)  # of all steps and examples
        if cell.array == "dW" and dz is not None:
            factors = passed.factor("dout", i, *places), passed.factor("in", *rest, *places)
            return Explanation(cell, "dW = 1/m Σ dz a", (Terms(factors, 1 / m),))
        if cell.array == "db" and dz is not None:
            terms = [Terms((passed.factor("dout", i, *places),), 1 / m)]
            return Explanation(cell, "db = 1/m Σ dz", tuple(terms))
        if cell.array == "din" and dz is not None:
            factors = passed.factor("W", units, i), passed.factor("dout", units, *rest)
            return Explanation(cell, "da = Σ W dz", (Terms(factors),))
        return super().explain(passed, cell)


def _columns(x: Array) -> Array:
    """All steps of all examples side by side: (n, T, m) -> (n, T m)."""
    return x.reshape(len(x), -1)


class Dense(WeightedLayer):
    """A layer of the lectures: Z = W A + b, batch norm, A = g(Z), inverted dropout.

    It expands into Linear, BatchNorm, Activation and Dropout; with batch norm there is no b,
    because beta takes its place.
    Shapes: (n_in, m) -> (units, m), and a sequence step by step: (n_in, T, m) -> (units, T, m).
    Source: course 1, week 4; course 2, weeks 1 and 3.
    """

    category = "core"
    formula = "A = g(W A + b)"
    units: int = setting(
        64, title="Units", help="Number of units n.", face="{}", ge=1, le=MAX_UNITS
    )
    activation: ActivationFunction = setting(
        Relu(), title="Activation", help="Activation function g, applied to Z.", face="{}"
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
        help="Probability of keeping each unit while training; 1 keeps all.",
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
