"""Layers that share the parameters of another one: counted, drawn, penalized and updated once."""

import numpy as np
import pytest

import engine
from engine.design import Design, Wire, check, describe
from engine.design.sharing import owners_for
from engine.errors import DesignError, TrainingError
from engine.gradient_check import Verdict, check_gradients
from engine.layers import BatchNorm, Concatenate, Dense, Input, Layer, Linear, Output
from engine.network import Network
from engine.settings import TrainingSettings
from engine.training.updater import Updater
from tests.engine.gradient_check.networks import loop

M = 6


def tower(units=4, **fields):
    """x and z through the same layer 'left', then side by side into y."""
    nodes = {
        "x": Input(features=6),
        "up": Linear(units=3),
        "down": Linear(units=3),
        "left": Dense(units=units, activation="tanh", **fields),
        "right": Dense(units=units, activation="tanh", shares="left", **fields),
        "both": Concatenate(),
        "y": Output(task="multi_class", units=3),
    }
    wires = [Wire("x", "up"), Wire("x", "down"), Wire("up", "left"), Wire("down", "right")]
    wires += [Wire("left", "both"), Wire("right", "both", "in2"), Wire("both", "y")]
    return Design(nodes, tuple(wires))


def batch(seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(6, M)), np.eye(3)[:, rng.integers(0, 3, M)]


def build(design=None, dtype="float64", **settings):
    return Network(design or tower(), TrainingSettings(**settings), seed=1, dtype=dtype)


def test_both_layers_compute_with_the_same_parameters():
    network = build()
    X, _ = batch()
    values = network.forward(X).values
    for node, source in (("left", "up"), ("right", "down")):
        z = network.parameters["left.W"] @ values[network.slots[source]]
        expected = np.tanh(z + network.parameters["left.b"])
        assert np.allclose(values[network.slots[node]], expected)
    assert network.parameter("right", "W") is network.parameter("left", "W")


def test_shared_parameters_count_once_everywhere():
    network = build()
    names = ["up.W", "up.b", "down.W", "down.b", "left.W", "left.b", "y.W", "y.b"]
    assert list(network.parameters) == names
    assert network.parameter_nodes == ["up", "down", "left", "y"]
    report = check(network.design)
    assert report.parameters["left"] == 16 and report.parameters["right"] == 0
    assert sum(report.parameters.values()) == network.theta.size
    rows = {row.name: row for row in describe(network.design)}
    assert rows["right"].parameters == 0
    assert rows["right"].settings == "4, tanh, keep 1, shares parameters of 'left'"
    assert network.design.nodes["right"].face() == ["4", "tanh", "shares parameters of 'left'"]


@pytest.mark.parametrize("settings", [{}, {"l2": 0.7, "l1": 0.2}, {"batch_norm": True}])
def test_gradients_add_up_and_penalties_count_once(settings):
    network = build(**settings)
    X, Y = batch()
    cost = network.cost_and_gradient(X, Y)
    step = 1e-5
    numeric = loop(network, X, Y, step)
    assert np.allclose(network.gradient, numeric, rtol=1e-6, atol=1e-8)
    assert len(network.penalties) == (4 if "l2" in settings else 0)
    assert cost == network.cost_and_gradient(X, Y)  # nothing is left of the pass before


@pytest.mark.parametrize("choice", [{}, {"sample": 3}, {"directions": 4}])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_the_gradient_check_changes_all_users(choice, activation):
    design = tower().edit("left", activation=activation).edit("right", activation=activation)
    report = check_gradients(build(design, l2=0.3), *batch(), **choice)
    assert report.verdict is Verdict.GREAT
    assert [block.name for block in report.blocks][4:6] == ["left.W", "left.b"]


def test_the_check_finds_a_gradient_that_lacks_one_user():
    network = build()
    X, Y = batch()
    network.cost_and_gradient(X, Y)
    gradient = {name: value.copy() for name, value in network.gradients.items()}
    alone = build(tower().edit("right", shares=None))
    for name, value in network.parameters.items():
        alone.parameters[name][...] = value
    for name in "Wb":
        alone.parameters[f"right.{name}"][...] = network.parameters[f"left.{name}"]
    alone.cost_and_gradient(X, Y)
    assert np.allclose(
        gradient["left.W"], alone.gradients["left.W"] + alone.gradients["right.W"], rtol=1e-12
    )
    gradient["left.W"] = alone.gradients["left.W"]
    report = check_gradients(network, X, Y, gradient=gradient)
    assert report.blamed == ("left.W",)


def test_a_kink_at_any_user_is_found():
    design = tower(units=1).edit("left", activation="relu").edit("right", activation="relu")
    network = build(design)
    X, Y = batch()
    down = network.forward(X).values[network.slots["down"]][:, 0]
    network.parameters["left.b"][...] = -network.parameters["left.W"] @ down[:, None]
    report = check_gradients(network, X, Y)
    kinks = {block.name: block.kinks for block in report.blocks}
    assert kinks["left.b"] == 1 and kinks["left.W"] == 3


def test_a_chain_may_use_one_layer_several_times():
    layers = [Input(features=4), Dense(units=4, activation="tanh")]
    layers += [Dense(units=4, activation="tanh", shares="h1") for _ in range(3)]
    names = ["x", "h1", "h2", "h3", "h4", "y"]
    network = build(Design.sequential([*layers, Output(task="regression", units=1)], names))
    rng = np.random.default_rng(0)
    report = check_gradients(network, rng.normal(size=(4, M)), rng.normal(size=(1, M)))
    assert report.verdict is Verdict.GREAT
    assert network.theta.size == 20 + 5


def test_a_user_may_stand_in_front_of_the_owner():
    names = ["x", "h1", "h2", "y"]
    layers = [Input(features=3), Linear(units=3, shares="h2"), Linear(units=3)]
    network = build(Design.sequential([*layers, Output(task="binary")], names))
    assert list(network.parameters) == ["h2.W", "h2.b", "y.W", "y.b"]
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(3, M)), rng.integers(0, 2, (1, M))
    assert check_gradients(network, X, Y).verdict is Verdict.GREAT
    longer = network.design.edit("h1", shares=None).edit("h2", shares="h1")
    with pytest.raises(TrainingError, match="different parameters"):
        network.adopt(network.settings, longer)


def test_a_run_goes_on_with_the_same_sharing_when_settings_change():
    network = build()
    X, Y = batch()
    network.adopt(TrainingSettings(l2=0.5), network.design.edit("left", keep_prob=0.9))
    network.cost_and_gradient(X, Y, dropout=False)
    gradient = network.gradient.copy()
    other = Network(network.design, network.settings, seed=1, dtype="float64")
    other.cost_and_gradient(X, Y, dropout=False)
    assert np.array_equal(gradient, other.gradient)


def test_an_optimizer_updates_shared_parameters_once():
    network = build()
    X, Y = batch()
    updater = Updater(network, network.settings.replace(optimizer="gradient_descent"))
    network.cost_and_gradient(X, Y)
    before = network.theta.copy()
    updater.step()
    rate = updater.optimizers["left"].learning_rate
    assert np.allclose(network.theta, before - rate * network.gradient)


def test_a_copy_of_a_network_shares_within_itself():
    network = build(dtype="float32")
    copy = network.copy()
    X, Y = batch()
    copy.parameters["left.W"][...] = 0
    assert network.parameters["left.W"].any()
    assert not copy.parameter("right", "W").any()
    assert copy.cost_and_gradient(X, Y) != network.cost_and_gradient(X, Y)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"shares": "right"}, "cannot share its own parameters"),
        ({"shares": "nobody"}, "shares the parameters of 'nobody', which does not exist"),
        ({"units": 5}, "they are W 4 × 3 and b 4 × 1 there, but W 5 × 3 and b 5 × 1 here"),
        ({"shares": "both"}, "cannot share the parameters of 'both': they are none there"),
    ],
)
def test_a_layer_that_cannot_share_is_told_why(change, sentence):
    problems = check(tower().edit("right", **change)).problems
    assert len(problems) == 1 and problems[0].node == "right" and problems[0].field == "shares"
    assert sentence in problems[0].message
    with pytest.raises(DesignError, match="Dense 'right'"):
        build(tower().edit("right", **change))


def test_nobody_shares_with_a_layer_that_itself_shares():
    design = tower().add("third", Dense(units=4, shares="right")).connect("up", "third")
    design = design.connect("third", "both")
    (problem,) = check(design).problems
    assert "'right', which itself shares those of 'left'" in problem.message
    assert problem.hint == "Choose 'left'."
    circle = tower().edit("left", shares="right")
    assert {problem.node for problem in check(circle).problems} == {"left", "right"}


def test_the_layers_that_fit_are_offered():
    arrays = check(tower()).arrays
    assert owners_for(tower(), "right", arrays) == ["left"]
    assert owners_for(tower(), "left", arrays) == []  # the other one has none of its own
    assert owners_for(tower(), "down", arrays) == ["up"]
    assert owners_for(tower(), "both", arrays) == []


def test_renaming_the_owner_renames_it_where_it_is_shared():
    design = tower().rename("left", "twin")
    assert design.nodes["right"].shares == "twin"
    assert check(design).ok


def test_when_the_owner_is_deleted_the_first_user_takes_its_place():
    design = tower().add("third", Dense(units=4, shares="left")).remove(["left"])
    assert design.nodes["right"].shares is None
    assert design.nodes["third"].shares == "right"
    assert design.remove(["right"]).nodes["third"].shares is None


def test_files_keep_what_is_shared(tmp_path):
    project = engine.Project(design=tower())
    engine.save(project, tmp_path / "tower.netdesign")
    assert engine.load(tmp_path / "tower.netdesign").design == project.design
    layer = tower().nodes["right"]
    assert layer.to_json()["shares"] == "left"
    assert Layer.parse(layer.to_json()) == layer
    assert "shares" not in Dense().to_json()


def test_running_statistics_are_not_shared():
    design = tower(batch_norm=True)
    network = build(design)
    X, Y = batch()
    network.cost_and_gradient(X, Y)
    assert not np.array_equal(network.state["left.mean"], network.state["right.mean"])


def test_a_layer_without_weights_says_that_it_shares_all():
    assert BatchNorm(shares="bn").face()[-1] == "shares parameters of 'bn'"
