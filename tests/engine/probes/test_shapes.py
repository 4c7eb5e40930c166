"""What views show of networks on images, sequences and tokens."""

import numpy as np
import pytest

import engine
from engine.data import DataPlan, Dataset
from engine.data.blocks import DataBlock
from engine.errors import DataError
from engine.probes.boundary import facts_of
from engine.probes.plane import plane_of, sweep
from engine.probes.vectors import vectors_of
from engine.probes.weight_pictures import first_weights

DIGITS = DataPlan(source="digits-8x8").build()


def network(*layers, data=DIGITS, **ends):
    chain = [engine.Input(**ends), *layers, engine.Output(task="multi_class")]
    names = ["x", *(f"h{number}" for number in range(1, len(layers) + 1)), "y"]
    return engine.Network(engine.Design.sequential(chain, names), data=data)


def test_filters_that_look_at_the_pixels_are_pictures_of_their_own():
    net = network(engine.Conv2D(filters=3, kernel=5), engine.Flatten(), shape=(1, 8, 8))
    weights = first_weights(net, DIGITS)
    assert weights.node == "h1"
    assert np.array_equal(weights.values, net.parameters["h1.W"][:, 0])
    assert weights.norms == pytest.approx(np.linalg.norm(weights.values.reshape(3, -1), axis=1))


def test_a_layer_behind_a_convolution_has_no_weights_of_pixels():
    """Also where it has as many inputs as there are pixels: 16 filters of 2 × 2 places."""
    conv = engine.Conv2D(filters=16, kernel=2, stride=4, trainable=False)
    net = network(conv, engine.Flatten(), engine.Dense(units=5), shape=(1, 8, 8))
    assert net.parameters["h3.W"].shape == (5, 64)
    assert first_weights(net, DIGITS).node == "h1"
    pooled = network(engine.MaxPool(), engine.Flatten(), shape=(1, 8, 8))
    assert first_weights(pooled, DIGITS) is None


def test_weights_of_states_are_no_pictures():
    """56 units and 8 features: a row of Wa has as many numbers as an example."""
    net = network(engine.RNN(units=56), engine.Flatten(), engine.Dense(units=4), shape=(8, 8))
    assert net.parameters["h1.Wa"].shape == (56, 64)
    assert first_weights(net, DIGITS) is None


def test_the_last_state_of_a_recurrent_layer_is_a_vector_to_look_at():
    net = network(engine.RNN(units=5), engine.Flatten(), shape=(8, 8))
    assert {name: output.units for name, output in vectors_of(net).items()} == {
        "h1.last": 5,
        "h2": 40,
        "y": 10,
    }
    assert dict(facts_of(net, DIGITS).layers) == {"h1.last": 5, "h2": 40}
    swept = sweep(net, plane_of(DIGITS, cells=(4, 3)))
    assert swept.units["h1.last"].shape == (5, 3, 4)


def test_there_is_no_plane_through_tokens_or_lengths():
    rng = np.random.default_rng(0)
    X, Y = rng.integers(0, 7, (4, 60)).astype(float), rng.integers(0, 3, 60)
    blocks = (DataBlock("x", (4,), vocabulary=7),)
    tokens = Dataset(X, np.eye(3)[:, Y], "multi_class", blocks=blocks).split(0.5, 0.5, 0.0)
    layers = [engine.Embedding(units=2), engine.Flatten()]
    net = network(*layers, data=tokens)
    with pytest.raises(DataError, match="no plane through these inputs: 'x' takes whole numbers"):
        facts_of(net, tokens)
