"""Presets, k folds, a second source for training, and the train-dev part of it."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import PRESETS, DataPlan, Moons, PaintedSource, propose
from engine.data.splitting.folds import fold_members, fold_numbers
from engine.errors import DataError, SpecError


def columns(X):
    """The examples as a sorted list, to compare sets of them."""
    return sorted(map(tuple, X.T.tolist()))


# Presets.


def test_the_presets_are_those_of_the_lectures():
    names = [preset.name for preset in PRESETS]
    assert names == ["60/20/20", "70/30", "80/20", "98/1/1", "99.5/0.25/0.25"]
    for preset in PRESETS:
        plan = DataPlan(source="moons").with_preset(preset)
        assert (plan.train, plan.dev, plan.test) == tuple(preset)


@pytest.mark.parametrize(
    ("m", "name"),
    [(50, "70/30"), (100, "60/20/20"), (10_000, "60/20/20"), (99_999, "60/20/20"),
     (100_000, "98/1/1"), (1_000_000, "98/1/1"), (1_000_001, "99.5/0.25/0.25")],
)  # fmt: skip
def test_a_preset_is_proposed_from_the_number_of_examples(m, name):
    found = propose(m)
    assert found.preset.name == name
    assert f"{m:,}" in found.reason and found.reason.endswith(".")


def test_nothing_is_proposed_for_one_example():
    with pytest.raises(DataError, match="at least 2 examples; got 1"):
        propose(1)


# Folds.


@given(st.lists(st.integers(0, 5), min_size=2, max_size=200), st.integers(2, 12), st.integers(0, 9))
def test_folds_differ_by_one_example_in_every_class_and_in_all(groups, k, seed):
    groups = np.array(groups)
    if k > groups.size:
        return
    numbers = fold_numbers(groups, k, np.random.default_rng(seed))
    sizes = np.bincount(numbers, minlength=k)
    assert sizes.max() - sizes.min() <= 1
    for group in np.unique(groups):
        shares = np.bincount(numbers[groups == group], minlength=k)
        assert shares.max() - shares.min() <= 1


def test_every_example_is_judged_once_and_learned_from_otherwise():
    numbers = fold_numbers(np.arange(23) % 3, 5, np.random.default_rng(0))
    judged = []
    for learned, held in fold_members(numbers, np.random.default_rng(0)):
        assert sorted([*learned, *held]) == list(range(23))
        judged += list(held)
    assert sorted(judged) == list(range(23))


@pytest.mark.oracle
@pytest.mark.parametrize("k", [2, 3, 5, 10])
def test_folds_have_the_class_counts_of_scikit_learn(k):
    sklearn = pytest.importorskip("sklearn.model_selection")
    rng = np.random.default_rng(k)
    labels = np.sort(rng.choice(4, 137, p=[0.4, 0.3, 0.2, 0.1]))
    numbers = fold_numbers(labels, k, rng)
    theirs = sklearn.StratifiedKFold(k).split(np.zeros((137, 1)), labels)
    for fold, (_, held) in enumerate(theirs):
        mine = np.bincount(labels[numbers == fold], minlength=4)
        assert mine.tolist() == np.bincount(labels[held], minlength=4).tolist()


@pytest.mark.oracle
@pytest.mark.parametrize("test", [0.1, 0.2, 0.35])
def test_a_stratified_split_has_the_class_counts_of_scikit_learn(test):
    """Off by one at most: scikit-learn draws at random which class gets the last example."""
    sklearn = pytest.importorskip("sklearn.model_selection")
    data = DataPlan(source="wine").source.load()
    splits = data.split(0.5, 0.5 - test, test)
    _, theirs = sklearn.train_test_split(data.labels, test_size=test, stratify=data.labels)
    difference = np.bincount(theirs) - np.bincount(splits.test.labels)
    assert np.abs(difference).max() <= 1


def test_a_plan_shares_train_and_dev_into_folds_and_leaves_the_test_set_alone():
    plan = DataPlan(source="iris", normalize=False, seed=4)
    whole = plan.build()
    pool = columns(np.concatenate([whole.train.X, whole.dev.X], axis=1))
    folds = list(plan.folds(5))
    assert len(folds) == 5
    judged = []
    for fold in folds:
        assert np.array_equal(fold.test.X, whole.test.X)
        assert columns(np.concatenate([fold.train.X, fold.dev.X], axis=1)) == pool
        assert np.bincount(fold.dev.labels).tolist() == [8, 8, 8]
        judged += columns(fold.dev.X)
    assert sorted(judged) == pool
    again = list(plan.folds(5))
    assert all(np.array_equal(a.train.X, b.train.X) for a, b in zip(folds, again, strict=True))
    assert not np.array_equal(next(plan.replace(seed=5).folds(5)).dev.X, folds[0].dev.X)


def test_each_fold_is_normalized_by_its_own_training_set():
    for fold in DataPlan(source="wine").folds(3):
        assert np.abs(fold.train.X.mean(axis=1, dtype=np.float64)).max() < 1e-5
        assert np.abs(fold.dev.X.mean(axis=1)).max() > 0.01


@pytest.mark.parametrize("k", [1, 51, 0, 2.5, True])
def test_an_impossible_number_of_folds_is_refused(k):
    with pytest.raises(DataError, match="The number of folds must be a whole number between 2 and"):
        next(DataPlan(source="iris").folds(k))


def test_more_folds_than_examples_are_refused():
    points = tuple((float(i), 0.0, i % 2) for i in range(10))
    plan = DataPlan(source=PaintedSource(points=points))
    with pytest.raises(DataError, match=r"at most the 8 examples that are shared out; got 9\."):
        next(plan.folds(9))


# A second source for training, and the train-dev part.

PLAN = DataPlan(source="moons", normalize=False)


def test_a_second_source_is_for_training_only():
    plan = PLAN.replace(extra=Moons(points=500, noise=0.6))
    plain, mixed = PLAN.build(), plan.build()
    assert np.array_equal(mixed.dev.X, plain.dev.X)
    assert np.array_equal(mixed.test.X, plain.test.X)
    both = [*columns(plain.train.X), *columns(plan.extra.load(plan.seed).X)]
    assert columns(mixed.train.X) == sorted(both)
    assert plan.sizes() == (680, 60, 60)


@pytest.mark.parametrize("extra", [None, Moons(points=333, noise=0.6)])
@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_train_dev_is_a_part_of_the_training_set(extra, share):
    plan = PLAN.replace(extra=extra, train_dev=share)
    before, after = plan.replace(train_dev=None).build(), plan.build()
    together = np.concatenate([after.train.X, after.train_dev.X], axis=1)
    assert columns(together) == columns(before.train.X)
    assert after.train_dev.m == pytest.approx(share * before.train.m, abs=1)
    shares = [np.bincount(part.labels) / part.m for part in (after.train, after.train_dev)]
    assert shares[0] == pytest.approx(shares[1], abs=0.02)
    assert plan.train_dev_size() == after.train_dev.m
    assert plan.sizes() == (after.train.m, after.dev.m, after.test.m)
    for fold in plan.folds(3):
        assert fold.train_dev.m > 0


def test_sizes_are_right_where_a_class_is_missing_in_one_source():
    points = tuple((float(i), 1.0, 2 * (i % 2)) for i in range(40))
    painted = PaintedSource(points=points)  # of the classes 0 and 2; 1 is empty
    plan = DataPlan(source={"kind": "blobs", "points": 99}, extra=painted, train_dev=0.3)
    sets = plan.build()
    assert plan.train_dev_size() == sets.train_dev.m
    assert plan.sizes() == (sets.train.m, sets.dev.m, sets.test.m)


def test_train_dev_is_normalized_by_the_training_set():
    sets = DataPlan(source="wine", train_dev=0.3).build()
    assert np.abs(sets.train.X.mean(axis=1, dtype=np.float64)).max() < 1e-5
    raw = DataPlan(source="wine", train_dev=0.3, normalize=False).build()
    assert np.allclose(sets.train_dev.X, sets.normalization.apply(raw.train_dev.X))


def test_sources_of_another_kind_do_not_mix():
    with pytest.raises(DataError, match="The data 'moons' and 'iris' do not fit together: 2 feat"):
        PLAN.replace(extra="iris").build()
    with pytest.raises(DataError, match="binary of same sign, different sign"):
        PLAN.replace(extra="xor").build()
    with pytest.raises(DataError, match="'Moons' and 'Iris flowers' do not fit together"):
        PLAN.replace(extra="iris").sizes()


def test_the_new_parts_are_in_the_file_only_where_they_are_used():
    assert not {"extra", "train_dev"} & set(PLAN.to_json())
    plan = PLAN.replace(extra=Moons(noise=0.6), train_dev=0.2)
    assert DataPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_a_train_dev_part_without_examples_is_refused():
    small = DataPlan(source={"kind": "moons", "points": 10}, train_dev=0.01)
    for ask in (small.build, small.sizes):
        with pytest.raises(DataError, match="The train-dev set would be empty"):
            ask()
    with pytest.raises(SpecError, match="train_dev must be a number above 0 and below 1"):
        DataPlan(train_dev=1.0)
