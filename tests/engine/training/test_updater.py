"""The updater: each layer's own optimizer, clipping, decay, max-norm, and changes in mid-run."""

import numpy as np
import pytest

import engine.training.updater
from engine.design import Design
from engine.layers import Dense, Input, Output
from engine.network import Network
from engine.optimizers import Adam, AdamW, GradientDescent, Momentum, RMSprop
from engine.settings import TrainingSettings
from engine.training.updater import Updater

ALPHA = 0.1


def build(settings=None, dtype="float64", **fields):
    """x -> h1 -> h2 -> y; fields are those of h1."""
    layers = [Input(features=3), Dense(units=4, **fields), Dense(units=4), Output(units=2)]
    design = Design.sequential(layers, ["x", "h1", "h2", "y"])
    settings = settings or TrainingSettings(optimizer=GradientDescent(learning_rate=ALPHA))
    return Network(design, settings, dtype=dtype)


def randomize(network, seed=0):
    network.gradient[...] = np.random.default_rng(seed).normal(size=network.gradient.size)


def of(network, node):
    """The part of theta that belongs to a node, as a copy."""
    return np.concatenate(
        [network.parameters[b.name].ravel() for b in network.slices if b.node == node]
    )


def test_gradient_descent_subtracts_alpha_times_the_gradient():
    network = build()
    before = network.theta.copy()
    randomize(network)
    updater = Updater(network)
    assert updater.step() is False
    assert np.allclose(network.theta, before - ALPHA * network.gradient, rtol=1e-15)
    assert np.array_equal(updater.previous, before)


@pytest.mark.parametrize("piece", [1, 7, 10_000])
def test_the_size_of_the_pieces_does_not_matter(monkeypatch, piece):
    whole, cut = (build(TrainingSettings(optimizer=Adam())) for _ in range(2))
    updaters = [Updater(whole)]
    monkeypatch.setattr(engine.training.updater, "PIECE", piece)
    updaters.append(Updater(cut))
    for _ in range(3):
        for network, updater in zip((whole, cut), updaters, strict=True):
            randomize(network)
            updater.step()
    assert np.array_equal(whole.theta, cut.theta)


def test_a_layers_own_optimizer_goes_before_the_settings():
    network = build(optimizer=Adam(learning_rate=0.01))
    before = {node: of(network, node) for node in network.parameter_nodes}
    randomize(network)
    Updater(network).step()
    steps = {node: before[node] - of(network, node) for node in before}
    assert np.allclose(np.abs(steps["h1"]), 0.01, rtol=1e-6)  # Adam's first step is alpha long
    y = slice(network.slices[-2].start, network.slices[-1].stop)
    assert np.allclose(steps["y"], ALPHA * network.gradient[y])


def test_two_optimizers_equal_two_separate_ones():
    mixed, adam, descent = (build(optimizer=o) for o in (Adam(), Adam(), None))
    updaters = [Updater(mixed), Updater(adam), Updater(descent)]
    for t in range(5):
        for network, updater in zip((mixed, adam, descent), updaters, strict=True):
            randomize(network, t)
            updater.step()
    assert np.array_equal(of(mixed, "h1"), of(adam, "h1"))
    assert np.array_equal(of(mixed, "h2"), of(descent, "h2"))


def test_a_frozen_layer_keeps_its_parameters_to_the_bit():
    network = build(
        TrainingSettings(optimizer=AdamW(learning_rate=1.0, weight_decay=0.5), l2=1.0),
        trainable=False,
        max_norm=0.01,
    )
    before = network.theta.copy()
    updater = Updater(network)
    for t in range(3):
        randomize(network, t)
        updater.step()
    frozen = network.slices[1].stop
    assert np.array_equal(network.theta[:frozen], before[:frozen])
    assert (network.theta[frozen:] != before[frozen:]).all()
    assert updater.counts == {"h1": 0, "h2": 3, "y": 3}


def test_a_change_of_optimizer_resets_that_layer_only():
    network = build(TrainingSettings(optimizer=Momentum()))
    updater = Updater(network)
    for t in range(3):
        randomize(network, t)
        updater.step()
    v = updater.slots["v"].copy()
    h1 = slice(0, network.slices[1].stop)
    network.adopt(network.settings, network.design.edit("h1", optimizer=Adam()))
    updater.adopt(network.settings)
    assert updater.counts == {"h1": 0, "h2": 3, "y": 3}
    assert not updater.slots["v"][h1].any()
    assert not updater.slots["s"].any()
    assert np.array_equal(updater.slots["v"][h1.stop :], v[h1.stop :])
    randomize(network)
    before = of(network, "h1")
    updater.step()
    assert np.allclose(np.abs(of(network, "h1") - before), 0.001, rtol=1e-5)
    updater.adopt(network.settings)  # nothing has changed since: nothing starts over
    assert updater.counts == {"h1": 1, "h2": 4, "y": 4}


def test_a_change_of_learning_rate_keeps_the_state():
    network = build(TrainingSettings(optimizer=Adam()))
    updater = Updater(network)
    randomize(network)
    updater.step()
    v = updater.slots["v"].copy()
    updater.adopt(TrainingSettings(optimizer=Adam(learning_rate=0.5)))
    assert updater.counts == {"h1": 1, "h2": 1, "y": 1}
    assert np.array_equal(updater.slots["v"], v)
    assert updater.learning_rate(0) == 0.5


def test_an_optimizer_that_changes_while_a_layer_rests_begins_anew_too():
    network = build(TrainingSettings(optimizer=Momentum()))
    updater = Updater(network)
    randomize(network)
    updater.step()
    for change in ({"trainable": False}, {"trainable": True, "optimizer": RMSprop()}):
        network.adopt(network.settings, network.design.edit("h1", **change))
        updater.adopt(network.settings)
    assert updater.counts == {"h1": 0, "h2": 1, "y": 1}
    assert not updater.slots["v"][: network.slices[1].stop].any()


def test_a_rest_keeps_the_state():
    network = build(TrainingSettings(optimizer=Momentum()))
    updater = Updater(network)
    randomize(network)
    updater.step()
    v = updater.slots["v"].copy()
    for trainable in (False, True):
        network.adopt(network.settings, network.design.edit("h1", trainable=trainable))
        updater.adopt(network.settings)
    assert updater.counts == {"h1": 1, "h2": 1, "y": 1}
    assert np.array_equal(updater.slots["v"], v)


def test_the_schedule_counts_the_whole_run_whatever_optimizers_do():
    schedule = {"kind": "root_iteration"}
    network = build(TrainingSettings(optimizer=Momentum(learning_rate=1.0), schedule=schedule))
    updater = Updater(network)
    rates = []
    for optimizer in (Momentum(learning_rate=1.0),) * 2 + (Adam(learning_rate=1.0),) * 2:
        updater.adopt(TrainingSettings(optimizer=optimizer, schedule=schedule))
        rates.append(updater.learning_rate(0))
        updater.step()
    assert rates == pytest.approx([1, 1 / 2**0.5, 1 / 3**0.5, 1 / 2])


def test_the_schedule_sees_the_epoch():
    settings = TrainingSettings(
        optimizer=GradientDescent(learning_rate=0.2), schedule={"kind": "exponential", "base": 0.5}
    )
    network = build(settings)
    before = network.theta.copy()
    randomize(network)
    updater = Updater(network)
    assert updater.learning_rate(2) == pytest.approx(0.05)
    updater.step(2)
    assert np.allclose(before - network.theta, 0.05 * network.gradient)


def test_clipping_by_norm_keeps_the_direction():
    network = build()
    randomize(network)
    gradient = network.gradient.copy()
    limit = 0.5 * np.linalg.norm(gradient)
    updater = Updater(network, network.settings.replace(clip_norm=float(limit)))
    assert updater.step() is True
    assert np.allclose(network.gradient, 0.5 * gradient, rtol=1e-14)
    updater.step()
    assert np.allclose(network.gradient, 0.5 * gradient, rtol=1e-12)  # short enough now


def test_clipping_by_value_bounds_every_component():
    network = build()
    randomize(network)
    gradient = network.gradient.copy()
    updater = Updater(network, network.settings.replace(clip_value=0.3))
    assert updater.step() is True
    assert np.array_equal(network.gradient, np.clip(gradient, -0.3, 0.3))
    assert updater.step() is False


def test_what_lies_within_the_limits_is_not_clipped():
    network = build()
    randomize(network)
    gradient = network.gradient.copy()
    updater = Updater(network, network.settings.replace(clip_norm=1e6, clip_value=1e6))
    assert updater.step() is False
    assert np.array_equal(network.gradient, gradient)


@pytest.mark.parametrize("frozen", ["h1", "h2", "y"])
@pytest.mark.parametrize("clip", ["clip_norm", "clip_value"])
def test_a_frozen_layer_neither_is_clipped_nor_makes_others_be_clipped(clip, frozen):
    network = build()
    network.adopt(network.settings, network.design.edit(frozen, trainable=False))
    randomize(network)
    gradients = {name: gradient.copy() for name, gradient in network.gradients.items()}
    learning = np.concatenate(
        [g.ravel() for name, g in gradients.items() if not name.startswith(frozen)]
    )
    size = {"clip_norm": np.linalg.norm(learning), "clip_value": np.abs(learning).max()}[clip]
    network.gradients[f"{frozen}.W"][...] = gradients[f"{frozen}.W"][...] = 1e3
    updater = Updater(network, network.settings.replace(**{clip: float(size) * 1.001}))
    assert updater.step() is False
    updater = Updater(network, network.settings.replace(**{clip: float(size) / 2}))
    assert updater.step() is True
    assert (network.gradients[f"{frozen}.W"] == 1e3).all()
    if clip == "clip_norm":
        for name, gradient in network.gradients.items():
            factor = 1 if name.startswith(frozen) else 0.5
            assert np.allclose(gradient, factor * gradients[name], rtol=1e-14), name


def test_a_network_that_is_frozen_altogether_is_never_clipped():
    network = build()
    design = network.design
    for node in network.parameter_nodes:
        design = design.edit(node, trainable=False)
    network.adopt(network.settings, design)
    randomize(network)
    updater = Updater(network, network.settings.replace(clip_norm=1e-9, clip_value=1e-9))
    assert updater.step() is False


def test_max_norm_bounds_the_incoming_weights_of_each_unit_and_nothing_else():
    network = build(max_norm=0.7)
    W = network.parameters["h1.W"]
    W[...] = [[0.1, 0.2, 0.2], [3, 0, 4], [0, 0, 0], [0, 0.7, 0]]
    network.parameters["h1.b"][...] = 9
    Updater(network).step()  # the gradient is zero
    assert np.allclose(W, [[0.1, 0.2, 0.2], [0.42, 0, 0.56], [0, 0, 0], [0, 0.7, 0]], rtol=1e-15)
    assert (network.parameters["h1.b"] == 9).all()


def test_weight_decay_shrinks_weights_but_not_biases():
    decay = 0.5
    network = build(TrainingSettings(optimizer=AdamW(learning_rate=ALPHA, weight_decay=decay)))
    network.theta[...] = 1
    Updater(network).step()  # the gradient is zero: Adam itself does not move
    for name, value in network.parameters.items():
        assert np.allclose(value, 1 - ALPHA * decay if name.endswith(".W") else 1, rtol=1e-15)


def test_l2_shrinks_weights_by_one_minus_alpha_lambda_over_m():
    """Course 2, week 1: W := (1 - alpha lambda / m) W - alpha dW, hence "weight decay"."""
    l2, m = 0.8, 5
    plain = build()
    decayed = build(plain.settings.replace(l2=l2))
    x, labels = np.random.default_rng(0).normal(size=(3, m)), [0, 1, 1, 0, 1]
    for network in (plain, decayed):
        network.cost_and_gradient(x, labels)
    before = plain.parameters["h2.W"].copy()
    Updater(plain).step()
    Updater(decayed).step()
    step = plain.parameters["h2.W"] - before
    expected = (1 - ALPHA * l2 / m) * before + step
    assert np.allclose(decayed.parameters["h2.W"], expected, rtol=1e-13, atol=1e-15)
    assert np.allclose(decayed.parameters["h2.b"], plain.parameters["h2.b"], atol=1e-15)


def test_a_step_can_be_taken_back_and_nothing_is_taken_back_before_the_first():
    network = build()
    updater = Updater(network)
    network.theta[...] = 5
    updater.take_back()
    assert (network.theta == 5).all()
    randomize(network)
    updater.step()
    updater.take_back()
    assert (network.theta == 5).all()


def test_taking_back_leaves_layers_that_rest_alone():
    network = build()
    updater = Updater(network)
    for trainable in (True, False):
        network.adopt(network.settings, network.design.edit("h1", trainable=trainable))
        updater.adopt(network.settings)
        frozen = of(network, "h1")
        randomize(network)
        updater.step()
    updater.take_back()
    assert np.array_equal(of(network, "h1"), frozen)
