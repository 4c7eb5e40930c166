"""The activation layer: applies a function of engine.activations to each value."""

from __future__ import annotations

from engine.activations import ActivationFunction, Relu
from engine.layers.base import Array, Cache, Layer, Params, Shape, State
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

    def output_shape(self, *inputs: Shape) -> Shape:
        return inputs[0]

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
