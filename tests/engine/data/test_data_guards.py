"""Guards of splits: they speak where something is unsound, and keep silent where it is not."""

import dataclasses

import numpy as np
import pytest

from engine.data import DataPlan, Dataset, DataSource, PaintedSource, Splits, check_splits
from engine.data.chance import chi_square_tail, same_means, same_shares, wilson
from engine.data.dataset import from_labels
from engine.data.splitting.guards import (
    different_means,
    different_shares,
    missing_classes,
    repeated,
)
from engine.data.splitting.guards import small_dev as too_small
from engine.data.splitting.repeats import hashes
from engine.errors import DataError


def blob(m, shift=0.0, share=0.5, seed=0, n_x=5):
    """m examples of two classes: normal features with a mean, and a share of the second class."""
    rng = np.random.default_rng(seed)
    X = (rng.standard_normal((n_x, m)) + shift).astype(np.float32)
    labels = (np.arange(m) < round(share * m)).astype(int)
    return from_labels(X, labels, ("cat", "dog"))


def three(train, dev, test):
    return Splits(train, dev, test)


# The statistics.


def test_tail_probabilities_are_those_of_the_tables():
    """Abramowitz and Stegun, table 26.8: the values that chi-square exceeds with these p."""
    table = [(3.84146, 1, 0.05), (6.63490, 1, 0.01), (5.99147, 2, 0.05), (16.9190, 9, 0.05),
             (23.2093, 10, 0.01), (124.342, 100, 0.05)]  # fmt: skip
    for x, freedom, p in table:
        assert chi_square_tail(x, freedom) == pytest.approx(p, rel=1e-4)
    assert chi_square_tail(0, 3) == 1


def test_shares_are_compared_as_worked_by_hand():
    """30 of 100 against 50 of 100: 200 (30 50 - 70 50)^2 / (80 120 100 100) = 8.333."""
    result = same_shares(np.array([30, 70]), np.array([50, 50]))
    assert result.p == pytest.approx(chi_square_tail(8.33333, 1), rel=1e-4)
    assert result.effect == pytest.approx(np.sqrt(8.33333 / 200), rel=1e-4)
    assert same_shares(np.array([50, 50]), np.array([500, 500])) == (1.0, 0.0)


def test_rare_classes_are_put_together():
    first = np.array([50, 50, 1, 0, 2, 3, 1, 0, 2])
    second = np.array([50, 50, 0, 1, 1, 2, 2, 2, 1])
    together = same_shares(np.array([50, 50, 9]), np.array([50, 50, 9]))
    assert same_shares(first, second).p == pytest.approx(together.p)
    assert same_shares(np.array([3, 1]), np.array([0, 4])).p == 1.0


@pytest.mark.oracle
def test_the_statistics_are_scipys():
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(1)
    for freedom in (1, 2, 3, 8, 51, 200):
        for x in (0.01, 1.0, freedom, 2.5 * freedom):
            assert chi_square_tail(x, freedom) == pytest.approx(
                stats.chi2.sf(x, freedom), abs=1e-12
            )
    counts = rng.integers(20, 60, (2, 6))
    expected = stats.chi2_contingency(counts, correction=False)
    assert same_shares(*counts).p == pytest.approx(expected.pvalue, rel=1e-9)
    first, second = rng.standard_normal((40, 25)), 1.4 * rng.standard_normal((40, 60)) + 0.3
    theirs = stats.ttest_ind(first, second, axis=1, equal_var=False).pvalue
    assert same_means(first, second)[0] == pytest.approx(theirs, rel=0.02)


# Silence.


@pytest.mark.parametrize("kind", DataSource.kinds())
def test_sound_splits_of_every_source_raise_no_alarm_but_their_size(kind):
    plan = DataPlan(source=kind)
    names = {concern.name for concern in check_splits(plan.build(), plan)}
    # Fisher measured two irises alike, and all spirals start in one point: the guard is right.
    expected = {"small_dev", "repeated"} if kind in ("iris", "spirals") else {"small_dev"}
    assert names <= expected


def test_chance_raises_an_alarm_in_fewer_than_one_of_a_hundred_sound_splits():
    alarms = 0
    for seed in range(300):
        data = blob(400, seed=seed, n_x=20)
        splits = data.split(0.5, 0.25, 0.25, seed=seed, stratify=False)
        alarms += bool(different_means(splits)) + bool(different_shares(splits))
    assert alarms <= 6


def test_a_difference_too_small_to_matter_is_passed_over():
    """With this many examples chance explains not even a tenth of a standard deviation."""
    splits = three(blob(10), blob(20_000, 0.0, 0.5), blob(20_000, 0.1, 0.53, seed=1))
    p, _ = same_means(splits.dev.X, splits.test.X)
    assert p.max() < 1e-6
    assert different_means(splits) == different_shares(splits) == ()


def test_without_a_test_set_or_classes_there_is_nothing_to_compare():
    splits = DataPlan(source="curve", train=0.7, dev=0.3, test=0.0).build()
    assert check_splits(splits) == ()


# Alarms.


def test_other_shares_of_the_classes_are_told():
    plan = DataPlan(source="moons", seed=7)
    (found,) = different_shares(three(blob(100), blob(200, share=0.3), blob(200, share=0.6)), plan)
    assert found.message == (
        "Dev and test have different shares of the classes: 'dog' is 30.0 % of dev and 60.0 % of"
        " test (chi-square test, p < 0.0001)."
    )
    assert found.hint == "Draw both at random from the same examples."
    assert found.fix.title == "Split with seed 8" and found.fix.apply(plan).seed == 8


def test_other_means_of_features_are_told_with_the_worst_first():
    dev, test = blob(100), blob(100, seed=1)
    X = test.X.copy()
    X[3] += 2
    X[1] += 1
    (found,) = different_means(three(blob(10), dev, dataclasses.replace(test, X=X)))
    assert "in the mean of the features 'x4', 'x2' (Welch's test, corrected for 5" in found.message
    assert found.fix is None


def test_a_constant_feature_that_differs_is_told_and_one_that_does_not_is_none():
    dev, test = blob(50), blob(50, seed=1)
    flat = [dataclasses.replace(d, X=np.vstack([d.X[:-1], np.full((1, 50), v, np.float32)]))
            for d, v in ((dev, 1.0), (test, 1.0), (test, 2.0))]  # fmt: skip
    assert different_means(three(dev, flat[0], flat[1])) == ()
    (found,) = different_means(three(dev, flat[0], flat[2]))
    assert "the feature 'x5'" in found.message


def test_other_targets_of_a_regression_are_told():
    rng = np.random.default_rng(0)
    sets = [
        Dataset(
            rng.random((1, 80)).astype("f4"), rng.random((1, 80)).astype("f4") + s, "regression"
        )
        for s in (0, 0, 1)
    ]
    (found,) = different_means(three(*sets))
    assert "'target 1'" in found.message


def test_examples_that_were_trained_on_are_counted_and_left_out_on_request():
    points = tuple((float(i % 90), float(i % 90) ** 0.5, i % 2) for i in range(100))
    plan = DataPlan(source=PaintedSource(points=points))
    splits = plan.build()
    found = repeated(splits, plan)
    train = {tuple(x) for x in splits.train.X.T}
    count = sum(tuple(x) in train for x in splits.dev.X.T)
    assert count > 0
    are = "is" if count == 1 else "are"
    assert found[0].message == f"{count} of 20 dev examples also {are} in the training set."
    fixed = found[0].fix.apply(plan)
    clean = fixed.build()
    assert repeated(clean, fixed) == ()
    assert np.array_equal(clean.dev.X.shape, splits.dev.X.shape)
    assert fixed.sizes() == (clean.train.m, clean.dev.m, clean.test.m)
    assert DataPlan.from_json(fixed.to_json()) == fixed
    assert "distinct" not in plan.to_json()


def test_rows_that_repeat_anyway_are_no_leak_that_can_be_removed():
    points = tuple((float(i % 5), 0.0, i % 2) for i in range(100))
    plan = DataPlan(source=PaintedSource(points=points))
    found = repeated(plan.build(), plan)
    assert "only 5 are different" in found[0].hint and found[0].fix is None
    with pytest.raises(DataError, match="Every training example also is in the dev or test set"):
        plan.replace(distinct=True).build()


def test_equal_rows_have_equal_hashes_and_others_do_not():
    rng = np.random.default_rng(0)
    X = rng.integers(0, 3, (6, 4000)).astype(np.float32)
    numbers = hashes(X)
    rows = [tuple(x) for x in X.T]
    assert len(set(numbers)) == len(set(rows))
    by_row = dict(zip(rows, numbers, strict=True))
    assert all(by_row[row] == number for row, number in zip(rows, numbers, strict=True))
    assert hashes(np.array([[0.0]], np.float32)) == hashes(np.array([[-0.0]], np.float32))
    line = np.linspace(0, 1, 100_000, dtype=np.float32)[np.newaxis]
    assert len(np.unique(hashes(line))) == len(np.unique(line))


def test_a_class_that_a_set_lacks_is_named_with_a_split_that_has_it():
    points = tuple((float(i), 0.5 * i, 1 if i < 6 else 0) for i in range(60))
    source = PaintedSource(points=points)
    plan = DataPlan(source=source, train=0.9, dev=0.05, test=0.05)
    found = missing_classes(plan.build(), plan)
    assert "set has no example of the class 'class 1'." in found[0].message
    assert found[0].fix.title == "Split 60/20/20"
    assert missing_classes(found[0].fix.apply(plan).build()) == ()


def test_no_split_helps_a_class_with_two_examples():
    points = tuple((float(i), 0.5 * i, 1 if i < 2 else 0) for i in range(60))
    plan = DataPlan(source=PaintedSource(points=points), train=0.8, dev=0.1, test=0.1)
    found = missing_classes(plan.build(), plan)
    assert found and found[0].fix is None
    assert "Add examples of it" in found[0].hint


def test_too_few_dev_examples_are_told_with_the_interval_and_a_larger_set():
    plan = DataPlan(source={"kind": "moons", "points": 2000}, train=0.97, dev=0.02, test=0.01)
    (found,) = too_small(plan.build(), plan, error=0.1)
    low, high = wilson(0.1, 40)
    assert (
        f"an error of 10.0 % could really be {100 * low:.1f} % to {100 * high:.1f} %"
        in found.message
    )
    fixed = found.fix.apply(plan)
    assert too_small(fixed.build(), fixed, error=0.1) == ()
    assert fixed.dev < 0.1


def test_folds_are_advised_where_no_larger_dev_set_is_to_be_had():
    plan = DataPlan(source="iris")
    (found,) = too_small(plan.build(), plan)
    assert found.fix is None and "k-fold cross-validation" in found.hint
    assert found.message.startswith(
        "With 30 dev examples, an error of 10.0 % could really be 3.5 %"
    )
    with pytest.raises(DataError, match="must be a share between 0 and 1"):
        too_small(plan.build(), plan, error=1.5)


def test_concerns_read_as_sentences_and_the_gravest_comes_first():
    points = tuple((float(i % 20), 1.0 * (i % 20), i % 2) for i in range(40))
    found = check_splits(DataPlan(source=PaintedSource(points=points)).build())
    assert found[0].name == "repeated"
    for concern in found:
        assert concern.message.endswith(".") and concern.hint.endswith(".")
        assert str(concern) == f"{concern.message} {concern.hint}"
