"""The bowl that J is over two weights, and the way down."""

import numpy as np
import pytest

from engine.data.splitting.splits import Normalization
from engine.errors import DataError
from engine.probes.landscape import landscape


@pytest.fixture
def raw():
    """Two features of very different size, and a target that depends on both."""
    rng = np.random.default_rng(0)
    X = np.stack([rng.normal(3, 1, 200), rng.normal(40, 15, 200)])
    return X, np.where(X[0] + X[1] / 15 > 5.7, 1.0, -1.0)


def test_heights_are_j_and_rows_follow_the_second_weight(raw):
    X, y = raw
    found = landscape(X, y)
    for row, column in ((0, 0), (5, 30), (40, 12)):
        z = found.w1[column] * X[0] + found.w2[row] * X[1]
        assert found.J[row, column] == pytest.approx(np.mean((z - y) ** 2) / 2)


def test_the_lowest_point_is_least_squares(raw):
    X, y = raw
    expected = np.linalg.lstsq(X.T, y, rcond=None)[0]
    assert landscape(X, y).lowest == pytest.approx(expected, rel=1e-8)


def test_normalized_inputs_make_a_rounder_bowl_and_a_shorter_way(raw):
    X, y = raw
    before, after = landscape(X, y), landscape(Normalization.of(X).apply(X), y)
    assert before.condition > 100
    assert after.condition < 3
    assert after.steps is not None
    assert before.steps is None or before.steps > 10 * after.steps


def test_a_contour_has_the_same_height_everywhere(raw):
    X, y = raw
    found = landscape(X, y)
    heights = np.mean((found.contour(0.2).T @ X - y) ** 2, axis=1) / 2
    assert heights == pytest.approx(np.mean((found.lowest @ X - y) ** 2) / 2 + 0.2)


def test_the_way_descends_by_the_learning_rate_from_step_to_step(raw):
    X, y = raw
    found = landscape(X, y, rate=0.5)
    w = found.path[0]
    gradient = X @ (w @ X - y) / X.shape[1]
    assert found.path[1] == pytest.approx(w - found.alpha * gradient)
    heights = np.mean((found.path @ X - y) ** 2, axis=1)
    assert (np.diff(heights) <= 0).all()


def test_the_start_is_inside_the_picture(raw):
    found = landscape(*raw)
    assert found.w1[0] < found.path[0, 0] < found.w1[-1]
    assert found.w2[0] < found.path[0, 1] < found.w2[-1]


def test_features_that_say_the_same_are_refused():
    x = np.arange(5.0)
    with pytest.raises(DataError, match="two other features"):
        landscape(np.stack([x, 2 * x]), x)
    with pytest.raises(DataError, match=r"\(2, m\)"):
        landscape(np.zeros((3, 5)), x)
