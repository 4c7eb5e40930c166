"""Embedding: columns of E, and what is no token."""

import numpy as np
import pytest

import engine
from engine import Embedding
from engine.errors import DataError, DesignError
from engine.layers.kinds import Tokens
from engine.layers.mode import Mode
from engine.settings import TrainingSettings

E = np.array([[1.0, 2, 3], [10, 20, 30]])


def test_a_token_picks_its_column_and_the_columns_gather_the_derivatives():
    """E times a one-hot vector, course 5, week 2; two steps hold token 2."""
    tokens = [[2.0, 0], [2, 1]]  # (T, m)
    values, pull = engine.vjp(Embedding(units=2), {"E": E}, tokens)
    assert values["out"][:, :, 0].tolist() == [[3, 3], [30, 30]]
    assert values["out"][:, :, 1].tolist() == [[1, 2], [10, 20]]
    dy = np.arange(1.0, 9).reshape(2, 2, 2)
    dparams, dxs = pull({"out": dy})
    assert dparams["E"].tolist() == [[2, 4, 1 + 3], [6, 8, 5 + 7]]
    assert dxs == (None,)


def test_the_vocabulary_is_that_of_the_tokens():
    layer = Embedding(units=300)
    assert layer.output_shape(Tokens(20, 10_000)) == (300, 20)
    assert layer.parameter_shapes(Tokens(20, 10_000)) == {"E": (300, 10_000)}


def test_a_fresh_embedding_has_variance_one_under_xavier():
    layer = Embedding(units=50, initializer="xavier").resolved(TrainingSettings())
    drawn = layer.initialize(np.random.default_rng(0), Tokens(5, 400))[0]["E"]
    assert drawn.std() == pytest.approx(1, abs=0.02)


def test_padding_becomes_zero_whatever_stands_there():
    mask = np.array([[True], [False]])
    values, _ = engine.vjp(Embedding(units=2), {"E": E}, [[1.0], [99]], mode=Mode(masks=(mask,)))
    assert values["out"][:, :, 0].tolist() == [[2, 0], [20, 0]]


@pytest.mark.parametrize(("token", "said"), [(3.0, "3"), (-1.0, "-1"), (0.5, "0.5")])
def test_what_is_no_token_is_told_with_its_place(token, said):
    with pytest.raises(DataError) as caught:
        engine.vjp(Embedding(units=2), {"E": E}, [[0.0, 1], [2, token]])
    assert str(caught.value) == (
        "tokens must be whole numbers from 0 to 2; step 1 of example 1 is "
        f"{said}. Increase the vocabulary of the Input, or correct the data."
    )


def test_numbers_are_no_tokens():
    with pytest.raises(DesignError) as caught:
        Embedding().checked_shapes((3, 6))
    assert str(caught.value) == (
        "the input must be tokens; got a sequence of 3 × 6. Give the Input a vocabulary, and the "
        "number of steps as its shape."
    )
