"""The doctor's verdicts: the lectures' tables, a grid of errors and set sizes, and honest doubt."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.doctor.diagnosis import LARGE, PRECISE, diagnose
from engine.doctor.errors import ErrorRate, Errors
from engine.doctor.words import sentences, verdict_text
from engine.errors import DataError

TRAIN_EXAMPLES = 100_000


def errors(train, dev, m=20_000, human=0.0, train_m=TRAIN_EXAMPLES, baseline=None, **others):
    """Errors from percentages."""
    sets = {name: ErrorRate(value / 100, m) for name, value in others.items()}
    human = None if human is None else human / 100
    train, dev = ErrorRate(train / 100, train_m), ErrorRate(dev / 100, m)
    return Errors(train, dev, human=human, baseline=baseline, **sets)


LECTURES = [
    # human, train, train-dev, dev (in percent)
    (0, 1, None, 11, "variance"),
    (0, 15, None, 16, "bias"),
    (0, 15, None, 30, "both"),
    (0, 0.5, None, 1, "neither"),
    (15, 15, None, 16, "neither"),
    (1, 8, None, 10, "bias"),
    (7.5, 8, None, 10, "variance"),
    (0, 1, 9, 10, "variance"),
    (0, 1, 1.5, 10, "data mismatch"),
    (0, 10, 11, 12, "bias"),
    (0, 10, 11, 20, "bias and data mismatch"),
    (0.1, 2.0, None, 2.1, "bias"),
]


@pytest.mark.parametrize("m", [10_000, 20_000, 10**7])
@pytest.mark.parametrize(("human", "train", "train_dev", "dev", "verdict"), LECTURES)
def test_it_answers_as_the_lectures_do(human, train, train_dev, dev, verdict, m):
    held_back = {} if train_dev is None else {"train_dev": train_dev}
    assert diagnose(errors(train, dev, m=m, human=human, **held_back)).verdict == verdict


GRID = {
    #  train, dev:   50         100        300         1,000       10,000 dev examples
    (1.0, 11.0): ["variance", "variance", "variance", "variance", "variance"],
    (15.0, 16.0): ["bias", "bias", "bias", "bias", "bias"],
    (15.0, 30.0): ["both", "both", "both", "both", "both"],
    (0.5, 1.0): ["unclear", "unclear", "unclear", "neither", "neither"],
    (0.0, 0.0): ["unclear", "unclear", "neither", "neither", "neither"],
    (1.0, 4.0): ["unclear", "unclear", "variance", "variance", "variance"],
    (3.0, 3.0): ["bias", "bias", "bias", "bias", "bias"],
}
SIZES = (50, 100, 300, 1_000, 10_000)


@pytest.mark.parametrize("dev", SIZES)
@pytest.mark.parametrize("pair", GRID, ids=str)
def test_the_verdict_waits_for_enough_dev_examples(pair, dev):
    assert diagnose(errors(*pair, m=dev)).verdict == GRID[pair][SIZES.index(dev)]


@given(st.integers(1, 300), st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.3))
def test_an_interval_on_one_side_of_the_limit_is_never_called_unclear(m, train, dev, human):
    found = diagnose(Errors(ErrorRate(train, 300), ErrorRate(dev, m), human=human))
    for gap in found.gaps:
        if gap.interval.low > LARGE:
            assert gap.state in ("large", "minor")
        elif gap.interval.high <= LARGE:
            assert gap.state == "small"
        elif gap.interval.width > PRECISE * LARGE:
            assert gap.state == "unclear"


def test_half_of_40_examples_wrong_is_variance_and_one_of_them_is_unclear():
    half = diagnose(Errors(ErrorRate(0.0, 1_000), ErrorRate(0.5, 40)))
    assert (half.verdict, half.sure) == ("variance", True)
    one = diagnose(Errors(ErrorRate(0.0, 1_000), ErrorRate(1 / 40, 40)))
    assert one.verdict == "unclear"
    doubt = sentences(one)[1]
    assert "With 40 examples in the dev set, the doctor cannot tell" in doubt
    assert doubt.endswith("A single example moves the error by 2.5 points.")


def test_errors_that_are_all_alike_still_have_an_interval():
    """Three multi-label examples without a mistake do not prove that there are none."""
    rate = ErrorRate.of(np.zeros(3), decisions=False)
    assert rate.interval.high > 0.5
    assert diagnose(Errors(ErrorRate(0.0, 1_000), rate, task="multi_label")).verdict == "unclear"


@given(st.integers(1, 10**6), st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.3))
def test_a_verdict_never_contradicts_the_intervals(m, train, dev, human):
    found = diagnose(Errors(ErrorRate(train, 1_000), ErrorRate(dev, m), human=human))
    for gap in (found.bias, found.variance):
        assert gap.interval.low <= gap.size <= gap.interval.high
        if gap.state in ("large", "minor"):
            assert gap.size >= LARGE - 1e-6
            assert gap.interval.low >= LARGE or gap.interval.width <= PRECISE * LARGE
        if gap.state == "small":
            assert gap.size <= LARGE + 1e-6
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
    assert mismatch.verdict == "data mismatch"
    assert verdict_text(mismatch) == "Data mismatch."
    both = diagnose(errors(10, 20, train_dev=11))
    assert verdict_text(both) == "High bias and data mismatch."
    assert [gap.name for gap in mismatch.focus] == ["data_mismatch"]
    variance = diagnose(errors(1, 10, train_dev=9))
    assert variance.verdict == "variance"
    assert [gap.name for gap in variance.focus] == ["variance"]


def test_a_test_error_above_the_dev_error_is_overfitting_to_the_dev_set():
    found = diagnose(errors(1, 2, test=9))
    assert [gap.name for gap in found.focus] == ["dev_overfitting"]
    assert any("choices were tuned to the dev set" in text for text in sentences(found))


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


def test_a_regression_with_an_r2_of_97_percent_has_no_high_bias():
    good = Errors(ErrorRate(0.03, 500, 0.05), ErrorRate(0.035, 100, 0.05), task="regression")
    assert diagnose(good).verdict == "neither"
    assert "no gap is above 10.0 points" in verdict_text(diagnose(good))
    poor = Errors(ErrorRate(0.4, 500, 0.05), ErrorRate(0.41, 500, 0.05), task="regression")
    assert diagnose(poor).verdict == "bias"


def test_an_unknown_human_level_is_taken_as_0_and_that_is_said():
    unknown = diagnose(errors(2, 2.1, human=None))
    assert unknown.bias.size == 0.02
    assert "The human-level error is unknown; the doctor takes it as 0 %." in sentences(unknown)
    assert not any("unknown" in text for text in sentences(diagnose(errors(2, 2.1, human=0))))


def test_the_accuracy_of_the_largest_class_is_told_for_unbalanced_classes():
    told = sentences(diagnose(errors(2, 2.1, baseline=0.03)))
    assert "Always answering the largest class would be right for 97.0 % of the dev set." in told
    assert not any("largest class" in text for text in sentences(diagnose(errors(2, 2.1))))


def test_each_verdict_is_a_whole_sentence():
    for human, train, _, dev, _ in LECTURES:
        text = verdict_text(diagnose(errors(train, dev, human=human)))
        assert text.endswith(".")
        assert "{" not in text


@pytest.mark.parametrize(("value", "m"), [(1.1, 10), (-0.1, 10), (math.nan, 10), (0.5, 0)])
def test_impossible_errors_are_refused(value, m):
    with pytest.raises(DataError):
        ErrorRate(value, m)
