"""Losses of single examples, which the check subtracts before it averages."""

import numpy as np
import pytest

from engine.losses import (
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    ErrorFunction,
)


@pytest.mark.parametrize(
    "loss",
    [BinaryCrossEntropy(), CategoricalCrossEntropy()]
    + [member() for member in ErrorFunction.registry.values()],
    ids=lambda loss: loss.title,
)
def test_the_value_is_the_sum_of_the_examples_and_targets_are_shared_among_groups(loss):
    rng = np.random.default_rng(0)
    z, y = 5 * rng.normal(size=(3, 4, 10)), np.eye(3)[:, rng.integers(0, 3, 10)]
    values = loss.values(z, y[:, None])
    assert values.shape == (4, 10)
    for group in range(4):
        assert values[group] == pytest.approx(loss.values(z[:, group], y))
        assert values[group].sum() == pytest.approx(loss.value(z[:, group], y))


def test_binary_cross_entropy_stays_exact_at_both_ends():
    losses = BinaryCrossEntropy().values(
        np.array([[40.0, 40.0, -1e4, 0.0]]), np.array([[1.0, 0, 1, 1]])
    )
    assert losses == pytest.approx([np.exp(-40), 40, 1e4, np.log(2)], rel=1e-14)


def test_categorical_cross_entropy_stays_exact_at_both_ends():
    z = np.array([[40.0, -1e4, 0.0], [0.0, 1e4, 0.0], [-1.0, 0.0, 0.0]])
    y = np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    losses = CategoricalCrossEntropy().values(z, y)
    assert losses == pytest.approx([np.exp(-40) + np.exp(-41), 2e4, np.log(3)], rel=1e-14)


def test_missing_labels_have_no_loss():
    z, y = np.zeros((2, 2)), np.array([[np.nan, 1.0], [np.nan, np.nan]])
    assert BinaryCrossEntropy().values(z, y) == pytest.approx([0, np.log(2)])
