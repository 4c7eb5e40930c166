"""DataPlan: from a value in a file to three sets."""

import json
import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.data import DataPlan, MnistDigits, Moons
from engine.errors import DataError, SpecError


def test_the_default_plan_is_the_digits_in_three_normalized_sets():
    splits = DataPlan().build()
    assert DataPlan().source == MnistDigits()
    assert (splits.train.m, splits.dev.m, splits.test.m) == (6000, 2000, 2000)
    assert splits.normalization is not None


def test_a_plan_survives_a_file():
    plan = DataPlan(source=Moons(noise=0.3), train=0.7, dev=0.3, test=0.0, normalize=False, seed=9)
    assert DataPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_equal_plans_build_equal_sets_and_the_seed_changes_them():
    plan = DataPlan(source="spirals", seed=2)
    first, again, other = plan.build(), plan.build(), plan.replace(seed=3).build()
    assert np.array_equal(first.train.X, again.train.X)
    assert np.array_equal(first.test.Y, again.test.Y)
    assert not np.array_equal(first.train.X, other.train.X)


@given(st.integers(20, 300), st.integers(2, 10), st.integers(1, 97), st.integers(1, 97))
def test_a_plan_knows_the_sizes_of_its_sets(points, classes, train, dev):
    assume(train + dev <= 100)
    fractions = {"train": train / 100, "dev": dev / 100, "test": (100 - train - dev) / 100}
    source = {"kind": "blobs", "points": points, "classes": classes}
    plan = DataPlan(source=source, normalize=False, **fractions)
    try:
        sets = plan.build()
    except DataError as error:
        with pytest.raises(DataError, match=re.escape(error.message)):
            plan.sizes()
        return
    assert plan.sizes() == (sets.train.m, sets.dev.m, sets.test.m if sets.test else 0)


def test_without_normalization_features_keep_their_units():
    raw = DataPlan(source="flower", normalize=False).build()
    assert raw.normalization is None
    assert np.abs(raw.train.X).max() > 3


def test_fractions_do_not_change_the_points():
    plan = DataPlan(source="moons", normalize=False)
    points = [
        np.concatenate([splits.train.X, splits.dev.X, splits.test.X], axis=1)
        for splits in (plan.build(), plan.with_fraction("train", 0.4).build())
    ]
    assert np.array_equal(*(np.sort(X, axis=1) for X in points))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"train": 0.7}, "Data plan: The fractions of train, dev, and test must sum to 1; got 0.7"),
        ({"test": 1.0}, "Data plan: test must be a number at least 0 and below 1; got 1.0."),
        ({"dev": 0.0}, "Data plan: dev must be a number above 0 and below 1; got 0.0."),
        ({"seed": -1}, "Data plan: seed must be a whole number between 0 and 4294967295; got -1."),
        ({"normalize": 1}, "Data plan: normalize must be true or false; got 1."),
        ({"source": "moon"}, "There is no data source 'moon'. Did you mean 'moons'?"),
        ({"sorce": "moons"}, "Data plan has no setting 'sorce'. Did you mean 'source'?"),
    ],
)
def test_a_bad_plan_is_refused_with_a_sentence(values, sentence):
    with pytest.raises(SpecError) as caught:
        DataPlan(**values)
    assert sentence in str(caught.value)


@given(st.sampled_from(["train", "dev", "test"]), st.integers(1, 99))
def test_one_fraction_changes_and_the_others_keep_their_proportion(name, percent):
    plan = DataPlan(train=0.5, dev=0.3, test=0.2)
    changed = plan.with_fraction(name, percent / 100)
    first, second = (other for other in ("train", "dev", "test") if other != name)
    assert getattr(changed, name) == percent / 100
    ratio = getattr(plan, first) / getattr(plan, second)
    assert getattr(changed, first) / getattr(changed, second) == pytest.approx(ratio, rel=1e-6)


def test_a_fraction_that_leaves_nothing_for_the_others_is_refused():
    with pytest.raises(SpecError, match="must be a number"):
        DataPlan().with_fraction("train", 1.0)
