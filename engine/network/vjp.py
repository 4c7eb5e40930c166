"""vjp: one layer alone, its values and what pulls derivatives back through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np

from engine.errors import DataError
from engine.layers import Layer, Shape
from engine.layers.explanation import Passed
from engine.layers.kinds import MOST_TOKENS, Tokens, has_steps
from engine.layers.mode import EVALUATION, Mode
from engine.network.names import unique_name
from engine.network.parts import as_tuple
from engine.settings import TrainingSettings

Array = np.ndarray
Arrays = tuple[Array, ...]
Values = dict[str, Array]
Pull = Callable[[Mapping[str, Any]], tuple[Values, tuple[Array | None, ...]]]


def vjp(
    layer: Layer,
    params: Mapping[str, Any],
    *xs: Any,
    state: Mapping[str, Any] | None = None,
    mode: Mode | None = None,
) -> tuple[Values, Pull]:
    """The outputs of a layer by name, and `pull`, which takes derivatives by output.

    pull(dys) returns the derivatives of sum(dy * y) by the parameters, by name, and by the inputs,
    in the order of xs; None for tokens. They are sums over the examples: m times what the layer's
    backward writes. Missing dys count as zero. Everything is in float64.
    params: by name, {} for none. xs: (*shape, m) in the order of the ports; the last ones may be
    left out where they are optional, and None stands for one that has no wire. state: running
    statistics by name; None for those of the beginning. mode: None for evaluation.
    Raises DataError where something is missing, or does not fit.
    """
    chain = _Chain(layer, params, xs, state, mode or EVALUATION)
    return chain.values, chain.pull


def passed_of(
    layer: Layer,
    params: Mapping[str, Any],
    *xs: Any,
    dys: Mapping[str, Any] | None = None,
    state: Mapping[str, Any] | None = None,
    mode: Mode | None = None,
) -> Passed:
    """A pass of a primitive layer, forward and backward, for `Layer.explain`; see `vjp`."""
    chain = _Chain(layer, params, xs, state, mode or EVALUATION)
    (link,) = chain.links
    dxs = chain.backward(dys or {})
    return link.passed(dxs)


class _Link:
    """One primitive layer with its arrays."""

    def __init__(
        self, layer: Layer, params: Values, state: Values, xs: tuple[Array | None, ...], mode: Mode
    ) -> None:
        self.layer, self.params, self.state, self.xs = layer, params, state, xs
        self.grads = {name: np.zeros_like(value) for name, value in params.items()}
        self.mode = mode
        self.before = {name: value.copy() for name, value in state.items()}
        output, self.cache = layer.forward(params, state, *cast("Arrays", xs), mode=mode)
        self.ys = as_tuple(output)
        self.dys: tuple[Array | None, ...] = ()

    def backward(self, dys: tuple[Array | None, ...]) -> tuple[Array | None, ...]:
        self.dys = dys
        dy = dys[0] if len(dys) == 1 else dys
        return self.layer.backward(self.params, self.grads, self.cache, dy, need_dx=True)  # type: ignore[arg-type]

    def passed(self, dxs: tuple[Array | None, ...]) -> Passed:
        layer = self.layer
        names = layer.inputs.names[: len(self.xs)]
        pairs = [*zip(names, self.xs, strict=True), *zip(layer.outputs, self.ys, strict=True)]
        derivatives = [*zip(names, dxs, strict=False), *zip(layer.outputs, self.dys, strict=True)]
        arrays = {name: x for name, x in pairs if x is not None} | self.params
        arrays |= {f"d{name}": dx for name, dx in derivatives if dx is not None}
        arrays |= {f"d{name}": gradient for name, gradient in self.grads.items()}
        return Passed(arrays, self.params, self.before, self.cache, self.mode)


class _Chain:
    """The primitive parts of a layer, run one after the other."""

    def __init__(
        self,
        layer: Layer,
        params: Mapping[str, Any],
        xs: tuple[Any, ...],
        state: Mapping[str, Any] | None,
        mode: Mode,
    ) -> None:
        self.layer = layer.resolved(TrainingSettings())
        self.given = len(xs)
        arrays = _inputs(self.layer, xs)
        self.m = next(x.shape[-1] for x in arrays if x is not None)
        shapes = tuple(_shape(self.layer, x) for x in arrays)
        self.links: list[_Link] = []
        self.names: list[dict[str, str]] = []
        taken: set[str] = set()
        left, masks = dict(params), mode.masks
        for part in self.layer.expand():
            outputs = part.checked_shapes(*shapes)  # type: ignore[arg-type]
            wanted = part.parameter_shapes(*shapes)  # type: ignore[arg-type]
            names = {key: unique_name(key, taken) for key in wanted}
            values = {
                key: _parameter(self.layer, name, left.pop(name, None), wanted[key])
                for key, name in names.items()
            }
            made = _state(part, shapes, state)
            self.links.append(_Link(part, values, made, arrays, mode._replace(masks=masks)))
            self.names.append(names)
            mask = part.mask(*masks)
            masks = () if mask is None or not has_steps(outputs[0]) else (mask,)
            arrays, shapes = self.links[-1].ys, outputs
        if left:
            raise DataError(f"{self.layer.title} has no parameter '{next(iter(left))}'.")
        self.values = dict(zip(self.layer.outputs or ("out",), self.links[-1].ys, strict=True))

    def backward(self, dys: Mapping[str, Any]) -> tuple[Array | None, ...]:
        """The derivatives of the inputs; those of the parameters stay in the links."""
        for name in dys:
            if name not in self.values:
                known = ", ".join(self.values)
                raise DataError(f"{self.layer.title} has no output '{name}'; it has {known}.")
        flowing = tuple(_derivative(dys.get(name), y) for name, y in self.values.items())
        if all(dy is None for dy in flowing):
            flowing = (np.zeros_like(next(iter(self.values.values()))), *flowing[1:])
        for link in reversed(self.links):
            flowing = link.backward(flowing)
        return flowing

    def pull(self, dys: Mapping[str, Any]) -> tuple[Values, tuple[Array | None, ...]]:
        """See `vjp`."""
        dxs = self.backward(dys)
        dparams = {
            name: self.m * link.grads[key]
            for link, names in zip(self.links, self.names, strict=True)
            for key, name in names.items()
        }
        return dparams, (*dxs, *[None] * self.given)[: self.given]


def _inputs(layer: Layer, xs: tuple[Any, ...]) -> tuple[Array | None, ...]:
    """In float64, one for each port; merges take as many as there are."""
    arrays = tuple(None if x is None else np.array(x, "float64") for x in xs)
    if len(arrays) > len(layer.inputs):
        raise DataError(f"{layer.title} takes {len(layer.inputs)} inputs; got {len(arrays)}.")
    if not layer.inputs.merges:
        arrays += (None,) * (len(layer.inputs) - len(arrays))
    wired = [name for name, x in zip(layer.inputs, arrays, strict=False) if x is not None]
    missing = layer.inputs.missing(wired)
    if missing or len(wired) < layer.inputs.fewest or not wired:
        named = ", ".join(missing) or f"at least {layer.inputs.fewest}"
        raise DataError(f"{layer.title} lacks an input: {named}.")
    counts = {x.shape[-1] if x.ndim else 0 for x in arrays if x is not None}
    if len(counts) > 1:
        told = " and ".join(map(str, sorted(counts)))
        raise DataError(f"All inputs must have the same number of examples; got {told}.")
    return arrays


def _shape(layer: Layer, x: Array | None) -> Shape | None:
    if x is None:
        return None
    if layer.takes_tokens and x.ndim == 2:
        return Tokens(x.shape[0], MOST_TOKENS)
    return x.shape[:-1]


def _parameter(layer: Layer, name: str, value: Any, shape: Shape) -> Array:
    if value is None:
        raise DataError(f"{layer.title} lacks the parameter '{name}' of shape {shape}.")
    array = np.array(value, "float64")
    fits = array.shape == shape or (layer.takes_tokens and array.ndim == len(shape))
    if not fits:
        raise DataError(f"'{name}' must have the shape {shape}; got {array.shape}.")
    return array


def _state(
    part: Layer, shapes: tuple[Shape | None, ...], given: Mapping[str, Any] | None
) -> Values:
    wanted = part.state_shapes(*shapes)  # type: ignore[arg-type]
    if not wanted:
        return {}
    if given is None:
        return part.initialize(np.random.default_rng(0), *shapes)[1]  # type: ignore[arg-type]
    for name, shape in wanted.items():
        got = np.shape(given[name]) if name in given else "nothing"
        if got != shape:
            raise DataError(f"The state '{name}' must have the shape {shape}; got {got}.")
    return {name: np.array(given[name], "float64") for name in wanted}


def _derivative(dy: Any, y: Array) -> Array | None:
    if dy is None:
        return None
    dy = np.array(dy, "float64")
    if dy.shape != y.shape:
        raise DataError(f"dy must have the shape of its output, {y.shape}; got {dy.shape}.")
    return dy
