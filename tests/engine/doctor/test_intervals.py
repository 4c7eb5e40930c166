"""Intervals against hand-worked and published numbers, and against what they promise."""

import math

import numpy as np
import pytest

from engine.data.chance import wilson
from engine.doctor.intervals import of_difference, of_mean, student


@pytest.mark.parametrize(
    ("wrong", "m", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_newcombes_published_intervals(wrong, m, low, high):
    """Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I."""
    assert wilson(wrong / m, m) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 10), 0.6075, 1.0),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_a_difference_gives_newcombes_published_intervals(first, second, low, high):
    """Newcombe 1998, "Interval estimation for the difference...", table II, method 10."""
    shares = [(wrong / m, wilson(wrong / m, m)) for wrong, m in (first, second)]
    assert of_difference(*shares[0], *shares[1]) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("freedom", "quantile"), [(1, 12.706), (2, 4.303), (4, 2.776), (10, 2.228), (120, 1.980)]
)
def test_students_quantiles_are_those_of_the_tables(freedom, quantile):
    assert student(freedom) == pytest.approx(quantile, abs=1e-3)


def test_a_mean_has_its_interval_and_one_example_has_none():
    assert of_mean(10.0, 2.0, 5) == pytest.approx((10 - 2.483, 10 + 2.483), abs=1e-3)
    assert of_mean(0.1, 5.0, 5).low == 0.0
    assert of_mean(0.1, 0.0, 1) == (0.0, math.inf)


@pytest.mark.parametrize(("p", "m"), [(0.01, 200), (0.1, 50), (0.3, 1_000)])
def test_95_of_100_wilson_intervals_hold_the_truth(p, m):
    rng = np.random.default_rng(0)
    shares = rng.binomial(m, p, 4_000) / m
    holds = [low <= p <= high for low, high in (wilson(share, m) for share in shares)]
    assert 0.93 < np.mean(holds) < 0.98
