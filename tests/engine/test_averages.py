"""The exponentially weighted average: the lectures' numbers, its closed form, gaps, dtypes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.averages import exponentially_weighted_average


def test_the_lectures_first_temperatures():
    """Course 2, week 2: v_2 = 0.0196 * 40 + 0.02 * 49 for beta = 0.98, divided by 0.0396."""
    v = exponentially_weighted_average(np.array([40.0, 49.0]), beta=0.98)
    assert v == pytest.approx([40, (0.0196 * 40 + 0.02 * 49) / 0.0396], rel=1e-13)


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30),
    st.floats(0, 0.999),
)
def test_every_value_is_the_weighted_mean_of_the_closed_form(values, beta):
    v = exponentially_weighted_average(np.array(values), beta)
    for t in range(1, len(values) + 1):
        weights = beta ** np.arange(t - 1, -1, -1.0)
        mean = np.dot(weights, values[:t]) / weights.sum()
        assert v[t - 1] == pytest.approx(mean, rel=1e-9, abs=1e-9)


def test_beta_zero_gives_the_values_themselves():
    values = np.array([3.0, -1.0])
    np.testing.assert_array_equal(exponentially_weighted_average(values, 0), values)


def test_a_constant_stays_constant():
    v = exponentially_weighted_average(np.full(50, 7.0), 0.9)
    np.testing.assert_allclose(v, 7.0, rtol=1e-12)


def test_trailing_axes_are_averaged_each_for_itself():
    values = np.random.default_rng(0).standard_normal((6, 2, 3))
    v = exponentially_weighted_average(values, 0.8)
    assert v.shape == values.shape
    for i, j in np.ndindex(2, 3):
        alone = exponentially_weighted_average(values[:, i, j], 0.8)
        np.testing.assert_array_equal(v[:, i, j], alone)


def test_values_are_left_alone_and_averages_are_float64():
    values = np.array([1, 2, 3], "float32")
    assert exponentially_weighted_average(values, 0.9).dtype == "float64"
    np.testing.assert_array_equal(values, [1, 2, 3])


def test_no_values_give_no_averages():
    assert exponentially_weighted_average(np.zeros(0), 0.9).shape == (0,)


@pytest.mark.parametrize("window", [1, 2, 5, 10, 50, 200, 1_000])
@pytest.mark.parametrize("shape", [(5_000,), (300, 3)])
def test_averages_equal_the_lectures_loop(window, shape):
    beta = 1 - 1 / window
    values = np.random.default_rng(0).normal(size=shape)
    v, expected = np.zeros(shape[1:]), np.empty(shape)
    for t, value in enumerate(values, start=1):
        v = beta * v + (1 - beta) * value
        expected[t - 1] = v / (1 - beta**t)
    found = exponentially_weighted_average(values, beta)
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-9)


def test_a_value_that_stands_for_many_weighs_as_many():
    averages = exponentially_weighted_average(np.repeat([1.0, 3.0, 2.0], 4), 0.8)
    coarse = exponentially_weighted_average(np.array([1.0, 3.0, 2.0]), 0.8, step=4)
    np.testing.assert_allclose(coarse, averages[3::4])


def test_gaps_stay_gaps_and_carry_no_weight():
    averages = exponentially_weighted_average(np.array([2.0, np.nan, 2.0]), 0.5)
    np.testing.assert_allclose(averages, [2.0, np.nan, 2.0])
