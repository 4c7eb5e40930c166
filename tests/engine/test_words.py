"""Numbers in sentences."""

import math

import pytest

from engine.words import counted, number, percent, plain_number, scientific, short_number


def test_a_count_has_its_noun_in_the_right_number():
    told = [counted(n, "iteration") for n in (0, 1, 1200)]
    assert told == ["0 iterations", "1 iteration", "1,200 iterations"]


def test_a_share_reads_as_percent_with_the_digits_that_are_asked_for():
    assert percent(0.11) == "11.0 %"
    assert percent(0.97346, digits=2) == "97.35 %"
    assert percent(0.005, digits=0) == "0 %"
    assert percent(1.0, digits=0) == "100 %"


def test_a_share_without_a_number_of_digits_has_those_that_it_needs():
    assert [percent(share, None) for share in (0.7, 0.125, 0.07, 1 / 3)] == [
        "70 %",
        "12.5 %",
        "7 %",
        "33.33 %",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(1 / 3, "0.3333"), (-2.0, "−2"), (-0.0, "0"), (-1e-7, "−1e−07"), (math.nan, "nan")],
)
def test_a_number_has_four_significant_digits_and_a_true_minus(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.512, "0.512"),
        (-0.5, "−0.5"),
        (4321.0, "4321"),
        (47_000.0, "4.7e4"),
        (-1.2e-5, "−1.2e-5"),
        (0, "0"),
    ],
)
def test_a_short_number_has_few_characters(value, text):
    assert short_number(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (3.2e-5, 1, "3.2e-5"),
        (-3.2e-5, 0, "−3e-5"),
        (0, 1, "0"),
        (math.nan, 1, "–"),
        (math.inf, 1, "∞"),
        (-math.inf, 1, "−∞"),
    ],
)
def test_a_scientific_number_has_a_power_of_ten(value, digits, text):
    assert scientific(value, digits) == text


def test_a_plain_number_has_no_power_of_ten():
    assert [plain_number(value) for value in (1_000_000, 0.5, -3)] == ["1000000", "0.5", "-3"]
