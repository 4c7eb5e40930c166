"""The exponentially weighted average: the lectures' numbers, its closed form, its refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.averages import average_of_known, exponentially_weighted_average
from engine.errors import DataError


def test_the_lectures_first_temperatures():
    """Course 2, week 2: v_1 = 0.02 * 40 and v_2 = 0.0196 * 40 + 0.02 * 49 for beta = 0.98."""
    v = exponentially_weighted_average([40, 49], beta=0.98)
    assert v == pytest.approx([0.8, 0.0196 * 40 + 0.02 * 49], rel=1e-14)


def test_bias_correction_lifts_the_first_values():
    v = exponentially_weighted_average([40, 49], beta=0.98, bias_correction=True)
    assert v == pytest.approx([40, (0.0196 * 40 + 0.02 * 49) / 0.0396], rel=1e-13)


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30),
    st.floats(0, 0.999),
)
def test_every_value_is_the_weighted_sum_of_the_closed_form(values, beta):
    v = exponentially_weighted_average(values, beta)
    for t in range(1, len(values) + 1):
        weights = (1 - beta) * beta ** np.arange(t - 1, -1, -1.0)
        assert v[t - 1] == pytest.approx(np.dot(weights, values[:t]), rel=1e-9, abs=1e-9)


def test_beta_zero_gives_the_values_themselves():
    np.testing.assert_array_equal(exponentially_weighted_average([3.0, -1.0], 0), [3.0, -1.0])


def test_a_constant_stays_constant_with_bias_correction():
    v = exponentially_weighted_average(np.full(50, 7.0), 0.9, bias_correction=True)
    np.testing.assert_allclose(v, 7.0, rtol=1e-12)


@pytest.mark.parametrize("bias_correction", [False, True])
def test_trailing_axes_are_averaged_each_for_itself(bias_correction):
    values = np.random.default_rng(0).standard_normal((6, 2, 3))
    v = exponentially_weighted_average(values, 0.8, bias_correction)
    assert v.shape == values.shape
    for i, j in np.ndindex(2, 3):
        alone = exponentially_weighted_average(values[:, i, j], 0.8, bias_correction)
        np.testing.assert_array_equal(v[:, i, j], alone)


@pytest.mark.parametrize("bias_correction", [False, True])
@pytest.mark.parametrize(
    ("dtype", "result"), [("float32", "float32"), ("float64", "float64"), ("int64", "float64")]
)
def test_floats_keep_their_dtype_and_whole_numbers_become_float64(dtype, result, bias_correction):
    values = np.array([1, 2, 3], dtype)
    assert exponentially_weighted_average(values, 0.9, bias_correction).dtype == result
    np.testing.assert_array_equal(values, [1, 2, 3])


def test_no_values_give_no_averages():
    assert exponentially_weighted_average([], 0.9, bias_correction=True).shape == (0,)


@pytest.mark.parametrize("beta", [-1e-9, 1.0, 1.5, np.nan, np.inf])
def test_a_beta_outside_its_limits_is_refused(beta):
    with pytest.raises(DataError, match="Beta must be at least 0 and below 1"):
        exponentially_weighted_average([1.0], beta)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_are_refused(bad):
    with pytest.raises(DataError, match="finite"):
        exponentially_weighted_average([1.0, bad], 0.9)


@pytest.mark.parametrize("bad", [["a", "b"], [True, False], 5.0])
def test_what_is_not_a_row_of_numbers_is_refused(bad):
    with pytest.raises(DataError, match="An average needs"):
        exponentially_weighted_average(bad, 0.9)


@pytest.mark.parametrize("window", [1, 2, 5, 10, 50, 200, 1_000])
@pytest.mark.parametrize("shape", [(5_000,), (300, 3)])
def test_both_averages_equal_the_lectures_loop(window, shape):
    beta = 1 - 1 / window
    values = np.random.default_rng(0).normal(size=shape)
    v, expected = np.zeros(shape[1:]), np.empty(shape)
    for t, value in enumerate(values):
        v = beta * v + (1 - beta) * value
        expected[t] = v
    found = exponentially_weighted_average(values, beta)
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-12)
    corrected = (expected.T / (1 - beta ** np.arange(1, len(values) + 1.0))).T
    found = exponentially_weighted_average(values, beta, bias_correction=True)
    np.testing.assert_allclose(found, corrected, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(average_of_known(values, beta), corrected, rtol=1e-7, atol=1e-9)


def test_a_value_that_stands_for_many_weighs_as_many():
    values = np.repeat([1.0, 3.0, 2.0], 4)
    averages = exponentially_weighted_average(values, 0.8, bias_correction=True)
    coarse = average_of_known(np.array([1.0, 3.0, 2.0]), 0.8, step=4)
    np.testing.assert_allclose(coarse, averages[3::4])


def test_gaps_stay_gaps_and_carry_no_weight():
    averages = average_of_known(np.array([2.0, np.nan, 2.0]), 0.5)
    np.testing.assert_allclose(averages, [2.0, np.nan, 2.0])
