"""A gradient that the caller passes in: for a network's parameters, flat or by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.network import Network
from engine.spec import did_you_mean

Array = np.ndarray


def write_gradient(network: Network, gradient: Any) -> None:
    """Put a caller's gradient in the place of the network's own, in float64.

    gradient: (P,) in theta's order, or a mapping from every parameter's name to an array of its
    shape; "dh1.W" counts as "h1.W". Raises DataError where it does not fit.
    """
    if isinstance(gradient, Mapping):
        given = named(gradient, {name: view.shape for name, view in network.parameters.items()})
        for name, values in given.items():
            network.gradients[name][...] = values
        return
    flat = as_numbers("The gradient", gradient)
    if flat.shape != network.gradient.shape:
        raise DataError(
            f"The gradient must have theta's shape {network.gradient.shape}; got {flat.shape}.",
            hint="Or pass a dictionary with an array for each name in network.parameters.",
        )
    network.gradient[...] = flat


def named(gradient: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    """The arrays by the names of the parameters, in their order. Raises DataError."""
    given = {_bare(name, shapes): values for name, values in gradient.items()}
    missing = [name for name in shapes if name not in given]
    if missing:
        raise DataError(f"The gradient of '{missing[0]}' is missing.")
    arrays = {name: as_numbers(f"The gradient of '{name}'", given[name]) for name in shapes}
    for name, values in arrays.items():
        if values.shape != shapes[name]:
            raise DataError(
                f"The gradient of '{name}' must have its shape {shapes[name]}; got {values.shape}."
            )
    return arrays


def as_numbers(what: str, values: Any) -> Array:
    """An array of float64. Raises DataError for what holds no numbers."""
    try:
        return np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise DataError(f"{what} must be an array of numbers; got {values!r:.80}.") from None


def _bare(name: str, shapes: Mapping[str, Any]) -> str:
    """The parameter that an entry is the gradient of: "W1" or "dW1" for "W1"."""
    bare = name if name in shapes else str(name).removeprefix("d")
    if bare not in shapes:
        hint = did_you_mean(bare, shapes) or f"There are: {', '.join(shapes)}."
        raise DataError(f"There is no parameter for the gradient '{name}'.", hint=hint)
    return bare
