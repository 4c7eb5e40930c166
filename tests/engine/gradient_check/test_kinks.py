"""Kinks within epsilon are found exactly, left out of the verdict, and counted."""

import numpy as np
import pytest

import engine
from engine.layers.base import Layer
from tests.engine.gradient_check.networks import chain


def relu_unit(X, W, b=0.0, activation="relu"):
    """One hidden unit z = W x + b in front of a linear output of weight 1; y = -1."""
    design = chain(
        engine.Dense(units=1, activation=activation),
        engine.Output(task="regression", units=1),
        features=1,
        names=["x", "h", "y"],
    )
    network = engine.Network(design, seed=0, dtype="float64")
    network.theta[...] = [W, b, 1.0, 0.0]
    return network, np.array([X]), -np.ones((1, len(X)))


def test_a_kink_within_epsilon_is_counted_and_left_out():
    network, X, Y = relu_unit([1.0, 2.0, 0.0], W=0.5)  # z = 0 for the last example
    report = engine.check_gradients(network, X, Y, epsilon=1e-4)
    kinks = {block.name: block.kinks for block in report.blocks}
    assert kinks == {"h.W": 0, "h.b": 1, "y.W": 0, "y.b": 0}  # x = 0: W does not move z
    assert report.kinks == 1 and report.checked == 3 and report.parameters == 4
    assert report.verdict == "great" and report.passed
    assert report.sentence.endswith("1 component is left out: a kink lies within epsilon.")
    assert report.numerical[1] == pytest.approx(report.exact[1] + 1 / 6, rel=1e-3)


def test_a_kink_just_outside_epsilon_is_not_one():
    for distance, kinks in ((0.9e-4, 1), (1.1e-4, 0)):
        network, X, Y = relu_unit([0.0], W=0.5, b=distance)
        report = engine.check_gradients(network, X, Y, epsilon=1e-4)
        assert report.kinks == kinks
        assert report.verdict == "great"


def test_a_smooth_activation_has_no_kinks():
    network, X, Y = relu_unit([1.0, 0.0], W=0.5, activation="tanh")
    assert engine.check_gradients(network, X, Y).kinks == 0


def test_a_kink_in_a_later_layer_is_found():
    design = chain(
        engine.Dense(units=1, activation="tanh"),
        engine.Dense(units=1, activation="leaky_relu"),
        engine.Output(task="regression", units=1),
        features=1,
        names=["x", "h1", "h2", "y"],
    )
    network = engine.Network(design, seed=0, dtype="float64")
    network.theta[...] = [1.0, 0.0, 1.0, -np.tanh(1.0), 1.0, 0.0]  # h2 has z = 0 at x = 1
    report = engine.check_gradients(network, [[1.0, 3.0]], [[1.0, 2.0]])
    kinks = {block.name: block.kinks for block in report.blocks}
    assert kinks == {"h1.W": 1, "h1.b": 1, "h2.W": 1, "h2.b": 1, "y.W": 0, "y.b": 0}
    assert report.passed


def test_the_kink_of_the_absolute_error_is_found():
    task = {"kind": "regression", "error": "absolute_error"}
    network = engine.Network(chain(engine.Output(task=task, units=1), features=1), seed=0)
    network.theta[...] = [2.0, 0.0]
    report = engine.check_gradients(network, [[1.0, 0.0]], [[2.0, 5.0]])  # the first fits exactly
    assert report.kinks == 2
    assert report.verdict == "undecided"
    assert "Nothing can be compared" in report.sentence


def test_the_kink_of_an_l1_penalty_is_found_at_a_weight_near_zero():
    settings = engine.TrainingSettings(l1=0.5)
    network = engine.Network(
        chain(engine.Output(task="regression", units=1), features=2), settings, seed=0
    )
    network.theta[...] = [1e-9, 0.7, 0.0]
    report = engine.check_gradients(network, [[1.0], [2.0]], [[3.0]])
    assert report.blocks[0].kinks == 1
    assert report.verdict == "great"


def test_a_bug_is_not_hidden_behind_kinks():
    network, X, Y = relu_unit([1.0, 2.0, 0.0], W=0.5)
    fault = {"kind": "doubled_dw", "node": "h"}
    report = engine.check_gradients(network, X, Y, epsilon=1e-4, fault=fault)
    assert report.blamed == ("h.W",) and report.kinks == 1


def test_a_dead_relu_network_at_its_kink_reports_it_and_passes():
    network, X, Y = relu_unit([0.0, 0.0], W=0.5)
    report = engine.check_gradients(network, X, Y)
    assert {b.name: b.verdict for b in report.blocks}["h.b"] == "undecided"
    assert report.passed


class _Largest(Layer):
    """y = the largest of each column, (n, m) -> (1, m): a tie is a kink."""

    title = "Largest"

    def output_shape(self, *inputs):
        return (1,)

    def forward(self, params, state, *xs, mode):
        return xs[0].max(axis=0, keepdims=True), xs[0]

    def backward(self, params, grads, cache, dy, *, need_dx=True):
        return (dy * (cache == cache.max(axis=0)),)

    def branches(self, cache):
        return cache.argmax(axis=0)


class _Bent(Layer):
    """y = max(w x, 0), of whose kink only the layer itself knows: (n, m) -> (n, m)."""

    title = "Bent"

    def output_shape(self, *inputs):
        return inputs[0]

    def parameter_shapes(self, *inputs):
        return {"w": (1, 1)}

    def initialize(self, rng, *inputs):
        return {"w": np.zeros((1, 1))}, {}

    def forward(self, params, state, *xs, mode):
        z = params["w"] * xs[0]
        return np.maximum(z, 0), (xs[0], z)

    def backward(self, params, grads, cache, dy, *, need_dx=True):
        x, z = cache
        grads["w"][...] = (dy * x * (z > 0)).sum() / dy.shape[-1]
        return (dy * params["w"] * (z > 0),)

    def branches(self, cache):
        return cache[1] > 0


def layer_network(*layers, features=2):
    names = ["x", *(f"h{number}" for number in range(1, len(layers) + 1)), "y"]
    design = chain(
        *layers, engine.Output(task="regression", units=1), features=features, names=names
    )
    return engine.Network(design, seed=0, dtype="float64")


def test_a_tie_of_two_maxima_is_a_kink():
    network = layer_network(engine.Linear(units=2), _Largest())
    network.theta[...] = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0]  # W = identity
    apart = engine.check_gradients(network, [[1.0], [2.0]], [[0.0]])
    tied = engine.check_gradients(network, [[2.0], [2.0]], [[0.0]])
    assert apart.passed and apart.kinks == 0
    assert tied.blocks[0].kinks == 4 and tied.blocks[1].kinks == 2


def test_a_kink_inside_the_layer_whose_parameter_changes_is_found():
    report = engine.check_gradients(layer_network(_Bent(), features=1), [[1.0, 2.0]], [[1.0, 2.0]])
    assert {block.name: block.kinks for block in report.blocks}["h1.w"] == 1


def test_kinks_of_sequences_are_found_step_by_step():
    """z = x at every step; only the middle step of the second example lies at the kink."""
    layers = engine.Dense(units=1, activation="relu"), engine.Flatten()
    design = engine.Design.sequential(
        [engine.Input(shape=(1, 3)), *layers, engine.Output(task="regression", units=1)],
        ["x", "h", "flat", "y"],
    )
    network = engine.Network(design, seed=0, dtype="float64")
    network.theta[...] = [1.0, 0.0, 1.0, 2.0, 3.0, 0.0]
    X = np.array([[[1.0, 4.0], [2.0, 0.0], [3.0, -1.0]]])
    report = engine.check_gradients(network, X, [[1.0, 2.0]])
    kinks = {block.name: block.kinks for block in report.blocks}
    assert kinks == {"h.W": 0, "h.b": 1, "y.W": 0, "y.b": 0}  # x = 0: W does not move z
    assert report.passed
