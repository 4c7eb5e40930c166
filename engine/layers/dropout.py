"""Inverted dropout."""

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
from engine.layers.explanation import Factor, Terms
from engine.layers.masks import Masks
from engine.layers.mode import Mode
from engine.spec import setting


class Dropout(Layer):
    """Inverted dropout: D = rand < keep_prob; A = A * D / keep_prob, in training only.

    Dividing by keep_prob keeps the expected value of A, so that prediction needs no change.
    Shapes: any (*shape, m) -> the same. Example: Dropout(keep_prob=0.8) drops a fifth.
    Source: Srivastava et al. (2014); course 2, week 1. PyTorch and Keras give 1 - keep_prob.
    """

    category = "regularization"
    formula = "A = A ⊙ D / keep_prob"
    latex = r"\size{out}{A} = \frac{A \odot D}{\text{keep prob}}"
    draws_randomness = True
    keep_prob: float = setting(
        0.8,
        title="Keep probability",
        help="Probability of keeping each value while training; 1 keeps all.",
        face="keep {}",
        gt=0,
        le=1,
    )

    @property
    def backward_formula(self) -> str:
        return "dA ⊙ D / keep_prob"

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0]

    def kept_values(self, *inputs: Shape) -> int:
        """The mask beside the output; nothing where all is passed on."""
        return 2 * math.prod(inputs[0]) if self.keep_prob < 1 else 0

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        (a,) = xs
        if not mode.training or mode.rng is None or self.keep_prob == 1:
            return a, None
        draws = mode.rng.random(a.shape, dtype=np.float32)
        mask = (draws < self.keep_prob).astype(a.dtype)
        mask *= 1 / self.keep_prob
        return a * mask, mask

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        return (dy if cache is None else dy * cache,)

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        """Intermediate: "D", 1 for what is kept."""
        mask = passed.cache
        kept = None if mask is None else (mask != 0).astype("float64")
        if cell.array == "D" and kept is not None:
            return Explanation(cell, "D = rand < keep_prob", (Terms((), kept[cell.index]),))
        source = {"out": "in", "din": "dout"}.get(cell.array)
        if source is None:
            return super().explain(passed, cell)
        factors = [passed.factor(source, *cell.index)]
        factors += [] if kept is None else [Factor.of("D", kept, *cell.index)]
        formula = "a d / keep_prob" if cell.array == "out" else "da d / keep_prob"
        scale = 1.0 if kept is None else 1 / self.keep_prob
        return Explanation(cell, formula, (Terms(tuple(factors), scale),))

    @property
    def kept_share(self) -> float:
        return self.keep_prob

    @property
    def keeps_rows(self) -> bool:
        return True

    def kept(self, cache: Cache) -> Array | None:
        """D of a pass, from its cache: which values it kept; None where it kept all."""
        return None if cache is None else cache != 0

    def forward_groups(
        self,
        params: Params,
        state: State,
        cache: Cache,
        *xs: Array,
        groups: int,
        masks: Masks = (),
    ) -> tuple[Array, Cache]:
        """The mask that was drawn for the batch is held for every group."""
        (a,) = xs
        if cache is None:
            return a, None
        grouped = a.reshape(*a.shape[:-1], groups, -1)  # (*shape, groups, m)
        return (grouped * cache[..., None, :]).reshape(a.shape), None  # (*shape, groups * m)

    def forward_rows(
        self,
        params: Params,
        state: State,
        cache: Cache,
        rows: Array,
        x: Array,
        *,
        groups: int,
        masks: Masks = (),
    ) -> tuple[Array, Cache]:
        kept = None if cache is None else cache[rows]
        return self.forward_groups(params, state, kept, x, groups=groups, masks=masks)
