"""The first and the last layer of a design."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from pydantic import model_validator

from engine.errors import DesignError, SpecError
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
    shape_text,
    vector_length,
)
from engine.layers.dense import Linear
from engine.layers.dropout import Dropout
from engine.layers.explanation import copied
from engine.layers.kinds import MOST_TOKENS, Tokens, has_steps, shape_in_words
from engine.layers.masks import Mask, mask_of_lengths
from engine.layers.mode import Mode
from engine.layers.ports import NO_PORTS
from engine.layers.scaled_linear import ScaledLinear
from engine.layers.trainable import WeightedLayer
from engine.losses import USUAL_TASK, Task
from engine.spec import setting

MAX_FEATURES = 10_000_000


class Input(Layer):
    """Where the examples enter: A[0] = X.

    shape is a vector's length, (784,), that of a sequence, (features, most steps), or that of an
    image, (channels, height, width); left empty it follows the data. Input(features=784) is short
    for Input(shape=(784,)). With a vocabulary, the steps (T,) are tokens. With lengths, X has one
    more row, the last, which holds how many steps of each sequence are real; the rest is padding.
    A declared T is the most: X may also come as (*shape, m) with fewer steps.
    A design may have several inputs, each with a block of its own of the data.
    With keep_prob below 1 the input itself has inverted dropout. Source: course 2, week 1.
    """

    category = "input"
    formula = "A⁰ = X"
    latex = r"\size{out}{A^{[0]}} = X"
    inputs = NO_PORTS
    shape: tuple[int, ...] | None = setting(
        None,
        title="Shape",
        help="Features of one example, features × steps, or channels × height × width; empty "
        "follows the data.",
        face="{}",
    )
    vocabulary: int | None = setting(
        None,
        title="Vocabulary",
        help="Number of different tokens; empty for numeric input, or to follow the data.",
        face="{} tokens",
        ge=1,
        le=MOST_TOKENS,
    )
    lengths: bool = setting(
        False,
        title="Lengths",
        help="The last row of X holds the number of steps of each sequence.",
        face="lengths",
    )
    block: str | None = setting(
        None,
        title="Data block",
        help="The part of each example that enters here; empty for the first.",
        face="{}",
    )
    keep_prob: float = setting(
        1.0,
        title="Keep probability",
        help="Probability of keeping each feature while training (dropout on the inputs).",
        gt=0,
        le=1,
    )

    @model_validator(mode="before")
    @classmethod
    def _features_to_shape(cls, values: Any) -> Any:
        if isinstance(values, dict) and "features" in values:
            features = values.pop("features")
            if isinstance(features, bool) or not isinstance(features, int):
                raise SpecError(
                    f"features must be a whole number of at least 1; got {features!r}.", "shape"
                )
            values["shape"] = (features,)
        shape = values.get("shape") if isinstance(values, dict) else None
        if isinstance(shape, tuple) and all(isinstance(size, int) for size in shape):
            _check_shape(shape)
        return values

    def face(self) -> list[str]:
        """Dropout on the input is worth showing only where there is any."""
        return super().face() + ([f"keep {self.keep_prob:g}"] if self.keep_prob < 1 else [])

    def expand(self) -> tuple[Layer, ...]:
        return (self, Dropout(keep_prob=self.keep_prob)) if self.keep_prob < 1 else (self,)

    def output_shape(self, *inputs: Shape) -> Shape:
        if self.shape is None:
            raise DesignError("the shape follows the data, and there are none yet.")
        shape = self._kind_of_shape(self.shape)
        if self.lengths and not has_steps(shape):
            raise DesignError(
                f"only sequences and tokens have lengths; got {shape_in_words(shape)}.",
                hint="Turn off the lengths, or give features × steps as the shape.",
            )
        return shape

    def _kind_of_shape(self, shape: Shape) -> Shape:
        if self.vocabulary is not None:
            if len(shape) != 1:
                raise DesignError(
                    f"tokens need one size, the most steps; got {shape_in_words(shape)}.",
                    hint="Clear the vocabulary, or give the number of steps as the shape.",
                )
            return Tokens(shape[0], self.vocabulary)
        return shape

    @property
    def reads_lengths(self) -> bool:
        return self.lengths

    def first_mask(self, x: Array) -> Mask | None:
        """None where x comes without its row of lengths: then every step is real."""
        if not self._has_lengths(x) or self.shape is None:
            return None
        return mask_of_lengths(x[-1], self.shape[-1])

    def _has_lengths(self, x: Array) -> bool:
        """Whether x is flat with a row more than the shape has numbers."""
        return self.lengths and self.shape is not None and len(x) > math.prod(self.shape)

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        (x,) = xs
        shape = self.shape
        if not self.lengths and (shape is None or len(shape) == x.ndim - 1):
            return x, None
        values = x[:-1] if self._has_lengths(x) else x
        if shape is None or (values is x and len(shape) == x.ndim - 1):
            return x, None
        return values.reshape(*shape, x.shape[-1]), x.shape  # (*shape, m)

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        if cache is None:
            return (dy,)
        flat = dy.reshape(-1, dy.shape[-1])  # (n_x, m), but for the row of lengths
        if len(flat) < cache[0]:
            return (np.concatenate([flat, np.zeros_like(flat[:1])]),)
        return (flat,)

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        """A pass of an input holds the data as "X"."""
        if cell.array != "out":
            return super().explain(passed, cell)
        index = cell.index
        if passed["X"].ndim != len(index):
            sizes = passed["out"].shape[:-1]
            index = (int(np.ravel_multi_index(index[:-1], sizes)), index[-1])
        return copied(passed, cell, Cell("X", index), self.formula)


class Output(WeightedLayer):
    """The trainable last layer: logits Z = W A + b; the task adds activation and loss.

    Example: task "binary" gives one sigmoid unit. Units follow the data unless given. Numbers are
    scaled by their training mean and spread unless the task says otherwise; predictions are in the
    units of the data. With several outputs, J is the weighted sum of their mean losses.
    Shapes: (n_in, m) -> (units, m). Source: course 1, week 2; course 2, week 3.
    """

    category = "output"
    formula = "Ŷ = g(W A + b)"
    latex = r"\size{out}{\hat{Y}} = g(Z)"
    outputs = NO_PORTS
    task: Task = setting(
        USUAL_TASK,
        title="Task",
        help=("Sets the output activation and the loss together."),
        face="{}",
    )
    target: str | None = setting(
        None,
        title="Target",
        help="The target in the data to learn; empty for the first.",
        face="{}",
    )
    weight: float = setting(
        1.0,
        title="Weight in J",
        help="What the mean loss of this output is multiplied by, where there are several outputs.",
        ge=0,
        le=1e6,
    )
    units: int | None = setting(
        None,
        title="Units",
        help="Outputs; empty follows the classes of the data.",
        face="{}",
        ge=1,
        le=MAX_UNITS,
    )

    weights: ClassVar[tuple[str, ...]] = ("W",)

    def face(self) -> list[str]:
        """The weight is worth showing only where it changes anything."""
        return super().face() + ([f"weight {self.weight:g}"] if self.weight != 1 else [])

    def formula_in_latex(self) -> str:
        return self.latex.replace("g(", rf"\operatorname{{{self.task.short_title}}}(")

    def checked_shapes(self, *inputs: Shape) -> tuple[Shape, ...]:
        """One answer for each example: a sequence must have become a vector."""
        vector_length(inputs[0])
        return super().checked_shapes(*inputs)

    def expand(self) -> tuple[Layer, ...]:
        units = self.task.units(self.units or 1)
        if self.units is None and self.task.units(2) != 1:
            raise DesignError(
                "the number of units follows the data, and there are none yet.",
                hint="Give the units, or choose data.",
            )
        affine = ScaledLinear if self.task.scales_targets else Linear
        return (affine(units=units, initializer=self.initializer),)


def _check_shape(shape: Shape) -> None:
    if len(shape) not in (1, 2, 3) or min(shape) < 1 or math.prod(shape) > MAX_FEATURES:
        raise SpecError(
            "shape must be one whole number, features × steps, or channels × height × width, of at "
            f"least 1 each and {MAX_FEATURES:,} in all; got {shape_text(shape) or 'nothing'}.",
            field="shape",
        )
