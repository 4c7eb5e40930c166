"""Initializers draw what their formulas say, whatever the dtype, and the same for the same seed."""

import numpy as np
import pytest

from engine.errors import DesignError, SpecError
from engine.initializers import (
    Constant,
    Glorot,
    He,
    Identity,
    Initializer,
    Normal,
    Orthogonal,
    Uniform,
    Xavier,
    Zeros,
)

N_OUT, N_IN = 300, 500
VARIANCES = {
    "he": 2 / N_IN,
    "xavier": 1 / N_IN,
    "glorot": 2 / (N_IN + N_OUT),
    "normal": 0.01**2,
    "uniform": 0.05**2 / 3,
    "zeros": 0.0,
    "constant": 0.0,
    "orthogonal": 1 / N_IN,  # rows of length 1 with N_IN elements
    "identity": 1 / N_IN - 1 / N_IN**2,
}
EVERY = pytest.mark.parametrize("kind", Initializer.kinds())


def sample(initializer, shape=(N_OUT, N_IN), dtype="float64", seed=0):
    rng = np.random.default_rng(seed)
    fan_in = int(np.prod(shape[1:]))
    fan_out = shape[0] * int(np.prod(shape[2:]))
    return Initializer.parse(initializer).sample(rng, shape, fan_in, fan_out, dtype)


def test_he_comes_first_in_menus():
    assert Initializer.kinds()[0] == "he"


@pytest.mark.parametrize("kind", VARIANCES)
def test_the_variance_of_the_weights_is_the_formulas(kind):
    measured = np.var(sample(kind))
    assert measured == pytest.approx(VARIANCES[kind], rel=0.02, abs=1e-15)


@EVERY
def test_the_multiplier_scales_every_weight(kind):
    scaled = Initializer.registry[kind](multiplier=10.0)
    np.testing.assert_array_equal(sample(scaled), 10.0 * sample(kind))


@EVERY
def test_a_multiplier_of_zero_gives_zeros(kind):
    assert not sample(Initializer.registry[kind](multiplier=0)).any()


@EVERY
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (3, 5), (4, 3, 2, 2), (2, 3, 5)])
def test_weights_have_the_shape_and_dtype_that_were_asked_for(kind, shape, dtype):
    weights = sample(kind, shape, dtype)
    assert weights.shape == shape
    assert weights.dtype == dtype


@EVERY
def test_float32_weights_are_the_float64_weights_rounded(kind):
    rounded = sample(kind).astype("float32")
    np.testing.assert_array_equal(sample(kind, dtype="float32"), rounded)


@EVERY
def test_the_same_seed_gives_the_same_weights(kind):
    np.testing.assert_array_equal(sample(kind, seed=3), sample(kind, seed=3))


@pytest.mark.parametrize("kind", ["he", "xavier", "glorot", "normal", "uniform", "orthogonal"])
def test_another_seed_gives_other_weights(kind):
    assert not np.array_equal(sample(kind, seed=3), sample(kind, seed=4))


@pytest.mark.parametrize("initializer", [He(), Xavier(), Glorot(), Normal(), Uniform()])
def test_random_weights_center_on_zero(initializer):
    weights = sample(initializer)
    assert abs(weights.mean()) < 4 * weights.std() / np.sqrt(weights.size)


@pytest.mark.parametrize("initializer", [He(), Xavier(), Glorot(), Normal()])
def test_normal_weights_are_not_cut_off(initializer):
    weights = sample(initializer)
    assert np.mean(np.abs(weights) > 2 * weights.std()) == pytest.approx(0.0455, abs=0.003)


def test_the_fans_that_are_given_decide_not_the_shape():
    rng = np.random.default_rng(0)
    weights = Glorot().sample(rng, (200, 200), 10, 40, "float64")
    assert weights.var() == pytest.approx(2 / 50, rel=0.03)


def test_uniform_weights_fill_their_range_and_stay_inside():
    weights = sample(Uniform(limit=0.3))
    assert -0.3 <= weights.min() < -0.299
    assert 0.299 < weights.max() <= 0.3


def test_normal_follows_its_standard_deviation():
    assert sample(Normal(standard_deviation=2.5)).std() == pytest.approx(2.5, rel=0.01)


def test_zeros_are_zero_and_constants_are_their_value():
    assert not sample(Zeros()).any()
    assert (sample(Constant(value=-0.75)) == -0.75).all()


@pytest.mark.parametrize("shape", [(6, 6), (8, 5)])
def test_orthogonal_columns_are_orthonormal_when_there_are_enough_rows(shape):
    W = sample(Orthogonal(), shape)
    np.testing.assert_allclose(W.T @ W, np.eye(shape[1]), atol=1e-14)


@pytest.mark.parametrize("shape", [(6, 6), (5, 8), (5, 2, 3, 3)])
def test_orthogonal_rows_are_orthonormal_when_there_are_fewer(shape):
    W = sample(Orthogonal(), shape).reshape(shape[0], -1)
    np.testing.assert_allclose(W @ W.T, np.eye(shape[0]), atol=1e-14)


def test_orthogonal_matrices_lean_to_no_side():
    """Without the correction of signs, Q's diagonal is far more often negative than positive."""
    rng = np.random.default_rng(0)
    corners = [Orthogonal().sample(rng, (3, 3), 3, 3, "float64")[0, 0] for _ in range(2000)]
    assert np.mean(corners) == pytest.approx(0.0, abs=4 / np.sqrt(3 * 2000))


@pytest.mark.parametrize("shape", [(3, 3), (2, 4), (4, 2)])
def test_identity_is_one_on_the_diagonal(shape):
    np.testing.assert_array_equal(sample(Identity(), shape), np.eye(*shape))


def test_identity_in_a_convolution_is_one_in_the_middle_of_the_window():
    expected = np.zeros((2, 3, 3, 3))
    expected[0, 0, 1, 1] = expected[1, 1, 1, 1] = 1
    np.testing.assert_array_equal(sample(Identity(), (2, 3, 3, 3)), expected)


def test_identity_refuses_a_vector():
    with pytest.raises(DesignError, match="two axes"):
        Identity().sample(np.random.default_rng(0), (4,), 4, 1, "float64")


@EVERY
def test_values_just_outside_the_limits_are_refused(kind, outside_limits):
    cls = Initializer.registry[kind]
    bad = outside_limits(cls)
    assert ("multiplier", np.nextafter(0.0, -1.0)) in bad
    for field, value in bad:
        with pytest.raises(SpecError, match=field):
            cls(**{field: value})


@EVERY
def test_an_initializer_survives_the_way_through_json(kind):
    initializer = Initializer.registry[kind](multiplier=2.5)
    assert Initializer.parse(initializer.to_json()) == initializer
    assert initializer.to_json()["kind"] == kind
