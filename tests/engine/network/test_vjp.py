"""engine.vjp: one layer alone."""

import numpy as np
import pytest

import engine
from engine.errors import DataError
from engine.layers.mode import TRAINING

W, b = np.array([[1.0, -2.0]]), np.array([[0.5]])
x = np.array([[1.0, 3.0], [2.0, 0.0]])


def test_by_hand_the_derivatives_are_sums_over_the_examples():
    values, pull = engine.vjp(engine.Linear(units=1), {"W": W, "b": b}, x)
    assert values["out"].tolist() == [[-2.5, 3.5]]
    dparams, (dx,) = pull({"out": [[1.0, 10.0]]})
    assert dparams["W"].tolist() == [[31.0, 2.0]]
    assert dparams["b"].tolist() == [[11.0]]
    assert dx.tolist() == [[1.0, 10.0], [-2.0, -20.0]]


def test_a_layer_of_several_parts_is_one_function():
    values, pull = engine.vjp(engine.Dense(units=1), {"W": W, "b": b}, x)
    assert values["out"].tolist() == [[0.0, 3.5]]
    dparams, (dx,) = pull({"out": [[1.0, 10.0]]})
    assert dparams["W"].tolist() == [[30.0, 0.0]]
    assert dx.tolist() == [[0.0, 10.0], [0.0, -20.0]]


def test_batch_norm_takes_statistics_from_the_state_or_the_batch():
    layer, ones = engine.BatchNorm(epsilon=1e-12), np.ones((2, 1))
    params = {"gamma": ones, "beta": 0 * ones}
    alone, _ = engine.vjp(layer, params, x, state={"mean": ones, "variance": ones})
    assert np.allclose(alone["out"], x - 1)
    batch, _ = engine.vjp(layer, params, x, mode=TRAINING)
    assert np.allclose(batch["out"], [[-1, 1], [1, -1]])


def test_missing_derivatives_count_as_zero():
    _, pull = engine.vjp(engine.Linear(units=1), {"W": W, "b": b}, x)
    dparams, (dx,) = pull({})
    assert not dparams["W"].any() and not dx.any()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: engine.vjp(engine.Linear(units=1), {"W": W}, x), "lacks the parameter 'b'"),
        (lambda: engine.vjp(engine.Linear(units=1), {"W": W.T, "b": b}, x), "'W' must have the sh"),
        (lambda: engine.vjp(engine.Add(), {"W": W}, x, x), "Add has no parameter 'W'"),
        (lambda: engine.vjp(engine.Add(), {}, x), "Add lacks an input: at least 2"),
        (lambda: engine.vjp(engine.Flatten(), {}), "Flatten lacks an input: in"),
        (lambda: engine.vjp(engine.Flatten(), {}, x, x), "takes 1 inputs; got 2"),
        (lambda: engine.vjp(engine.Add(), {}, x, x[:, :1]), "same number of examples"),
        (lambda: engine.vjp(engine.Flatten(), {}, x)[1]({"last": x}), "has no output 'last'"),
        (lambda: engine.vjp(engine.Flatten(), {}, x)[1]({"out": x[:1]}), "dy must have the shape"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(call, sentence):
    with pytest.raises(DataError, match=sentence):
        call()
