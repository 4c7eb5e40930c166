"""What a data set's arrays must be; each failure is a DataError with row, column and value.

Rows and columns are counted from 0, as NumPy counts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.errors import DataError

Array: TypeAlias = npt.NDArray[Any]


def check_arrays(X: Array, Y: Array) -> None:
    """X: (n_x, m) of float32 or float64 and Y: (n_y, m) of numbers, with the same m, at least 1."""
    _check_matrix("X", "n_x", X)
    _check_matrix("Y", "n_y", Y)
    if X.dtype not in (np.float32, np.float64):
        hint = "Convert it with X.astype(np.float32)."
        raise DataError(f"X must be float32 or float64; got {X.dtype}.", hint=hint)
    if Y.dtype.kind not in "buif":
        raise DataError(f"Y must hold numbers; got {Y.dtype}.")
    if X.shape[1] != Y.shape[1]:
        transposed = X.shape[0] == Y.shape[1]
        hint = "X looks transposed: pass X.T." if transposed else "Examples are columns."
        raise DataError(f"X has {X.shape[1]} examples, but Y has {Y.shape[1]}.", hint=hint)


def check_features(X: Array, names: Sequence[str], gaps: bool = False) -> None:
    """Every value of X: (n_x, m) is finite, and each feature has a name.

    gaps: whether values may be missing, as NaN.
    """
    if len(names) != X.shape[0]:
        raise DataError(f"X has {X.shape[0]} features, but there are {len(names)} feature names.")
    found = _first(np.isinf(X) if gaps else ~np.isfinite(X))
    if found:
        row, column = found
        raise DataError(
            f"X holds {X[row, column]} in row {row} (feature '{names[row]}'),"
            f" column {column} (example {column}); every value must be finite.",
            hint="Remove the example, or fill the gap.",
        )


def check_shape(what: str, shape: tuple[int, ...], n_x: int) -> None:
    """A shape of one example has as many values as X has rows."""
    if not shape or min(shape) < 1 or int(np.prod(shape)) != n_x:
        raise DataError(f"{what} {shape} must hold {n_x} values, one for each row of X.")


def check_labels(labels: Array, classes: int) -> None:
    """labels: (m,) whole numbers from 0 to classes - 1, of at least two classes."""
    if labels.ndim != 1 or labels.dtype.kind not in "bui":
        raise DataError(
            f"Labels must be one row of whole numbers; got shape {labels.shape} of {labels.dtype}."
        )
    if classes < 2:
        raise DataError(f"A classification needs at least 2 classes; got {classes}.")
    wrong = np.flatnonzero((labels < 0) | (labels >= classes))
    if wrong.size:
        raise DataError(
            f"The label of example {wrong[0]} is {labels[wrong[0]]};"
            f" with {classes} classes, labels go from 0 to {classes - 1}."
        )


def check_weights(weights: Array, m: int) -> None:
    """weights: (m,), finite and 0 or more, and not all 0."""
    if weights.shape != (m,):
        raise DataError(f"Weights must be ({m},), one per example; got shape {weights.shape}.")
    if not (np.isfinite(weights) & (weights >= 0)).all() or not (weights > 0).any():
        raise DataError("Weights must be finite and 0 or more, and one of them above 0.")


def _check_matrix(name: str, rows: str, values: Array) -> None:
    if values.ndim != 2:
        hint = f"Make it two-dimensional with {name}.reshape(1, -1)." if values.ndim == 1 else ""
        raise DataError(f"{name} must be ({rows}, m); got shape {values.shape}.", hint=hint)
    if 0 in values.shape:
        raise DataError(
            f"{name} must have at least one row and one example; got shape {values.shape}."
        )


def _first(wrong: Array) -> tuple[int, int] | None:
    """Row and column of the first wrong entry, example by example."""
    if not wrong.any():
        return None
    column = int(np.argmax(wrong.any(axis=0)))
    return int(np.argmax(wrong[:, column])), column
