"""The plain recurrent layer."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from engine.activations import ActivationFunction, Tanh
from engine.constants import number
from engine.errors import DesignError
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
    mean_over_examples,
)
from engine.layers.explained_rnn import ExplainedRNN
from engine.layers.kinds import kind_of, shape_in_words
from engine.layers.masks import mask_at
from engine.layers.mode import Mode
from engine.layers.ports import Ports
from engine.layers.trainable import WeightedLayer
from engine.spec import setting


class RNN(WeightedLayer):
    """A state that every step changes: a<t> = tanh(Wa [a<t-1>, x<t>] + ba).

    Shapes: x (n_x, T, m) -> out, all states (n, T, m), and last, a<T> (n, m); Wa (n, n + n_x),
    ba (n, 1), n = units. a0 (n, m) is the state before the first step, 0 without a wire. Past the
    end of a padded sequence the state stays as it is, so last is that of the last real step.
    Backward, from the last step to the first, with da<t> from out, last and the step after:
    dz<t> = da<t> (1 - a<t>²), dWa = 1/m sum of dz<t> [a<t-1>, x<t>]^T, dba = 1/m sum of dz<t>,
    [da<t-1>, dx<t>] = Wa^T dz<t>.
    Example: RNN(units=5) on 3 features has 5 (5 + 3) + 5 = 45 parameters; fan-in is n + n_x.
    Source: course 5, week 1; Elman (1990). PyTorch and Keras keep Waa and Wax apart; PyTorch has
    two biases, of which only the sum counts.
    """

    title = "RNN"
    category = "sequences"
    formula = "A⟨t⟩ = tanh(Wa [A⟨t−1⟩, X⟨t⟩] + ba)"
    latex = (
        r"\size{out}{A^{\langle t \rangle}} = \tanh(\size{Wa}{W_a} \: [A^{\langle t-1 \rangle}, "
        r"\size{in}{X^{\langle t \rangle}}] + \size{ba}{b_a})"
    )
    inputs = Ports(("in", "a0"), optional=("a0",))
    outputs = Ports(("out", "last"))
    units: int = setting(
        16,
        title="Units",
        help=("Number of units n, the size of the state."),
        face="{}",
        ge=1,
        le=MAX_UNITS,
    )

    weights: ClassVar[tuple[str, ...]] = ("Wa",)

    @property
    def nonlinearity(self) -> ActivationFunction | None:
        return Tanh()

    @property
    def backward_formula(self) -> str:
        return "Waᵀ dZ, with dZ⟨t⟩ = dA⟨t⟩ ⊙ (1 − A⟨t⟩²)"

    @property
    def gradient_formulas(self) -> tuple[str, ...]:
        return "dWa = 1/m Σ_t dZ⟨t⟩ [A⟨t−1⟩, X⟨t⟩]ᵀ", "dba = 1/m Σ_t Σ dZ⟨t⟩"

    def output_shapes(self, *inputs: Shape) -> tuple[Shape, ...]:
        sequence, start = inputs
        if kind_of(sequence) != "sequence":
            raise DesignError(
                f"the input must be a sequence; got {shape_in_words(sequence)}.",
                hint="Give the Input a shape of features × steps.",
            )
        if start is not None and start != (self.units,):
            raise DesignError(
                f"a0 must be a vector of {self.units}, as long as the state; got "
                f"{shape_in_words(start)}.",
                hint="Give the layer it comes from the same number of units.",
            )
        return (self.units, sequence[1]), (self.units,)

    def parameter_shapes(self, *inputs: Shape) -> dict[str, Shape]:
        return {"Wa": (self.units, self.units + inputs[0][0]), "ba": (self.units, 1)}

    def multiply_adds(self, *inputs: Shape) -> int:
        return inputs[0][1] * math.prod(self.parameter_shapes(*inputs)["Wa"])

    def largest_product(self, *inputs: Shape) -> int:
        """Wax X of all steps at once, or Waa a of one step."""
        features, steps = inputs[0]
        return self.units * max(features * steps, self.units)

    def initialize(
        self, rng: np.random.Generator, *inputs: Shape
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        shapes = self.parameter_shapes(*inputs)
        Wa = self.weight_initializer().sample(rng, shapes["Wa"], *self.fans(*inputs), "float64")
        return {"Wa": Wa, "ba": np.zeros(shapes["ba"])}, {}

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Any, Cache]:
        (x, start), mask = xs, mask_at(mode.masks, 0)
        _, steps, m = x.shape
        Waa, Wax = np.split(params["Wa"], [self.units], axis=1)
        out = Wax.dot(x.reshape(len(x), -1)).reshape(self.units, steps, m)
        out += params["ba"][..., None]
        a = np.zeros((self.units, m), x.dtype) if start is None else start
        for t in range(steps):
            z = Waa.dot(a)
            z += out[:, t]
            np.tanh(z, out=z)
            a = z if mask is None else np.where(mask[t], z, a)
            out[:, t] = a
        return (out, out[:, -1].copy()), (x, start, out, mask)

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Any, *, need_dx: bool = True
    ) -> tuple[Any, ...]:
        x, start, out, mask = cache
        dout, da = dy
        Waa, Wax = np.split(params["Wa"], [self.units], axis=1)
        da = np.zeros_like(out[:, 0]) if da is None else da
        dz = np.empty_like(out)
        for t in reversed(range(x.shape[1])):
            if dout is not None:
                da = da + dout[:, t]
            slope = 1 - np.square(out[:, t])
            if mask is None:
                np.multiply(da, slope, out=dz[:, t])
                da = Waa.T.dot(dz[:, t])
            else:  # a state that is held hands its derivative on
                np.multiply(da, slope * mask[t], out=dz[:, t])
                da = np.where(mask[t], Waa.T.dot(dz[:, t]), da)
        self._write_gradients(grads, x, before(out, start), dz)
        if not need_dx:
            return ()
        dx = Wax.T.dot(dz.reshape(self.units, -1)).reshape(x.shape)
        return dx, None if start is None else da

    def _write_gradients(self, grads: Params, x: Array, previous: Array, dz: Array) -> None:
        rows = dz.reshape(self.units, -1)  # (n, T m)
        dWaa, dWax = np.split(grads["Wa"], [self.units], axis=1)
        dWaa[...] = rows.dot(previous.reshape(self.units, -1).T)
        dWax[...] = rows.dot(x.reshape(len(x), -1).T)
        grads["Wa"][...] *= number(1 / x.shape[-1], x.dtype)
        mean_over_examples(dz, grads["ba"])

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        """Intermediates, each (n, T, m): "dz", the "slope" 1 - a², and "da", with all that comes
        from later steps."""
        return ExplainedRNN(passed, cell).explanation() or super().explain(passed, cell)


def before(out: Array, start: Array | None) -> Array:
    """The state before each step, (n, T, m), from those after each; start: a0, or None for 0."""
    first = np.zeros_like(out[:, :1]) if start is None else start[:, None]
    return np.concatenate([first, out[:, :-1]], axis=1)
