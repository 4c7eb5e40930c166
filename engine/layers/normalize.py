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
from engine.layers.kinds import kind_of
from engine.layers.masks import Mask
from engine.layers.mode import Mode


class Normalize(Layer):
    """Every feature gets mean 0 and variance 1: x := (x - mu) / sigma.

    mu and sigma are measured once, on the training set, when the network is made; dev and test set
    and every later example go through the same numbers. A constant feature has sigma 1. Both are
    saved with a trained model. Batch norm differs: it measures every mini-batch again, and learns.
    Shapes: any (*shape, m) -> the same, with mu and sigma of (*shape, 1); the steps of a sequence
    share those of their feature, (n, 1, 1), and padding does not count.
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
        (shape,) = inputs
        column = (shape[0], 1, 1) if kind_of(shape) == "sequence" else (*shape, 1)
        return {"mean": column, "scale": column}

    def initialize(
        self, rng: np.random.Generator, *inputs: Shape
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        column = self.state_shapes(*inputs)["mean"]
        return {}, {"mean": np.zeros(column), "scale": np.ones(column)}

    def measure(self, state: State, x: Array, mask: Mask | None = None) -> None:
        values = x.reshape(state["mean"].size, -1)  # (n, m) or (n, T m)
        measured = Normalization.of(values if mask is None else values[:, mask.ravel()])
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
        sizes = passed.state["mean"].shape
        column = tuple(at if size > 1 else 0 for at, size in zip(cell.index, sizes, strict=True))
        mean, scale = (float(passed.state[name][column]) for name in ("mean", "scale"))
        formulas = "x = (x − μ) / σ", "dx = dy / σ"
        found = elementwise(passed, cell, 1 / scale, formulas, -mean / scale)
        return found or super().explain(passed, cell)
