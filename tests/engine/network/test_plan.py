"""Plans: shapes and names before anything is drawn, and drawing apart from them."""

import tracemalloc

import numpy as np
import pytest

from engine.data import Dataset
from engine.design import Design
from engine.errors import DesignError
from engine.gradient_check import check_gradients
from engine.initializers import He
from engine.layers import Add, BatchNorm, Dense, Input, Linear, Output
from engine.layers.normalize import Normalize
from engine.layers.trainable import WeightedLayer
from engine.network import Network
from engine.network.plan import Plan
from engine.optimizers import GradientDescent
from engine.settings import TrainingSettings
from engine.training.updater import Updater


class _Counting(He):
    """He that counts how often weights are drawn."""

    def draw(self, rng, shape, fan_in, fan_out):
        DRAWN.append(shape)
        return super().draw(rng, shape, fan_in, fan_out)


DRAWN: list[tuple[int, ...]] = []


class _Twice(WeightedLayer):
    """Two matrices and two batch norms under one name."""

    def expand(self):
        first, second = (Linear(units=n, initializer=self.initializer) for n in (3, 4))
        return first, BatchNorm(), second, BatchNorm()


class _Liar(Linear):
    """Makes a parameter that it does not announce."""

    def initialize(self, rng, *inputs):
        params, state = super().initialize(rng, *inputs)
        return params | {"scale": np.ones(1)}, state


def design(*layers):
    names = ["x", *(f"h{i}" for i in range(1, len(layers) + 1)), "y"]
    return Design.sequential([Input(features=2), *layers, Output(task="binary")], names)


def twice(dtype="float64", **settings):
    return Network(design(_Twice()), TrainingSettings(**settings), dtype=dtype)


@pytest.fixture
def drawn():
    DRAWN.clear()
    return DRAWN


def test_a_plan_of_144_million_parameters_holds_no_array():
    tracemalloc.start()
    plan = Plan.of(design(Dense(units=12_000), Dense(units=12_000)), TrainingSettings())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert plan.size == 12_000 * (2 + 1 + 12_000 + 1 + 1) + 1
    assert plan.shapes == {"x": (2,), "h1": (12_000,), "h2": (12_000,), "y": (1,)}
    assert peak < 1_000_000


def test_a_change_in_mid_run_draws_nothing_and_a_rewind_draws_the_same_again(drawn):
    counting = TrainingSettings(initializer=_Counting())
    network = Network(design(Dense(units=4)), counting)
    first = network.theta.copy()
    assert drawn == [(4, 2), (1, 4)]
    network.adopt(counting.replace(l2=0.5, keep_prob=0.5))
    network.adopt(counting, network.design.edit("h1", activation="tanh"))
    assert len(drawn) == 2
    network.theta[...] = 7
    network.draw()
    assert len(drawn) == 4
    assert np.array_equal(network.theta, first)


def test_drawing_again_keeps_what_was_measured_and_forgets_what_was_averaged():
    layers = [Input(), Normalize(), Dense(units=4, batch_norm=True), Output()]
    data = Dataset(np.arange(12.0).reshape(2, 6), np.eye(2)[:, [0, 1, 0, 1, 0, 1]], "multi_class")
    network = Network(Design.sequential(layers, ["x", "n", "h", "y"]), data=data)
    measured = network.state["n.mean"].copy()
    network.state["h.mean"][...] = 5
    network.draw()
    assert measured.any()
    assert np.array_equal(network.state["n.mean"], measured)
    assert not network.state["h.mean"].any()


def test_two_parameters_of_one_name_in_a_node_get_names_of_their_own():
    network = twice()
    names = ["W", "b", "gamma", "beta", "W2", "b2", "gamma2", "beta2"]
    assert list(network.parameters) == [*(f"h1.{name}" for name in names), "y.W", "y.b"]
    assert list(network.state) == ["h1.mean", "h1.variance", "h1.mean2", "h1.variance2"]
    assert sum(values.size for values in network.parameters.values()) == network.theta.size
    assert twice().parameters["h1.W2"].shape == (4, 3)


def test_both_matrices_of_a_node_are_penalized_checked_and_limited():
    network = twice(l2=0.7)
    X, Y = np.random.default_rng(0).normal(size=(2, 8)), np.arange(8)[None] % 2
    squares = sum(np.sum(network.parameters[f"{n}"] ** 2) for n in ("h1.W", "h1.W2", "y.W"))
    plain = twice().cost(X, Y)
    assert network.cost(X, Y) == pytest.approx(plain + 0.7 / 16 * squares, rel=1e-12)
    report = check_gradients(network, X, Y)
    assert report.passed
    assert len({block.name for block in report.blocks}) == len(network.slices)

    limited = Network(design(_Twice(max_norm=0.1)), TrainingSettings(optimizer=GradientDescent()))
    Updater(limited).step()
    for name in ("h1.W", "h1.W2"):
        norms = np.linalg.norm(limited.parameters[name], axis=1)
        assert np.all(norms <= 0.1 + 1e-6)


def test_a_layer_that_makes_other_parameters_than_it_announces_is_refused_by_name():
    with pytest.raises(DesignError, match=r"'h1' declares the arrays \['W', 'b'\], but makes"):
        Network(design(_Liar(units=3, initializer=He())))


def test_normalize_layers_deep_in_a_residual_network_are_measured_in_one_pass():
    """Each block doubles the ways from the input: 2^40 of them would never end."""
    net = Design.sequential([Input()], ["x"])
    last, blocks = "x", 40
    for i in range(blocks):
        net = net.add(f"n{i}", Normalize()).add(f"a{i}", Add())
        net = net.connect(last, f"n{i}").connect(f"n{i}", f"a{i}").connect(last, f"a{i}")
        last = f"a{i}"
    net = net.add("y", Output()).connect(last, "y")
    X = np.random.default_rng(0).normal(size=(2, 30)).astype("f4")
    network = Network(net, data=Dataset(X, np.eye(2)[:, np.arange(30) % 2], "multi_class"))
    trace = network.forward(X)
    for i in range(blocks):
        shown = trace.values[network.slots[f"n{i}"]]
        assert np.allclose(shown.mean(axis=1), 0, atol=1e-4)
        assert np.allclose(shown.std(axis=1), 1, atol=1e-4)
