"""Dot-product attention: by hand, and what does not fit."""

import math

import numpy as np
import pytest

import engine
from engine import DotProductAttention
from engine.errors import DesignError
from engine.layers.mode import Mode

LAYER = DotProductAttention()


def attended(query, key, value, **arguments):
    """One example; each argument (n, T)."""
    xs = (np.array(x, float)[..., None] for x in (query, key, value))
    values, pull = engine.vjp(LAYER, {}, *xs, **arguments)
    return values["out"][..., 0], pull


def test_a_query_takes_the_mean_that_its_scores_ask_for():
    """d = 4 halves the scores: 0 and 2 ln 3 / 2 = ln 3, so the weights are 1/4 and 3/4."""
    key = np.zeros((4, 2))
    key[0, 1] = 2 * math.log(3)
    out, pull = attended([[1], [0], [0], [0]], key, [[10, 20]])
    assert out == pytest.approx(np.array([[17.5]]), rel=1e-15)
    _, (dquery, dkey, dvalue) = pull({"out": np.ones((1, 1, 1))})
    assert dvalue[..., 0] == pytest.approx(np.array([[0.25, 0.75]]))
    slope = 0.25 * 0.75 * (20 - 10)  # of the output by the second score
    assert dquery[0, 0, 0] == pytest.approx(slope * math.log(3))
    assert dkey[0, :, 0] == pytest.approx([-slope / 2, slope / 2])


def test_equal_keys_give_the_plain_mean():
    out, _ = attended(np.ones((2, 3)), np.ones((2, 4)), [[1, 2, 3, 6]])
    assert out.tolist() == [[3, 3, 3]]


def test_huge_scores_do_not_overflow():
    out, pull = attended([[1e4]], [[1e4, -1e4]], [[5, 7]])
    assert out.tolist() == [[5]]
    assert all(np.isfinite(dx).all() for dx in pull({"out": np.ones((1, 1, 1))})[1])


def test_keys_that_are_padding_get_no_weight_and_no_derivative():
    mask = np.array([[True], [True], [False]])
    out, pull = attended([[1]], [[0, 0, 9]], [[1, 3, 100]], mode=Mode(masks=(None, mask, mask)))
    assert out.tolist() == [[2]]
    _, (_, dkey, dvalue) = pull({"out": np.ones((1, 1, 1))})
    assert dkey[0, 2, 0] == dvalue[0, 2, 0] == 0


def test_the_output_is_padded_where_the_query_is():
    query, other = np.array([[True]]), np.array([[False]])
    assert LAYER.mask(query, other, other) is query
    assert LAYER.mask() is None


def test_each_query_is_multiplied_with_every_key_and_value():
    assert LAYER.multiply_adds((4, 2), (4, 5), (3, 5)) == 2 * 5 * (4 + 3)


@pytest.mark.parametrize(
    ("shapes", "sentence"),
    [
        (
            [(4, 2), (3, 5), (3, 5)],
            "query and key must have the same number of features; got 4 and 3. Add a Linear layer "
            "with that many units before one of them.",
        ),
        (
            [(4, 2), (4, 5), (3, 6)],
            "key and value must have the same number of steps; got 5 and 6. Take both from the "
            "same sequence.",
        ),
        ([(4, 2), (4,), (3, 6)], "the key must be a sequence; got a vector of 4."),
    ],
)
def test_what_does_not_fit_is_told_with_both_numbers(shapes, sentence):
    with pytest.raises(DesignError) as caught:
        LAYER.output_shape(*shapes)
    assert str(caught.value) == sentence
