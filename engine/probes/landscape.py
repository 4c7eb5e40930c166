"""Landscape: J over the two weights of one unit, and the way that gradient descent takes on it.

The lectures' picture of why inputs are normalized: features of different size make a long valley,
in which steps must be small and zigzag; normalized ones make a round bowl.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.errors import DataError
from engine.layers.dense import Linear
from engine.layers.mode import TRAINING
from engine.losses import SquaredError

Array = np.ndarray

GRID = 41
MOST_STEPS = 2_000
"""The way is given up after this many steps."""
ARRIVED = 0.01
"""It has arrived where J is this share of the first height above the lowest point."""
MARGIN = 1.1
"""The picture is so much larger than the contour through the start."""
SMALLEST_RATIO = 1e-12


class Landscape(NamedTuple):
    """w1, w2: (GRID,), the axes. J: (GRID, GRID), rows along w2. path: (n, 2), from the start on.

    lowest: (2,), where J is smallest. curvature: (2, 2), that of J everywhere. steps: until the
    path arrived, or None if MOST_STEPS were not enough. condition: largest over smallest
    curvature, 1 for a round bowl. alpha: the learning rate.
    """

    w1: Array
    w2: Array
    J: Array
    path: Array
    lowest: Array
    curvature: Array
    steps: int | None
    condition: float
    alpha: float

    def contour(self, height: float, points: int = 97) -> Array:
        """All w where J lies by `height` above its lowest value: an ellipse, (2, points)."""
        angle = np.linspace(0, 2 * np.pi, points)
        circle = np.sqrt(2 * height) * np.stack([np.cos(angle), np.sin(angle)])
        root = np.linalg.cholesky(self.curvature)
        return np.asarray(self.lowest[:, None] + np.linalg.solve(root.T, circle))


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
            "The two features are redundant, so J has no unique minimum.",
            hint="Choose two other features.",
        )
    lowest = np.linalg.solve(curvature, X @ y / X.shape[1])
    start = lowest + _first_step_away(curvature, y)
    alpha = rate * 2 / high
    path, steps = _descend(X, y, start, lowest, alpha)
    w1, w2 = (_axis(lowest[i], reach) for i, reach in enumerate(_reach(curvature, start - lowest)))
    J = _heights(X, y, w1, w2)
    return Landscape(w1, w2, J, path, lowest, curvature, steps, high / low, float(alpha))


def _first_step_away(curvature: Array, y: Array) -> Array:
    """From the lowest point to the start: along the valley and across it, equally high in both
    directions, and as high together as J is with all weights 0."""
    slopes, directions = np.linalg.eigh(curvature)
    height = max(0.5 * float(np.mean(y * y)), 1e-12)
    return np.asarray(directions @ np.sqrt(height / slopes))


def _cost(unit: Linear, W: Array, X: Array, y: Array) -> tuple[float, Array]:
    """J and dW of the unit, by the very layer and loss that networks are made of."""
    params = {"W": W[None, :], "b": np.zeros((1, 1))}
    grads = {"W": np.zeros((1, 2)), "b": np.zeros((1, 1))}
    z, cache = unit.forward(params, {}, X, mode=TRAINING)
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


def _reach(curvature: Array, away: Array) -> Array:
    """How far the contour through lowest + away reaches along either weight: (2,)."""
    return np.asarray(np.sqrt(away @ curvature @ away * np.diag(np.linalg.inv(curvature))))


def _axis(middle: float, reach: float) -> Array:
    return np.linspace(middle - MARGIN * reach, middle + MARGIN * reach, GRID)


def _heights(X: Array, y: Array, w1: Array, w2: Array) -> Array:
    """J on the grid, all points at once: z is (GRID^2, m)."""
    W = np.stack(np.meshgrid(w1, w2), axis=-1).reshape(-1, 2)
    quadratic = X @ X.T / X.shape[1]
    linear = X @ y / X.shape[1]
    J = 0.5 * np.einsum("ni,ij,nj->n", W, quadratic, W) - W @ linear + 0.5 * np.mean(y * y)
    return J.reshape(GRID, GRID)
