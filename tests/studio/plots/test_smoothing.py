"""Smoothing is the lectures' exponentially weighted average with bias correction."""

import numpy as np
import pytest

from engine.averages import exponentially_weighted_average
from studio.plots.smoothing import WINDOWS, beta_of, smoothed


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("shape", [(5_000,), (300, 3)])
def test_it_is_the_average_of_the_lectures(window, shape):
    values = np.random.default_rng(0).normal(size=shape)
    expected = exponentially_weighted_average(values, beta_of(window), bias_correction=True)
    np.testing.assert_allclose(smoothed(values, beta_of(window)), expected, rtol=1e-7, atol=1e-9)


def test_the_lectures_example():
    np.testing.assert_allclose(smoothed(np.array([40.0, 49.0]), 0.9), [40, 44.7368], rtol=1e-4)


def test_a_bucket_of_many_values_weighs_as_many():
    values = np.repeat([1.0, 3.0, 2.0], 4)
    averages = exponentially_weighted_average(values, 0.8, bias_correction=True)
    coarse = smoothed(np.array([1.0, 3.0, 2.0]), 0.8, step=4)
    np.testing.assert_allclose(coarse, averages[3::4])


def test_gaps_stay_gaps_and_carry_no_weight():
    averages = smoothed(np.array([2.0, np.nan, 2.0]), 0.5)
    np.testing.assert_allclose(averages, [2.0, np.nan, 2.0])


def test_the_slider_names_the_lectures_windows():
    assert beta_of(10) == pytest.approx(0.9)
    assert beta_of(1) == 0
