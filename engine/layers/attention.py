"""Attention: every query takes a mean of the values, weighted by how well their keys match it."""

from __future__ import annotations

import math

import numpy as np

from engine.constants import number
from engine.errors import DesignError
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
from engine.layers.explained_attention import ExplainedAttention
from engine.layers.kinds import kind_of, shape_in_words
from engine.layers.masks import Mask, joined
from engine.layers.mode import Mode
from engine.layers.ports import Ports
from engine.pytorch_twin import PyTorchTwin


class DotProductAttention(Layer):
    """A = softmax(Q K^T / sqrt(d)) V, the scaled dot-product attention of the transformer.

    Shapes: query (d, T_q, m), key (d, T, m), value (d_v, T, m) -> (d_v, T_q, m); no parameters.
    score[t, q] = sum of key[:, t] query[:, q] / sqrt(d), alpha[t, q] = e^score / sum over t of
    e^score, a[:, q] = sum over t of alpha[t, q] value[:, t]. Keys and values that are padding get
    alpha 0; a query that is padding is padding in the output, too.
    Backward: dvalue = sum over q of alpha da; dalpha = sum of value da; dscore = alpha (dalpha -
    sum over t of alpha dalpha); dquery and dkey = sum of dscore key and dscore query / sqrt(d).
    Example: three wires from one sequence make self-attention. Source: Vaswani et al. (2017);
    course 5, week 4. PyTorch: `scaled_dot_product_attention`, with (m, T, d).
    """

    title = "Dot-product attention"
    short_title = "Attention"
    category = "sequences"
    formula = "A = softmax(Q Kᵀ / √d) V"
    latex = (
        r"\size{out}{A} = \operatorname{softmax}\left(\frac{\size{query}{Q} \: "
        r"\size{key}{K^T}}{\sqrt{d}}\right) \size{value}{V}"
    )
    inputs = Ports(("query", "key", "value"))

    @property
    def backward_formula(self) -> str:
        return "α dA for V, dS K / √d for Q, dS Q / √d for K"

    def pytorch_twin(self) -> PyTorchTwin | None:
        return PyTorchTwin("torch.nn.functional.scaled_dot_product_attention")

    def output_shape(self, *inputs: Shape) -> Shape:
        for name, shape in zip(self.inputs, inputs, strict=True):
            if kind_of(shape) != "sequence":
                raise DesignError(f"the {name} must be a sequence; got {shape_in_words(shape)}.")
        query, key, value = inputs
        if query[0] != key[0]:
            raise DesignError(
                f"query and key must have the same number of features; got {query[0]} and "
                f"{key[0]}.",
                hint="Add a Linear layer with that many units before one of them.",
            )
        if key[1] != value[1]:
            raise DesignError(
                f"key and value must have the same number of steps; got {key[1]} and {value[1]}.",
                hint="Take both from the same sequence.",
            )
        return (value[0], query[1])

    def multiply_adds(self, *inputs: Shape) -> int:
        query, key, value = inputs
        return query[1] * key[1] * (query[0] + value[0])

    def largest_product(self, *inputs: Shape) -> int:
        """None that grows with the batch: each example has products of its own."""
        return 0

    def kept_values(self, *inputs: Shape) -> int:
        """The weights beside the output."""
        query, key, value = inputs
        return query[1] * (value[0] + key[1])

    def mask(self, *masks: Mask | None) -> Mask | None:
        """That of the query."""
        return masks[0] if masks else None

    def forward(
        self,
        params: Params,
        state: State,
        *xs: Array,
        mode: Mode,
    ) -> tuple[Array, Cache]:
        real = joined(mode.masks[1:])
        query, key, value = map(_by_example, xs)
        alpha = query.transpose(0, 2, 1) @ key  # (m, T_q, T)
        alpha *= number(1 / math.sqrt(len(xs[0])), alpha.dtype)
        if real is not None:
            np.copyto(alpha, number(-math.inf, alpha.dtype), where=~real.T[:, None])
        alpha -= alpha.max(axis=2, keepdims=True)
        np.exp(alpha, out=alpha)
        alpha /= alpha.sum(axis=2, keepdims=True)
        return _examples_last(value @ alpha.transpose(0, 2, 1)), (xs, alpha, real)

    def backward(
        self, params: Params, grads: Params, cache: Cache, dy: Array, *, need_dx: bool = True
    ) -> tuple[Array, ...]:
        if not need_dx:
            return ()
        xs, alpha, _ = cache
        query, key, value = map(_by_example, xs)
        da = _by_example(dy)  # (m, d_v, T_q)
        dvalue = da @ alpha  # (m, d_v, T)
        dscore = da.transpose(0, 2, 1) @ value  # (m, T_q, T), dalpha so far
        dscore -= np.einsum("mqt,mqt->mq", dscore, alpha)[..., None]
        dscore *= alpha
        dscore *= number(1 / math.sqrt(len(xs[0])), alpha.dtype)
        dquery, dkey = key @ dscore.transpose(0, 2, 1), query @ dscore
        return tuple(map(_examples_last, (dquery, dkey, dvalue)))

    def explain(self, passed: Passed, cell: Cell) -> Explanation:
        """Intermediates, each (T, T_q, m): "score", "e", e^(score - max), "alpha", and their
        derivatives "dscore" and "dalpha"; and "share", 1 / Σ e, (1, T_q, m)."""
        return ExplainedAttention(passed, cell).explanation() or super().explain(passed, cell)


def _by_example(x: Array) -> Array:
    """(n, T, m) -> (m, n, T), which BLAS multiplies example by example."""
    return np.ascontiguousarray(x.transpose(2, 0, 1))


def _examples_last(x: Array) -> Array:
    """The inverse."""
    return np.ascontiguousarray(x.transpose(1, 2, 0))
