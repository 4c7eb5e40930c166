"""Normalization of the inputs, as a layer that one can see."""

from __future__ import annotations

import numpy as np

from engine.data.splitting.splits import Normalization
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


class Normalize(Layer):
    """Every feature gets mean 0 and variance 1: x := (x - mu) / sigma.

    mu and sigma are measured once, on the training set, when the network is made; dev and test set
    and every later example go through the same numbers. A constant feature has sigma 1. Both are
    saved with a trained model. Batch norm differs: it measures every mini-batch anew, and learns.
    Shapes: any (*shape, m) -> the same, with mu and sigma of (*shape, 1).
    Backward: dx = dy / sigma.
    Source: course 2, week 1, "Normalizing inputs"; Keras calls it Normalization and adapt.
    """

    title = "Normalize inputs"
    category = "normalization"
    formula = "x = (x − μ) / σ"
    latex = r"\size{out}{X} = \frac{X - \mu}{\sigma}"
    learns_from_data = True

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0]

    def state_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        return {"mean": (*inputs[0], 1), "scale": (*inputs[0], 1)}

    def initialize(
        self, rng: np.random.Generator, *inputs: Shape
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        column = (*inputs[0], 1)
        return {}, {"mean": np.zeros(column), "scale": np.ones(column)}

    def measure(self, state: State, x: Array) -> None:
        measured = Normalization.of(x.reshape(-1, x.shape[-1]))  # (n, m)
        for name in ("mean", "scale"):
            state[name][...] = getattr(measured, name).reshape(state[name].shape)

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        (x,) = xs
        y = x - state["mean"]
        y /= state["scale"]
        return y, state["scale"]

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        return (dy / cache,) if need_dx else ()

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        column = (*cell.index[:-1], 0)
        mean, scale = (float(passed.state[name][column]) for name in ("mean", "scale"))
        formulas = "x = (x − μ) / σ", "dx = dy / σ"
        found = elementwise(passed, cell, 1 / scale, formulas, -mean / scale)
        return found or super().explain(passed, cell)
