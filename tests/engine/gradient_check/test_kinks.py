"""Kinks within epsilon are found exactly, left out of the verdict, and counted."""

import numpy as np
import pytest

import engine
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
