"""The doctor's verdicts: the lectures' tables, a grid of errors and set sizes, and honest doubt."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.doctor.diagnosis import FEWEST, LARGE, diagnose
from engine.doctor.errors import ErrorRate, Errors
from engine.doctor.words import sentences, verdict_text
from engine.errors import DataError

TRAIN_EXAMPLES = 100_000


def errors(train, dev, m=20_000, human=0.0, train_m=TRAIN_EXAMPLES, **others):
    """Errors from percentages."""
    sets = {name: ErrorRate(value / 100, m) for name, value in others.items()}
    return Errors(
        ErrorRate(train / 100, train_m), ErrorRate(dev / 100, m), human=human / 100, **sets
    )


LECTURES = [
    (0, 1, 11, "variance"),
    (0, 15, 16, "bias"),
    (0, 15, 30, "both"),
    (0, 0.5, 1, "neither"),
    (15, 15, 16, "neither"),
    (1, 8, 10, "bias"),
    (7.5, 8, 10, "variance"),
]


@pytest.mark.parametrize(("human", "train", "dev", "verdict"), LECTURES)
def test_it_answers_as_the_lectures_do(human, train, dev, verdict):
    assert diagnose(errors(train, dev, human=human)).verdict == verdict


GRID = {
    #  train, dev:   50         100        300         1,000       10,000 dev examples
    (1.0, 11.0): ["unclear", "variance", "variance", "variance", "variance"],
    (15.0, 16.0): ["bias", "bias", "bias", "bias", "bias"],
    (15.0, 30.0): ["bias", "both", "both", "both", "both"],
    (0.5, 1.0): ["unclear", "unclear", "unclear", "neither", "neither"],
    (0.0, 0.0): ["unclear", "unclear", "neither", "neither", "neither"],
    (1.0, 4.0): ["unclear", "unclear", "unclear", "unclear", "variance"],
    (3.0, 3.0): ["bias", "bias", "bias", "bias", "bias"],
}
SIZES = (50, 100, 300, 1_000, 10_000)


@pytest.mark.parametrize("dev", SIZES)
@pytest.mark.parametrize("pair", GRID, ids=str)
def test_the_verdict_waits_for_enough_dev_examples(pair, dev):
    assert diagnose(errors(*pair, m=dev)).verdict == GRID[pair][SIZES.index(dev)]


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 50))
def test_with_50_dev_examples_it_cannot_tell_the_variance(train, dev, human):
    found = diagnose(errors(train, dev, m=50, human=human))
    assert found.variance.state == "unclear"
    assert not found.sure
    assert any(
        "With 50 examples in the dev set, the doctor cannot tell" in s for s in sentences(found)
    )


def test_50_examples_weigh_as_much_as_a_large_gap():
    assert FEWEST == 50
    assert pytest.approx(LARGE) == 1 / FEWEST


@given(st.integers(51, 10**6), st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.3))
def test_a_verdict_never_contradicts_the_intervals(m, train, dev, human):
    found = diagnose(Errors(ErrorRate(train, 1_000), ErrorRate(dev, m), human=human))
    for gap in (found.bias, found.variance):
        assert gap.interval.low <= gap.size <= gap.interval.high
        if gap.state in ("large", "minor"):
            assert gap.size >= LARGE - 1e-6
            assert gap.interval.low >= LARGE or gap.interval.width <= LARGE
        if gap.state == "small":
            assert gap.size < LARGE
    assert (found.verdict in ("bias", "both")) == (found.bias.state == "large")
    assert (found.verdict in ("variance", "both")) == (found.variance.state == "large")


def test_the_sizes_add_up_from_human_level_to_the_test_set():
    found = diagnose(errors(2, 10, human=1, train_dev=3, test=14))
    assert [gap.name for gap in found.gaps] == [
        "avoidable_bias",
        "variance",
        "data_mismatch",
        "dev_overfitting",
    ]
    assert [round(100 * gap.size, 6) for gap in found.gaps] == [1, 1, 7, 4]
    assert math.isclose(sum(gap.size for gap in found.gaps), 0.14 - 0.01)


def test_a_train_dev_set_tells_mismatch_from_variance():
    """Course 3, week 2: 1 / 1.5 / 10 is data mismatch, 1 / 9 / 10 is variance."""
    mismatch = diagnose(errors(1, 10, train_dev=1.5))
    assert mismatch.verdict == "neither"
    assert [gap.name for gap in mismatch.focus] == ["data_mismatch"]
    variance = diagnose(errors(1, 10, train_dev=9))
    assert variance.verdict == "variance"
    assert [gap.name for gap in variance.focus] == ["variance"]


def test_a_test_error_above_the_dev_error_is_overfitting_to_the_dev_set():
    found = diagnose(errors(1, 2, test=9))
    assert [gap.name for gap in found.focus] == ["dev_overfitting"]
    assert any("choices were fitted to the dev set" in text for text in sentences(found))


def test_the_largest_gap_comes_first():
    assert [gap.name for gap in diagnose(errors(5, 30)).focus] == ["variance"]
    assert [gap.name for gap in diagnose(errors(15, 35)).focus] == ["variance", "avoidable_bias"]
    minor = diagnose(errors(30, 39))
    assert (minor.verdict, minor.variance.state) == ("bias", "minor")
    assert any("comes second" in text for text in sentences(minor))


def test_errors_of_regression_have_students_intervals():
    narrow = Errors(ErrorRate(0.01, 1_000, 0.02), ErrorRate(0.2, 1_000, 0.3), task="regression")
    assert diagnose(narrow).verdict == "variance"
    wide = Errors(ErrorRate(0.01, 1_000, 0.02), ErrorRate(0.2, 60, 3.0), task="regression")
    assert diagnose(wide).verdict == "unclear"
    assert "variance" in sentences(diagnose(narrow))[-1]


def test_each_verdict_is_a_whole_sentence():
    for human, train, dev, _ in LECTURES:
        text = verdict_text(diagnose(errors(train, dev, human=human)))
        assert text.endswith(".")
        assert "{" not in text


@pytest.mark.parametrize(("value", "m"), [(1.1, 10), (-0.1, 10), (math.nan, 10), (0.5, 0)])
def test_impossible_errors_are_refused(value, m):
    with pytest.raises(DataError):
        ErrorRate(value, m)
