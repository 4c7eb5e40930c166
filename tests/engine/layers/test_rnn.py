"""The plain recurrent layer: by hand, padding, a start from elsewhere, and what does not fit."""

import math

import numpy as np
import pytest

import engine
from engine import RNN, Dense, Design, Input, Network, Output, TrainingSettings, Wire
from engine.errors import DesignError
from engine.layers.mode import Mode

PARAMS = {"Wa": np.array([[0.5, 2.0]]), "ba": np.array([[-1.0]])}  # [a_prev, x] in this order
ONE = RNN(units=1)
X = np.array([[[1.0], [0.0], [-1.0]]])  # one feature, three steps, one example
STATES = [math.tanh(2 - 1)]
STATES.append(math.tanh(0.5 * STATES[0] - 1))
STATES.append(math.tanh(0.5 * STATES[1] - 2 - 1))


def test_every_step_takes_the_state_before_it():
    values, _ = engine.vjp(ONE, PARAMS, X)
    assert values["out"][0, :, 0] == pytest.approx(STATES, rel=1e-15)
    assert values["last"].tolist() == [[values["out"][0, 2, 0]]]


def test_the_derivative_goes_back_through_time():
    _, pull = engine.vjp(ONE, PARAMS, X)
    dparams, (dx,) = pull({"last": [[1.0]]})
    dz3 = 1 - STATES[2] ** 2
    dz2 = 0.5 * dz3 * (1 - STATES[1] ** 2)
    dz1 = 0.5 * dz2 * (1 - STATES[0] ** 2)
    assert dx[0, :, 0] == pytest.approx([2 * dz1, 2 * dz2, 2 * dz3])
    assert dparams["ba"][0, 0] == pytest.approx(dz1 + dz2 + dz3)
    by_state, by_input = STATES[0] * dz2 + STATES[1] * dz3, dz1 - dz3
    assert dparams["Wa"][0] == pytest.approx([by_state, by_input])


def test_the_state_is_held_past_the_end_of_a_sequence():
    mask = np.array([[True], [False], [False]])
    values, pull = engine.vjp(ONE, PARAMS, X, mode=Mode(masks=(mask,)))
    assert values["out"][0, :, 0] == pytest.approx([STATES[0]] * 3)
    assert values["last"][0, 0] == pytest.approx(STATES[0])
    _, (dx,) = pull({"last": [[1.0]]})
    assert dx[0, :, 0] == pytest.approx([2 * (1 - STATES[0] ** 2), 0, 0])


def test_a_start_from_elsewhere_goes_on_where_another_pass_ended():
    values, _ = engine.vjp(ONE, PARAMS, X)
    first, _ = engine.vjp(ONE, PARAMS, X[:, :1])
    rest, _ = engine.vjp(ONE, PARAMS, X[:, 1:], first["last"])
    assert rest["last"] == pytest.approx(values["last"], rel=1e-15)


def test_parameters_are_those_of_the_lectures():
    layer = RNN(units=5)
    assert layer.parameter_shapes((3, 10), None) == {"Wa": (5, 8), "ba": (5, 1)}
    assert layer.multiply_adds((3, 10), None) == 10 * 5 * 8


@pytest.mark.parametrize(
    ("shapes", "sentence"),
    [
        (
            ((3,), None),
            "the input must be a sequence; got a vector of 3. Give the Input a shape of "
            "features × steps.",
        ),
        (
            ((3, 6), (4,)),
            "a0 must be a vector of 5, as long as the state; got a vector of 4. Give the layer "
            "it comes from the same number of units.",
        ),
    ],
)
def test_what_does_not_fit_is_refused(shapes, sentence):
    with pytest.raises(DesignError) as caught:
        RNN(units=5).output_shapes(*shapes)
    assert str(caught.value) == sentence


def parity(m, rng):
    """Sequences of 1 to 6 bits, and whether they hold an odd number of ones."""
    lengths = rng.integers(1, 7, m)
    bits = rng.integers(0, 2, (6, m)) * (np.arange(6)[:, None] < lengths)
    return np.vstack([bits, lengths]).astype(float), bits.sum(axis=0, keepdims=True) % 2


def test_a_network_learns_the_parity_of_sequences_of_unequal_lengths():
    nodes = {
        "x": Input(shape=(1, 6), lengths=True),
        "r": RNN(units=16, initializer="orthogonal"),
        "h": Dense(units=8),
        "y": Output(task="binary"),
    }
    wires = (Wire("x", "r"), Wire("r", "h", out="last"), Wire("h", "y"))
    data_X, data_Y = parity(600, np.random.default_rng(0))
    data = engine.data.Dataset(data_X, data_Y.astype(float), "binary").split(0.8, 0.2, 0)
    settings = TrainingSettings(epochs=60, batch_size=32, optimizer=engine.Adam(learning_rate=0.01))
    network = Network(Design(nodes, wires), settings, seed=0)
    *_, last = engine.train(network, data, settings)
    assert last.history.newest["dev_score"] == 1
