"""Splits: every example once, class shares kept; normalization by the training set alone."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.data import Dataset, Normalization, from_labels, load
from engine.errors import DataError


def numbered(counts):
    """A data set whose one feature is the number of the example, with counts[c] of class c."""
    X = np.arange(sum(counts), dtype=np.float64).reshape(1, -1)
    names = tuple(f"c{label}" for label in range(len(counts)))
    return from_labels(X, np.repeat(np.arange(len(counts)), counts), names)


def sets_of(splits):
    return [part for part in (splits.train, splits.dev, splits.test) if part is not None]


@st.composite
def fractions(draw):
    train, dev, test = draw(st.integers(1, 98)), draw(st.integers(1, 98)), draw(st.integers(0, 98))
    total = train + dev + test
    return train / total, dev / total, test / total


@given(st.lists(st.integers(1, 60), min_size=2, max_size=10), fractions(), st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_each_set_has_its_share_of_each_class_within_one_example(counts, shares, seed):
    data = numbered(counts)
    try:
        parts = sets_of(data.split(*shares, seed=seed))
    except DataError:
        assume(False)
    together = np.concatenate([part.X[0] for part in parts])
    assert sorted(together) == list(range(data.m)), "each example is in exactly one set"
    for part, share in zip(parts, shares, strict=False):
        found = np.bincount(part.labels, minlength=len(counts))
        assert (np.abs(found - share * np.array(counts)) < 1).all()
        assert part.m == pytest.approx(share * data.m, abs=len(counts) / 2 + 1)


@given(st.integers(10, 5000), fractions())
@settings(max_examples=100, deadline=None)
def test_without_classes_the_sizes_are_right_within_one_example(m, shares):
    X = np.arange(m, dtype=np.float32).reshape(1, -1)
    data = Dataset(X, X, "regression")
    try:
        parts = sets_of(data.split(*shares))
    except DataError:
        assert min(share for share in shares if share > 0) * m < 1
        return
    for part, share in zip(parts, shares, strict=False):
        assert abs(part.m - share * m) < 1


def test_the_digits_split_into_exact_sizes():
    splits = load("mnist-10k").split(0.6, 0.2, 0.2)
    assert [part.m for part in sets_of(splits)] == [6000, 2000, 2000]
    assert len(set(splits.train.labels[:50])) == 10, "the order by digit is gone"


def test_x_and_y_stay_together():
    splits = numbered([30, 50, 20]).split(0.5, 0.3, 0.2)
    for part in sets_of(splits):
        expected = np.searchsorted([30, 80], part.X[0], side="right")
        assert part.labels.tolist() == expected.tolist()


def test_without_stratification_class_shares_vary():
    data = numbered([50, 50])

    def ones_in_dev(stratify):
        parts = [data.split(0.5, 0.5, 0, seed, stratify).dev for seed in range(9)]
        return {int(part.labels.sum()) for part in parts}

    assert len(ones_in_dev(stratify=False)) > 1
    assert ones_in_dev(stratify=True) == {25}


def test_the_seed_decides_and_none_means_the_data_sets_own():
    data = load("moons", seed=4)
    own, same, other = (data.split(0.6, 0.2, 0.2, seed) for seed in (None, 4, 5))
    assert np.array_equal(own.train.X, same.train.X)
    assert not np.array_equal(own.train.X, other.train.X)


def test_a_test_fraction_of_zero_leaves_the_test_set_out():
    splits = numbered([10, 10]).split(0.5, 0.5, 0).normalize()
    assert splits.test is None
    assert (splits.train.m, splits.dev.m) == (10, 10)


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ((0.6, 0.2, 0.3), "must sum to 1; got 0.6 + 0.2 + 0.3 = 1.1."),
        ((0.6, 0.2, 0.2 + 2e-9), "must sum to 1"),
        ((float("nan"), 0.2, 0.2), "must sum to 1; got nan"),
        ((1.0, 0.0, 0.0), "The fractions of train and dev must be above 0"),
        ((0.9, 0.3, -0.2), "and that of test at least 0; got 0.9, 0.3 and -0.2."),
        ((0.98, 0.01, 0.01), "The dev set would be empty; its fraction is 0.01, of 20 examples."),
    ],
)
def test_impossible_fractions_are_refused_with_a_sentence(shares, sentence):
    with pytest.raises(DataError) as caught:
        numbered([10, 10]).split(*shares)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("seed", [-1, 1.5, "0", True])
def test_a_bad_seed_is_refused_with_a_sentence(seed):
    with pytest.raises(DataError, match="A seed must be a whole number, 0 or more; got"):
        numbered([10, 10]).split(0.5, 0.5, 0, seed=seed)


def far_off(dtype=np.float64):
    """A regression with three features: ordinary, constant 0.1, and one that varies in dev only."""
    rng = np.random.default_rng(0)
    X = np.stack([1e3 + 5 * rng.standard_normal(400), np.full(400, 0.1), np.zeros(400)])
    return Dataset(X.astype(dtype), X[:1], "regression").split(0.5, 0.25, 0.25)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_training_features_get_mean_0_and_variance_1(dtype):
    normal = far_off(dtype).normalize()
    X = normal.train.X.astype(np.float64)
    tolerance = 1e-12 if dtype == np.float64 else 1e-5
    assert abs(X[0].mean()) < tolerance
    assert abs(X[0].var() - 1) < tolerance
    assert normal.train.X.dtype == dtype


def test_dev_and_test_are_normalized_with_the_training_sets_numbers():
    raw = far_off()
    normal = raw.normalize()
    mean, scale = raw.train.X[0].mean(), raw.train.X[0].std()
    for before, after in ((raw.dev, normal.dev), (raw.test, normal.test)):
        np.testing.assert_allclose(after.X[0], (before.X[0] - mean) / scale, rtol=1e-10, atol=1e-12)
        assert abs(after.X[0].mean()) > 1e-4, "its own mean would have given 0"
        assert after.Y.tolist() == before.Y.tolist()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("value", [0.0, 0.1, -7.3, 1e-30, 123456.7])
def test_a_constant_feature_is_centered_and_left_unscaled(dtype, value):
    X = np.full((1, 9973), value, dtype=dtype)
    rule = Normalization.of(X)
    assert rule.scale.tolist() == [[1.0]]
    assert abs(rule.apply(X)).max() <= 1e-9 * abs(value)


def test_rounding_noise_does_not_count_as_variation():
    X = np.full((1, 50), 0.1)
    X[0, ::2] = np.nextafter(0.1, 1)
    assert Normalization.of(X).scale.tolist() == [[1.0]]
    tiny = np.linspace(0, 1e-6, 50).reshape(1, -1)
    assert Normalization.of(tiny).scale[0, 0] == pytest.approx(tiny.std()), "small is not constant"


def test_a_feature_constant_in_training_keeps_its_unit_elsewhere():
    rule = Normalization.of(np.full((1, 5), 2.0))
    assert rule.apply(np.array([[2.0, 5.0]])).tolist() == [[0.0, 3.0]]


def test_undo_is_the_inverse_of_apply():
    raw = far_off()
    normal = raw.normalize()
    np.testing.assert_allclose(normal.normalization.undo(normal.test.X), raw.test.X, rtol=1e-12)


def test_normalizing_twice_changes_nothing():
    once = far_off().normalize()
    assert once.normalize() is once
    assert far_off().normalization is None


def test_normalized_examples_still_lie_in_one_piece_of_memory():
    assert load("mnist-10k").split(0.6, 0.2, 0.2).normalize().train.X.flags.f_contiguous


def test_a_foreign_shape_is_refused_with_a_sentence():
    rule = Normalization.of(np.ones((3, 5)))
    for change in (rule.apply, rule.undo):
        with pytest.raises(DataError, match=r"for X of \(3, m\); got shape \(2, 5\)"):
            change(np.ones((2, 5)))


def test_values_too_large_to_square_are_refused_with_a_sentence():
    with pytest.raises(DataError, match="too large to normalize"):
        Normalization.of(np.array([[1e200, -1e200]]))
