"""The check of sequences, padded or not, and of layers with several outputs: against the lectures'
loop, component by component."""

import numpy as np
import pytest

import engine
from engine.design import Wire
from engine.layers import conv2d
from engine.layers.base import Layer
from engine.layers.ports import Ports
from tests.engine.gradient_check.networks import loop

EPSILON = 1e-5


class _Pair(Layer):
    """out = w x, power = x^w for positive x: both depend on one parameter."""

    title = "Pair"
    outputs = Ports(("out", "power"))

    def output_shapes(self, *inputs):
        return inputs[0], inputs[0]

    def parameter_shapes(self, *inputs):
        return {"w": (1, 1)}

    def initialize(self, rng, *inputs):
        return {"w": np.full((1, 1), 1.7)}, {}

    def forward(self, params, state, *xs, mode):
        (x,) = xs
        return (params["w"] * x, x ** params["w"]), (x, params["w"])

    def backward(self, params, grads, cache, dy, *, need_dx=True):
        x, w = cache
        out, power = (np.zeros_like(x) if each is None else each for each in dy)
        grads["w"][...] = (out * x + power * x**w * np.log(x)).sum() / x.shape[-1]
        return (w * out + w * x ** (w - 1) * power,)


def sequences(*layers, lengths=False):
    chain = [engine.Input(shape=(2, 4), lengths=lengths), *layers]
    design = engine.Design.sequential([*chain, engine.Output(task="multi_class", units=3)])
    network = engine.Network(design, seed=3, dtype="float64")
    rng = np.random.default_rng(5)
    X = rng.normal(size=(8, 6))
    X = np.vstack([X, [4, 2, 1, 3, 4, 2]]) if lengths else X
    return network, X, np.eye(3)[:, rng.integers(0, 3, 6)]


PER_STEP = engine.Dense(units=3, activation="tanh")
NORMED = engine.Dense(units=3, activation="elu", batch_norm=True)
CHAINS = [
    (PER_STEP, engine.Flatten()),
    (PER_STEP, NORMED, engine.Flatten(), engine.Dense(units=4, activation="tanh")),
    (NORMED, engine.Linear(units=2), engine.Flatten()),
]


@pytest.mark.parametrize("lengths", [False, True], ids=["full", "padded"])
@pytest.mark.parametrize("layers", CHAINS, ids=["plain", "deep", "normed"])
def test_slopes_of_sequences_are_those_of_the_loop(layers, lengths):
    network, X, Y = sequences(*layers, lengths=lengths)
    report = engine.check_gradients(network, X, Y, EPSILON)
    assert report.verdict == "great"
    assert np.allclose(report.numerical, loop(network, X, Y, EPSILON), rtol=1e-6, atol=1e-10)


@pytest.mark.parametrize("kind", ["sample", "directions"])
def test_some_components_and_directions_of_sequences_agree(kind):
    network, X, Y = sequences(*CHAINS[1], lengths=True)
    report = engine.check_gradients(network, X, Y, **{kind: 5})
    assert report.verdict == "great"
    assert all(
        block.checked == min(5, block.size) or kind == "directions" for block in report.blocks
    )


def test_slopes_of_images_are_those_of_the_loop():
    chain = [
        engine.Input(shape=(2, 7, 7)),
        engine.Conv2D(filters=3, kernel=3, padding="same"),
        engine.BatchNorm(),
        engine.Activation(function="tanh"),
        engine.MaxPool(),
        engine.Conv2D(filters=2, kernel=2),
        engine.AveragePool(),
        engine.Flatten(),
        engine.Output(task="multi_class", units=3),
    ]
    network = engine.Network(engine.Design.sequential(chain), seed=3, dtype="float64")
    rng = np.random.default_rng(5)
    X, Y = rng.normal(size=(98, 4)), np.eye(3)[:, rng.integers(0, 3, 4)]
    report = engine.check_gradients(network, X, Y, EPSILON)
    slopes = loop(network, X, Y, EPSILON)
    assert report.verdict == "great" and report.kinks == 0
    assert np.allclose(report.numerical, slopes, rtol=1e-6, atol=1e-10)


def test_a_convolution_with_too_many_patches_is_checked_by_whole_passes(monkeypatch):
    chain = [engine.Input(shape=(2, 6, 6)), engine.Conv2D(filters=3), engine.Flatten()]
    design = engine.Design.sequential([*chain, engine.Output(task="regression", units=2)])
    network = engine.Network(design, seed=3, dtype="float64")
    rng = np.random.default_rng(5)
    X, Y = rng.normal(size=(72, 4)), rng.normal(size=(2, 4))
    row_by_row = engine.check_gradients(network, X, Y, EPSILON)
    monkeypatch.setattr(conv2d, "MOST_PATCH_VALUES", 10)
    whole = engine.check_gradients(network, X, Y, EPSILON)
    assert row_by_row.verdict == whole.verdict == "great"
    assert np.allclose(row_by_row.numerical, whole.numerical, rtol=1e-7, atol=1e-9)


def test_a_tie_in_a_pooling_window_is_a_kink():
    chain = [engine.Input(shape=(1, 2, 2)), engine.Conv2D(filters=1, kernel=1), engine.MaxPool()]
    design = engine.Design.sequential(
        [*chain, engine.Flatten(), engine.Output(task="regression", units=1)],
        ["x", "c", "p", "f", "y"],
    )
    network = engine.Network(design, seed=3, dtype="float64")
    network.theta[...] = [0.0, 0.0, 1.0, 0.0]  # W = 0: all four pixels tie, and W decides
    report = engine.check_gradients(network, [[1.0], [2.0], [3.0], [4.0]], [[1.0]])
    kinks = {block.name: block.kinks for block in report.blocks}
    assert kinks == {"c.W": 1, "c.b": 0, "y.W": 0, "y.b": 0}


def test_a_bug_in_time_is_blamed_where_it_is():
    network, X, Y = sequences(*CHAINS[1])
    first = next(iter(network.design.nodes.values()))
    assert first.kind == "input"
    report = engine.check_gradients(network, X, Y, fault={"kind": "doubled_dw", "node": "dense"})
    assert report.blamed == ("dense.W",)


@pytest.mark.parametrize("wires", [("out",), ("power",), ("out", "power")])
def test_a_parameter_of_several_outputs_is_checked_through_all_of_them(wires):
    nodes = {
        "x": engine.Input(features=3),
        "pair": _Pair(),
        "sum": engine.Concatenate(),
        "y": engine.Output(task="regression", units=2),
    }
    inputs = [
        Wire("pair", "sum", port, out) for port, out in zip(("in", "in2"), wires, strict=False)
    ]
    if len(wires) == 1:
        inputs.append(Wire("x", "sum", "in2"))
    design = engine.Design(nodes, (Wire("x", "pair"), *inputs, Wire("sum", "y")))
    network = engine.Network(design, seed=0, dtype="float64")
    rng = np.random.default_rng(1)
    X, Y = 0.5 + rng.random((3, 5)), rng.normal(size=(2, 5))
    report = engine.check_gradients(network, X, Y, EPSILON)
    assert report.verdict == "great"
    assert np.allclose(report.numerical, loop(network, X, Y, EPSILON), rtol=1e-6, atol=1e-10)


def test_a_few_components_below_a_frozen_batch_norm_can_be_checked():
    frozen = engine.BatchNorm(trainable=False)
    chain = [engine.Input(features=2), engine.Linear(units=6), frozen]
    design = engine.Design.sequential([*chain, engine.Output(task="binary")])
    network = engine.Network(design, seed=0, dtype="float64")
    rng = np.random.default_rng(1)
    for name, value in network.state.items():
        value[...] = rng.random(value.shape) + (name.endswith("variance"))
    X, Y = rng.normal(size=(2, 7)), rng.integers(0, 2, (1, 7))
    assert engine.check_gradients(network, X, Y, sample=4).verdict == "great"


def test_tokens_padding_sharing_attention_and_two_outputs_pass_together():
    nodes = {
        "x": engine.Input(shape=(4,), vocabulary=7, lengths=True),
        "e": engine.Embedding(units=3),
        "h1": NORMED,
        "h2": NORMED.replace(shares="h1"),
        "r": engine.RNN(units=3),
        "attention": engine.DotProductAttention(),
        "flat": engine.Flatten(),
        "both": engine.Concatenate(),
        "y": engine.Output(task="multi_class", units=3, target="kind"),
        "z": engine.Output(task="regression", units=2, target="sizes", weight=0.3),
    }
    ends = [("x", "e"), ("e", "h1"), ("h1", "h2"), ("h2", "r"), ("r", "attention", "query")]
    ends += [("h1", "attention", "key"), ("h2", "attention", "value"), ("attention", "flat")]
    ends += [("flat", "both"), ("r", "both", "in2", "last"), ("both", "y")]
    ends += [("r", "z", "in", "last")]
    design = engine.Design(nodes, tuple(Wire(*end) for end in ends))
    network = engine.Network(design, engine.TrainingSettings(l2=0.3), seed=0, dtype="float64")
    rng = np.random.default_rng(0)
    X = np.vstack([rng.integers(0, 7, (4, 6)), [4, 2, 1, 3, 4, 2]])
    Y = np.vstack([rng.integers(0, 3, 6), rng.normal(size=(2, 6))])
    report = engine.check_gradients(network, X, Y)
    assert report.verdict == "great"
    names = [block.name for block in report.blocks]
    assert names[:5] == ["e.E", "h1.W", "h1.gamma", "h1.beta", "r.Wa"]
