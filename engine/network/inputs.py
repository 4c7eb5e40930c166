"""The border of a network: arrays that come from outside are checked and converted here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.data.blocks import kept_targets
from engine.data.checks import check_weights
from engine.errors import DataError
from engine.layers import Shape
from engine.layers.kinds import has_steps
from engine.network.heads import stacked
from engine.network.layout import Layout

if TYPE_CHECKING:
    from engine.data import Dataset
    from engine.network.heads import Head
    from engine.network.network import Network

Array = np.ndarray


def check_data(network: Network, data: Dataset, name: str) -> None:
    """Raises DataError unless these data, such as the "dev" set, are what the network is for."""
    layout = network.layout
    if (data.n_x, data.Y.shape[0]) != (layout.n_x, layout.n_y):
        raise DataError(
            f"The {name} set has {data.n_x} features and {data.n_y} targets; the network takes "
            f"{network.n_x} and gives {network.n_y}."
        )
    if not layout.has_places_of(Layout.of(network.design, data.fit)):
        raise DataError(
            f"The blocks of the {name} set lie in other rows than those of the network.",
            hint="Build the network with these data: Network(design, data=data).",
        )
    for head in network.heads:
        asked, task = head.task.targets.kind, data.fit.target(head.target).task
        if task != asked:
            raise DataError(f"The data are for the task '{task}', not '{asked}'.")


def checked_inputs(network: Network, X: Any) -> Array:
    """X as (n_x, m) or (*shape, m) in the network's dtype. Raises DataError.

    X: an array, or one for each input node by its name, each (*shape, m) or (rows, m). A sequence
    as (*shape, m) may have fewer steps than declared.
    """
    X = _stacked(network, X) if isinstance(X, Mapping) else _numbers("X", X)
    shape = network.input_shape
    alone = len(network.layout.inputs) == 1
    if alone and X.ndim == len(shape) + 1 and X.shape[:-1] == tuple(shape):
        pass
    elif alone and _is_shorter(X, shape):
        _check_steps(network, X.shape[-2])
    elif X.ndim != 2 or X.shape[0] != network.n_x:
        raise DataError(
            f"X must have shape ({network.n_x}, m), one example per column; got {X.shape}.",
            hint=_transposed_hint(X, network.n_x),
        )
    if X.shape[-1] == 0:
        raise DataError("X has no examples.")
    converted = _converted(X, network.dtype)
    if not np.isfinite(converted).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(converted))[0])
        raise DataError(f"X must be finite in {network.dtype}; X{list(where)} is {X[where]}.")
    _check_blocks(network, converted)
    return converted


def _check_blocks(network: Network, X: Array) -> None:
    """Tokens and lengths are whole numbers within their limits. X that comes as (*shape, m) is the
    only block, without its lengths."""
    for block, rows in network.layout.checked_blocks:
        if X.ndim == 2 and len(X) == network.n_x:
            block.check(X[rows])
        else:
            block.check_values(X.reshape(-1, X.shape[-1]))


def _is_shorter(X: Array, shape: Shape) -> bool:
    """Whether it is (*shape, m) but for fewer steps."""
    return (
        has_steps(shape)
        and X.ndim == len(shape) + 1
        and X.shape[:-2] == shape[:-1]
        and 0 < X.shape[-2] < shape[-1]
    )


def _check_steps(network: Network, steps: int) -> None:
    if not network.plan.takes_fewer_steps:
        most = network.input_shape[-1]
        raise DataError(
            f"X has {steps} steps; this network takes exactly {most}, because it has weights for "
            "each of them.",
            hint=f"Pad X with zeros to {most} steps.",
        )


def checked_targets(network: Network, Y: Any, m: int, weights: Any = None) -> Array:
    """Y as the losses see it: head under head, scaled, in the network's dtype. Raises DataError.

    Y: all of the data's, (rows, m), or an array for each head by its node, or for a single head
    that alone: (n_y, m), where one-hot columns become labels. weights: of the examples, (m,).
    """
    found = [
        _head_targets(network, head, rows, m)
        for head, rows in zip(network.heads, _rows_of_heads(network, Y, m), strict=True)
    ]
    if weights is not None:
        weights = _numbers("The weights", weights)
        check_weights(weights, m)
    return stacked(network.heads, found, weights)


def _rows_of_heads(network: Network, Y: Any, m: int) -> list[Array]:
    if isinstance(Y, Mapping):
        return _of_heads(network, Y)
    Y = _numbers("Y", Y)
    if Y.ndim == 2 and len(network.heads) > 1:
        Y = kept_targets(Y, network.layout.fit.y_blocks)
    if Y.ndim == 2 and len(Y) == network.layout.n_y:
        return [Y[head.data_rows] for head in network.heads]
    if len(network.heads) == 1:
        return [Y]
    nodes = ", ".join(f"'{head.node}'" for head in network.heads)
    raise DataError(
        f"Y must have shape ({network.layout.n_y}, {m}), one example per column; got {Y.shape}.",
        hint=f"Or give a dictionary with an array for each of {nodes}.",
    )


def _of_heads(network: Network, arrays: Mapping[str, Any]) -> list[Array]:
    """The arrays in the order of the heads."""
    nodes = [head.node for head in network.heads]
    if set(arrays) != set(nodes):
        wanted, given = (", ".join(f"'{name}'" for name in names) for names in (nodes, arrays))
        raise DataError(f"Y needs an array for each of {wanted}; got {given or 'none'}.")
    return [_numbers(f"Y of '{node}'", arrays[node]) for node in nodes]


def _head_targets(network: Network, head: Head, Y: Array, m: int) -> Array:
    name = "Y" if len(network.heads) == 1 else f"Y of '{head.node}'"
    targets, given = head.task.targets, Y.shape
    if given[-1] == m:
        Y = targets.matrix(Y, head.units)
    if Y.ndim != 2 or Y.shape != (targets.rows(head.units), m):
        raise DataError(
            f"{name} must have shape ({head.units}, {m}), one example per column; got {given}.",
            hint=_transposed_hint(Y, head.units),
        )
    Y = network.scaled(head, _converted(Y, network.dtype))
    head.task.check_targets(Y, head.units)
    return Y


def _stacked(network: Network, arrays: Mapping[str, Any]) -> Array:
    """The arrays of the inputs as one X: (n_x, m)."""
    layout = network.layout
    for name in arrays:
        if name not in layout.inputs:
            known = ", ".join(f"'{known}'" for known in layout.inputs)
            raise DataError(f"There is no input '{name}'; the network has {known}.")
    found = {name: _numbers(f"X of '{name}'", array) for name, array in arrays.items()}
    counts = {array.shape[-1] for array in found.values()}
    if len(counts) > 1:
        told = " and ".join(map(str, sorted(counts)))
        raise DataError(f"All inputs must have the same number of examples; got {told}.")
    X = np.zeros((layout.n_x, counts.pop() if counts else 0))
    for name, rows in layout.inputs.items():
        if name not in found:
            raise DataError(f"X lacks the input '{name}'.")
        array, size = found[name], rows.stop - rows.start
        if array.size != size * X.shape[-1]:
            raise DataError(
                f"X of '{name}' must have {size} values for each example; got {array.shape}."
            )
        X[rows] = array.reshape(size, -1)  # (rows, m)
    return X


def _converted(values: Array, dtype: np.dtype[Any]) -> Array:
    with np.errstate(over="ignore"):  # what is too large becomes infinite, which is refused
        return values.astype(dtype, copy=False)


def _numbers(name: str, values: Any) -> Array:
    try:
        values = np.asarray(values)
    except ValueError:
        raise DataError(f"{name} must be an array; its rows have different lengths.") from None
    if values.dtype.kind not in "fiub":
        raise DataError(f"{name} must hold numbers; got the type {values.dtype}.")
    if values.ndim == 0:
        raise DataError(f"{name} must be an array with one example per column; got one number.")
    return values


def _transposed_hint(values: Array, rows: int) -> str:
    if values.ndim == 2 and values.shape[1] == rows:
        return "It looks transposed: examples are the last axis here, so pass its .T."
    return ""
