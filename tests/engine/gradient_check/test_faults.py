"""Planted bugs: each is caught, and the right block is blamed."""

import numpy as np
import pytest

import engine
from engine.errors import SpecError
from engine.gradient_check import Fault
from tests.engine.gradient_check.networks import chain

SETTINGS = {"l2": 0.7, "keep_prob": 0.8}

# kind -> (node of the fault, blocks to blame, words of the sentence)
BLAME = {
    "forgot_mean": ("h2", ("h2.W", "h2.b"), "dW and db are m = 40 times too large"),
    "sign_of_db": ("h1", ("h1.b",), "Every other db agrees; db of 'h1' is of the wrong sign."),
    "doubled_dw": ("h2", ("h2.W",), "Every other dW agrees; dW of 'h2' is off by a factor of 2."),
    "missing_l2": ("h3", ("h3.W",), "dW of 'h3' is without the L2 term"),
    "transposed_w": ("h3", ("h2.W", "h2.b"), "dA = W^T dZ of 'h3'"),
    "relu_derivative_forgotten": ("h2", ("h2.W", "h2.b"), "derivative of its activation"),
    "no_keep_prob_scaling": ("h2", ("h2.W", "h2.b"), "keep_prob = 0.8 times what is right"),
}


def test_every_fault_has_its_case_a_title_and_an_explanation():
    assert set(BLAME) == set(Fault.kinds())
    for fault in Fault.registry.values():
        assert fault.title and len(fault().explanation) > 60


@pytest.mark.parametrize("kind", BLAME)
def test_a_fault_is_caught_and_the_right_block_blamed(make, data, kind):
    node, blamed, words = BLAME[kind]
    report = engine.check_gradients(make(**SETTINGS), *data, fault={"kind": kind, "node": node})
    assert not report.passed and report.verdict == "bug"
    assert report.fault == Fault.registry[kind].title
    assert report.blamed == blamed
    assert words in report.sentence


@pytest.mark.parametrize("kind", BLAME)
def test_blocks_nearer_to_the_output_than_the_fault_agree(make, data, kind):
    node, blamed, _ = BLAME[kind]
    report = engine.check_gradients(make(**SETTINGS), *data, fault={"kind": kind, "node": node})
    names = [block.name for block in report.blocks]
    after = report.blocks[names.index(blamed[-1]) + 1 :]
    assert after and all(block.relative_error < 1e-6 for block in after)


@pytest.mark.parametrize("kind", BLAME)
def test_without_a_node_it_is_planted_in_the_middle(make, data, kind):
    report = engine.check_gradients(make(**SETTINGS), *data, fault=kind)
    assert not report.passed and report.blamed


@pytest.mark.parametrize("kind", ["forgot_mean", "doubled_dw", "transposed_w"])
def test_faults_are_caught_with_batch_norm_too(make, data, kind):
    report = engine.check_gradients(make(batch_norm=True), *data, fault=kind)
    assert report.verdict == "bug"


def test_factors_and_causes_are_measured(make, data):
    report = engine.check_gradients(make(), *data, fault={"kind": "sign_of_db", "node": "y"})
    block = report.blocks[-1]
    assert block.name == "y.b" and block.factor == pytest.approx(-1, abs=1e-6)
    assert block.relative_error == pytest.approx(1)  # ||a - (-a)|| / 2||a||
    assert block.finding == "db of 'y' is of the wrong sign"


def test_a_square_w_in_place_of_its_transpose_is_exactly_w(data):
    X, labels = data
    design = chain(
        engine.Dense(units=4, activation="tanh"),
        engine.Dense(units=4, activation="linear"),
        engine.Output(task="multi_class", units=3),
        names=["x", "h1", "h2", "y"],
    )
    network = engine.Network(design, seed=0, dtype="float64")
    report = engine.check_gradients(
        network, X, labels, fault={"kind": "transposed_w", "node": "h2"}
    )
    passed = network.learn_from(X, np.eye(3)[:, labels])
    dz2, a1 = passed.d[network.slots["h2"]], passed.trace.values[network.slots["h1"]]
    dz1 = (network.parameters["h2.W"] @ dz2) * (1 - a1**2)
    start = next(b for b in network.slices if b.name == "h1.W")
    wrong = report.exact[start.start : start.stop].reshape(start.shape)
    assert wrong == pytest.approx(dz1 @ X.T / 40)


def test_a_fault_that_does_not_fit_is_refused_with_the_places_where_it_does(make, data):
    with pytest.raises(engine.TrainingError, match="cannot be planted in this network"):
        engine.check_gradients(make(), *data, fault="missing_l2")
    with pytest.raises(engine.TrainingError, match="It fits these layers: h2, h3, y"):
        engine.check_gradients(make(), *data, fault={"kind": "transposed_w", "node": "h1"})
    with pytest.raises(SpecError, match="There is no fault"):
        engine.check_gradients(make(), *data, fault="gremlins")


def test_a_bug_in_a_small_block_is_not_hidden_by_the_norm_of_all_of_theta(data):
    deep = [engine.Dense(units=6, activation="sigmoid") for _ in range(6)]
    design = chain(*deep, engine.Output(task="multi_class", units=3))
    network = engine.Network(design, seed=0)
    fault = {"kind": "sign_of_db", "node": "dense"}
    report = engine.check_gradients(network, *data, fault=fault)
    assert report.relative_error < 1e-3  # the ratio alone would not call it a bug
    assert report.verdict == "bug" and not report.passed
    assert report.blamed == ("dense.b",)


def test_a_sound_check_follows_a_faulty_one(make, data):
    network = make()
    assert not engine.check_gradients(network, *data, fault="relu_derivative_forgotten").passed
    assert engine.check_gradients(network, *data).passed


def _images():
    layers = [
        engine.Input(shape=(2, 5, 5)),
        engine.Conv2D(filters=3),
        engine.Activation(function="relu"),
        engine.Dropout(keep_prob=0.8),
        engine.Conv2D(filters=2),
        engine.Activation(function="relu"),
        engine.Flatten(),
        engine.Output(task="multi_class", units=3),
    ]
    return engine.Design.sequential(layers), (50,)


def _sequences():
    nodes = {
        "x": engine.Input(shape=(3, 4)),
        "h": engine.Dense(units=3, activation="relu", keep_prob=0.8),
        "k": engine.Dense(units=3, activation="relu"),
        "r": engine.RNN(units=4),
        "y": engine.Output(task="multi_class", units=3),
    }
    ends = [("x", "h"), ("h", "k"), ("k", "r"), ("r", "y", "in", "last")]
    return engine.Design(nodes, tuple(engine.Wire(*end) for end in ends)), (12,)


@pytest.mark.parametrize("design", [_images, _sequences])
@pytest.mark.parametrize("kind", BLAME)
def test_faults_of_images_and_sequences_are_caught_wherever_they_fit(design, kind):
    design, sizes = design()
    network = engine.Network(design, engine.TrainingSettings(l2=0.5), seed=2, dtype="float64")
    rng = np.random.default_rng(0)
    X, labels = rng.normal(size=(*sizes, 6)), np.array([0, 1, 2, 0, 1, 2])
    places = Fault.registry[kind]().places(network)
    assert places
    for node in places:
        report = engine.check_gradients(network, X, labels, fault={"kind": kind, "node": node})
        assert report.verdict == "bug", (kind, node)
