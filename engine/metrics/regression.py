"""Mean squared error and R^2: how far predictions are from real targets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.metrics.decisions import Array, checked
from engine.targets import NumberTargets


def mean_squared_error(P: Array, Y: Array) -> float:
    """The mean squared distance of predictions from targets, over outputs and examples.

    MSE = (1 / (n_y m)) sum_ki (p_k(i) - y_k(i))^2

    Example: P = [[3, 1]], Y = [[1, 1]] gives 2. The squared-error loss has a factor 1/2 and sums
    over the outputs.

    Source: Gauss 1809; scikit-learn's `mean_squared_error`.
    """
    P, Y = checked(P, Y)
    known = _known(Y)
    return float(np.square(P - Y).mean(where=known)) if known.any() else 0.0


def r2(P: Array, Y: Array) -> float:
    """The share of the targets' variance that the predictions explain: 1 is best, 0 is the mean's.

    R^2 = 1 - sum_ki (p_k(i) - y_k(i))^2 / sum_ki (y_k(i) - mean_k)^2

    Several outputs are pooled: scikit-learn's `r2_score(multioutput="variance_weighted")`, whereas
    its default is the mean over the outputs. Targets without variance give 0.0.

    Example: P = [[1, 2, 4]], Y = [[1, 2, 3]] gives 1 - 1/2 = 0.5.

    Source: Wright 1921, "Correlation and causation".
    """
    P, Y = checked(P, Y)
    _known(Y)
    return NumberTargets().score(P, Y)


def _known(Y: Array) -> NDArray[np.bool_]:
    """Which targets are known: the others, NaN, are left out."""
    if np.isinf(Y).any():
        raise DataError("Y must be finite for regression, or NaN (unknown); it is infinite.")
    return ~np.isnan(Y)
