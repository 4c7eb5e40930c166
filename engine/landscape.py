"""Landscape: J over the two weights of one unit, and the way that gradient descent takes on it.

The lectures' picture of why inputs are normalized: features of different size make a long valley,
in which steps must be small and zigzag; normalized ones make a round bowl.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.errors import DataError
from engine.layers.dense import Linear
from engine.losses import SquaredError

Array = np.ndarray

GRID = 41
MOST_STEPS = 2_000
"""The way is given up after so many steps."""
ARRIVED = 0.01
"""It has arrived where J is this share of the first height above the lowest point."""
SPREAD = 1.6
"""The picture reaches this far beyond the start, as seen from the lowest point."""
SMALLEST_RATIO = 1e-12


class Landscape(NamedTuple):
    """w1, w2: (GRID,), the axes. J: (GRID, GRID), rows along w2. path: (n, 2), from the start on.

    lowest: (2,), where J is smallest. steps: until it arrived, or None if MOST_STEPS were not
    enough. condition: largest over smallest curvature of J, 1 for a round bowl.
    """

    w1: Array
    w2: Array
    J: Array
    path: Array
    lowest: Array
    steps: int | None
    condition: float
    alpha: float


def landscape(X: Array, y: Array, rate: float = 0.9) -> Landscape:
    """The bowl of one linear unit z = w1 x1 + w2 x2 with squared error, and the descent into it.

    X: (2, m), two features. y: (m,), the target, any numbers. rate: the learning rate as a share
    of the largest with which gradient descent still converges, 2 / (largest curvature).
    J(w) = 1/2m ||w^T X - y||^2, so its curvature is X X^T / m. Raises DataError if X is not (2, m),
    or if a feature is always 0. Source: course 2, week 1, "Normalizing inputs".
    """
    X, y = np.asarray(X, np.float64), np.asarray(y, np.float64)
    if X.ndim != 2 or X.shape[0] != 2 or y.shape != X.shape[1:] or not X.shape[1]:
        raise DataError(f"A landscape needs X of (2, m) and y of (m,); got {X.shape}, {y.shape}.")
    curvature = X @ X.T / X.shape[1]  # (2, 2)
    low, high = np.linalg.eigvalsh(curvature)
    if low <= SMALLEST_RATIO * high:
        raise DataError(
            "The two features say the same, so that J has no lowest point.",
            hint="Choose two other features.",
        )
    lowest = np.linalg.solve(curvature, X @ y / X.shape[1])
    start = lowest + _reach(curvature, lowest, X, y)
    alpha = rate * 2 / high
    path, steps = _descend(X, y, start, lowest, alpha)
    w1, w2 = (_axis(lowest[i], start[i]) for i in (0, 1))
    return Landscape(w1, w2, _heights(X, y, w1, w2), path, lowest, steps, high / low, float(alpha))


def _reach(curvature: Array, lowest: Array, X: Array, y: Array) -> Array:
    """From the lowest point to the start: as far along either weight as doubles what J explains."""
    height = 0.5 * float(np.mean(y * y))
    return np.sqrt(2 * max(height, 1e-12) / np.diag(curvature)) * np.array([1.0, 0.7])


def _cost(unit: Linear, W: Array, X: Array, y: Array) -> tuple[float, Array]:
    """J and dW of the unit, by the very layer and loss that networks are made of."""
    params = {"W": W[None, :], "b": np.zeros((1, 1))}
    grads = {"W": np.zeros((1, 2)), "b": np.zeros((1, 1))}
    z, cache = unit.forward(params, {}, X, training=True, rng=None)
    total, dz = SquaredError().value_and_gradient(z, y[None, :])
    unit.backward(params, grads, cache, dz, need_dx=False)
    return total / X.shape[1], grads["W"][0]


def _descend(
    X: Array, y: Array, start: Array, lowest: Array, alpha: float
) -> tuple[Array, int | None]:
    unit = Linear(units=1)
    bottom, _ = _cost(unit, lowest, X, y)
    path, w = [start], start
    first = None
    for step in range(MOST_STEPS):
        J, dW = _cost(unit, w, X, y)
        first = J - bottom if first is None else first
        if J - bottom <= ARRIVED * first:
            return np.array(path), step
        w = w - alpha * dW
        path.append(w)
    return np.array(path), None


def _axis(middle: float, start: float) -> Array:
    reach = SPREAD * abs(start - middle)
    return np.linspace(middle - reach, middle + reach, GRID)


def _heights(X: Array, y: Array, w1: Array, w2: Array) -> Array:
    """J on the grid, all points at once: z is (GRID^2, m)."""
    W = np.stack(np.meshgrid(w1, w2), axis=-1).reshape(-1, 2)
    quadratic = X @ X.T / X.shape[1]
    linear = X @ y / X.shape[1]
    J = 0.5 * np.einsum("ni,ij,nj->n", W, quadratic, W) - W @ linear + 0.5 * np.mean(y * y)
    return J.reshape(GRID, GRID)
