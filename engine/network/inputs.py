"""The border of a network: arrays that come from outside are checked and converted here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import DataError
from engine.layers import Shape
from engine.layers.kinds import has_steps

if TYPE_CHECKING:
    from engine.data import Dataset
    from engine.network.network import Network

Array = np.ndarray


def check_data(network: Network, data: Dataset, name: str) -> None:
    """Raises DataError unless these data, such as the "dev" set, are what the network is for."""
    if (data.n_x, data.n_y) != (network.n_x, network.n_y):
        raise DataError(
            f"The {name} set has {data.n_x} features and {data.n_y} targets; the network takes "
            f"{network.n_x} and gives {network.n_y}."
        )
    asked = network.task.targets.kind
    if data.task != asked:
        raise DataError(f"The data are for the task '{data.task}', not '{asked}'.")


def checked_inputs(network: Network, X: Any) -> Array:
    """X as (n_x, m) or (*shape, m) in the network's dtype; a sequence in this form may have fewer
    steps than declared. Raises DataError."""
    X = _numbers("X", X)
    shape = network.input_shape
    if X.ndim == len(shape) + 1 and X.shape[:-1] == shape:
        pass
    elif _is_shorter(X, shape):
        _check_steps(network, X.shape[-2])
    elif X.ndim != 2 or X.shape[0] != network.n_x:
        raise DataError(
            f"X must have shape ({network.n_x}, m), one example per column; got {X.shape}.",
            hint=_transposed_hint(X, network.n_x),
        )
    if X.shape[-1] == 0:
        raise DataError("X has no examples.")
    if network.reads_lengths and X.ndim == 2 and X.shape[0] == network.n_x:
        _check_lengths(X[-1], shape[-1])
    converted = _converted(X, network.dtype)
    if not np.isfinite(converted).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(converted))[0])
        raise DataError(f"X must be finite in {network.dtype}; X{list(where)} is {X[where]}.")
    return converted


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


def _check_lengths(lengths: Array, most: int) -> None:
    wrong = (lengths < 1) | (lengths > most) | (lengths != np.floor(lengths))
    if wrong.any():
        example = int(np.argmax(wrong))
        raise DataError(
            f"The lengths in the last row of X must be whole numbers from 1 to {most}; example "
            f"{example} has {lengths[example]:g}."
        )


def checked_targets(network: Network, Y: Any, m: int) -> Array:
    """Y as (n_y, m) as the loss sees it, scaled and in the network's dtype; labels (m,) become
    one-hot. Raises DataError."""
    Y = _numbers("Y", Y)
    Y = network.task.targets.matrix(Y, network.n_y)
    if Y.ndim != 2 or Y.shape != (network.n_y, m):
        raise DataError(
            f"Y must have shape ({network.n_y}, {m}), one example per column; got {Y.shape}.",
            hint=_transposed_hint(Y, network.n_y),
        )
    Y = network.scaled(_converted(Y, network.dtype))
    network.task.check_targets(Y)
    return Y


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
