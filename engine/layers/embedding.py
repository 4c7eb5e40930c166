"""Embedding: tokens as vectors that are learned."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from engine.constants import number
from engine.errors import DataError, DesignError
from engine.layers.base import (
    MAX_UNITS,
    Array,
    Cache,
    Cell,
    Explanation,
    Params,
    Passed,
    Shape,
    State,
)
from engine.layers.explanation import Terms
from engine.layers.kinds import Tokens, shape_in_words
from engine.layers.masks import Mask, mask_at
from engine.layers.mode import Mode
from engine.layers.trainable import WeightedLayer
from engine.pytorch_twin import PyTorchTwin
from engine.spec import setting


class Embedding(WeightedLayer):
    """Each token becomes a vector: column j of E for token j, which is E times its one-hot vector.

    Shapes: tokens (T, m), whole numbers from 0 to V - 1 -> a sequence (units, T, m); E (units, V).
    V is the vocabulary of the tokens that come in. A step that is padding becomes 0.
    Backward: dE[:, j] = 1/m sum of dA over all steps that hold token j; tokens have no derivative.
    Each number of the output is a single weight, so fan-in is 1: Xavier draws with variance 1.
    Example: Embedding(units=300) on a vocabulary of 10,000 has 3,000,000 parameters.
    Source: course 5, week 2; Bengio et al. (2003). PyTorch and Keras keep E transposed, (V, units).
    """

    category = "sequences"
    formula = "A = E O"
    latex = r"\size{out}{A} = \size{E}{E} \: O \quad (O\text{: one-hot})"
    takes_tokens = True
    units: int = setting(
        16,
        title="Units",
        help="Size of each token's vector.",
        face="{}",
        ge=1,
        le=MAX_UNITS,
    )

    weights: ClassVar[tuple[str, ...]] = ("E",)

    @property
    def gradient_formulas(self) -> tuple[str, ...]:
        return ("dE = 1/m dA Oᵀ",)

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin("torch.nn.functional.embedding")

    def output_shape(self, *inputs: Shape) -> Shape:
        return (self.units, _tokens(inputs[0])[0])

    def parameter_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        return {"E": (self.units, _tokens(inputs[0]).vocabulary)}

    def kept_values(self, *inputs: Shape) -> int:
        """The tokens as whole numbers, of twice the size, beside the output."""
        return (self.units + 2) * inputs[0][0]

    def fans(self, *inputs: Shape) -> tuple[int, int]:
        """Each number of the output is a single weight."""
        return 1, self.units

    def initialize(
        self, rng: np.random.Generator, *inputs: Shape
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        shape = self.parameter_shapes(*inputs)["E"]
        fans = self.fans(*inputs)
        return {"E": self.weight_initializer().sample(rng, shape, *fans, "float64")}, {}

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        mask = mask_at(mode.masks, 0)
        E, tokens = params["E"], _whole(xs[0], mask, params["E"].shape[1])
        y = E.take(tokens.ravel(), axis=1).reshape(len(E), *tokens.shape)  # (units, T, m)
        if mask is not None:
            y *= mask
        return y, (tokens, mask)

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Any, ...]:
        tokens, mask = cache
        dE = grads["E"]
        dE[...] = 0
        rows = dy.reshape(len(dE), -1)  # (units, T m)
        if mask is not None:
            tokens, rows = tokens[mask], rows[:, mask.ravel()]
        order = np.argsort(tokens, axis=None, kind="stable")
        present, starts = np.unique(tokens.ravel()[order], return_index=True)
        dE[:, present] = np.add.reduceat(rows[:, order], starts, axis=1)
        dE *= number(1 / dy.shape[-1], dE.dtype)
        return (None,)

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        tokens, mask = passed.cache
        real = np.ones(tokens.shape, bool) if mask is None else mask
        row, *place = cell.index
        if cell.array == "out":
            if not real[tuple(place)]:
                return Explanation(cell, "a = 0, for padding", (Terms((), 0.0),))
            token = int(tokens[tuple(place)])
            term = Terms((passed.factor("E", row, token),))
            return Explanation(cell, f"a = E[:, j] of token j = {token}", (term,))
        if cell.array == "dE" and "dout" in passed:
            steps = np.nonzero(real & (tokens == place[0]))
            terms = Terms((passed.factor("dout", row, *steps),), 1 / passed.m)
            return Explanation(cell, "dE = 1/m Σ da of the steps with this token", (terms,))
        return super().explain(passed, cell)


def _tokens(shape: Shape) -> Tokens:
    if not isinstance(shape, Tokens):
        raise DesignError(
            f"the input must be tokens; got {shape_in_words(shape)}.",
            hint="Give the Input a vocabulary, and the number of steps as its shape.",
        )
    return shape


def _whole(x: Array, mask: Mask | None, vocabulary: int) -> Array:
    """Tokens (T, m) as whole numbers, 0 at padding. Raises DataError for those that E lacks."""
    known = (x >= 0) & (x < vocabulary) & (x == np.floor(x))
    wrong = ~known if mask is None else ~known & mask
    if wrong.any():
        step, example = map(int, np.argwhere(wrong)[0])
        raise DataError(
            f"tokens must be whole numbers from 0 to {vocabulary - 1}; step {step} of example "
            f"{example} is {x[step, example]:g}.",
            hint="Increase the vocabulary of the Input, or correct the data.",
        )
    return np.where(known, x, 0).astype(np.intp)
