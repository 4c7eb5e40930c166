"""Layers with named ports: optional inputs, several outputs, tokens."""

import numpy as np
import pytest

from engine.design import Design, Wire, can_connect, check
from engine.errors import DesignError
from engine.gradient_check import Verdict, check_gradients
from engine.layers import Add, Dense, Flatten, Input, Linear, Output
from engine.layers.base import Layer
from engine.layers.kinds import Tokens, kind_of, shape_in_words
from engine.layers.ports import Ports
from engine.network import Network

M = 5


class _Split(Layer):
    """out = x + shift, twice = x^2, where the shift is an optional input."""

    title = "Split"
    inputs = Ports(("in", "shift"), optional=("shift",))
    outputs = Ports(("out", "square"))

    def output_shapes(self, *inputs):
        return inputs[0], inputs[0]

    def forward(self, params, state, *xs, mode):
        x, shift = xs
        return (x.copy() if shift is None else x + shift, x * x), (x, shift is not None)

    def backward(self, params, grads, cache, dy, *, need_dx=True):
        x, has_shift = cache
        out, square = dy
        zero = np.zeros_like(x)
        dx = (zero if out is None else out) + (zero if square is None else 2 * x * square)
        return dx, (zero if out is None else out) if has_shift else None


def net(*wires):
    """x -> h -> split; then the given wires; y is the output."""
    nodes = {
        "x": Input(features=3),
        "h": Linear(units=4),
        "side": Linear(units=4),
        "split": _Split(),
        "sum": Add(),
        "y": Output(task="binary"),
    }
    used = {"x", "h", "split", "y", *(name for wire in wires for name in wire[:2])}
    kept = {name: layer for name, layer in nodes.items() if name in used}
    base = (Wire("x", "h"), Wire("h", "split"))
    return Network(Design(kept, (*base, *wires)), dtype="float64")


BOTH = (Wire("split", "sum"), Wire("split", "sum", "in3", "square"), Wire("sum", "y"))
SHIFT = (Wire("x", "side"), Wire("side", "split", "shift"))


@pytest.mark.parametrize(
    "wires",
    [
        (Wire("split", "y"),),
        (Wire("split", "y", "in", "square"),),
        BOTH,
        (*SHIFT, *BOTH),
        (*SHIFT, Wire("split", "y", "in", "square")),
    ],
    ids=["first", "second", "both", "shifted", "shifted second"],
)
def test_gradients_pass_through_any_ports(wires):
    network = net(*wires)
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(3, M)), rng.integers(0, 2, (1, M))
    assert check_gradients(network, X, Y).verdict is Verdict.GREAT


def test_an_output_is_what_its_wire_names():
    network = net(*SHIFT, *BOTH)
    X = np.random.default_rng(0).normal(size=(3, M))
    values = network.forward(X).values
    h, side = values[network.slots["h"]], values[network.slots["side"]]
    assert np.array_equal(values[network.slots["split"]], h + side)
    assert np.allclose(values[network.slots["sum"]], h + side + h * h)


def test_a_missing_input_is_named_and_so_is_an_output_that_does_not_exist():
    nodes = {"x": Input(features=3), "split": _Split(), "y": Output(task="binary")}
    design = Design(nodes, (Wire("x", "split", "shift"), Wire("split", "y", "in", "cube")))
    told = [str(problem) for problem in check(design).problems]
    assert told == [
        "Split 'split' has no wire at its input 'in'. Connect another layer to it.",
        "'split' has no output 'cube', which 'y' takes. Its outputs are 'out', 'square'.",
    ]
    assert can_connect(design, "split", "x", "in", "cube") == (
        "'split' has the outputs 'out', 'square'; there is no output 'cube'."
    )


def test_the_check_knows_the_shape_of_every_output():
    design = net(*SHIFT, *BOTH).design
    report = check(design)
    assert report.ok
    assert {report.shape_on(wire) for wire in BOTH} == {(4,)}
    assert report.outputs["split"] == {"out": (4,), "square": (4,)}


def test_a_gap_between_the_inputs_of_a_merge_changes_nothing():
    tight = (Wire("split", "sum"), Wire("split", "sum", "in2", "square"), Wire("sum", "y"))
    X = np.random.default_rng(1).normal(size=(3, M))
    assert np.array_equal(net(*BOTH).predict(X), net(*tight).predict(X))


def test_tokens_are_told_from_vectors():
    assert kind_of(Tokens(6, 10)) == "tokens"
    assert kind_of((6,)) == "vector"
    assert Tokens(6, 10) != (6,) and Tokens(6, 10) != (6,)
    assert Tokens(6, 10) == Tokens(6, 10) != Tokens(6, 11)
    assert shape_in_words(Tokens(6, 10)) == "6 tokens"
    assert shape_in_words((3, 20)) == "a sequence of 3 × 20"
    assert Input(shape=(6,), vocabulary=10).output_shape() == Tokens(6, 10)
    with pytest.raises(DesignError, match="tokens need one size, the most steps"):
        Input(shape=(3, 6), vocabulary=10).output_shape()


@pytest.mark.parametrize("layer", [Dense(units=3), Flatten(), Add()])
def test_no_layer_calculates_with_tokens_unless_it_says_so(layer):
    design = Design.sequential(
        [Input(shape=(6,), vocabulary=10), layer, Output(task="binary")], ["x", "h", "y"]
    )
    if isinstance(layer, Add):
        design = design.connect("x", "h")
    (problem,) = check(design).problems
    assert "the input must be real numbers; got 6 tokens ('x' gives 6 tokens" in problem.message
    assert problem.hint == "Add an Embedding layer before it."
