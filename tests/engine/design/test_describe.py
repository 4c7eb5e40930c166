"""describe(design): the numbers of each row, against hand counts and the network's own arrays."""

import numpy as np
import pytest

from engine.data.fit import Fit
from engine.design import Design, analyze, check, describe, fitted
from engine.design.describe import size_text
from engine.errors import DesignError
from engine.layers import (
    Activation,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Input,
    Layer,
    Linear,
    Output,
)
from engine.network import Network
from engine.settings import TrainingSettings
from engine.streams import Draws

DIGITS = Fit((784,), 10, "multi_class")
VARIANTS = [
    *(member() for member in Layer.registry.values() if member.inputs),
    Dense(units=7, activation="linear"),
    Dense(units=7, batch_norm=True, keep_prob=0.5),
    Dropout(keep_prob=1),
    Activation(function="softmax"),
    Conv2D(kernel=2, stride=2, padding="same"),
]
STARTS = (
    {"shape": (5,)},
    {"shape": (2, 5, 5)},
    {"shape": (3, 5)},
    {"shape": (5,), "vocabulary": 7},
)


def rows_of(*layers, fit=DIGITS, settings=None):
    names = [f"n{index}" for index in range(len(layers))]
    return describe(Design.sequential(layers, names), settings, fit)


def test_products_of_a_chain_are_those_of_its_matrices():
    rows = rows_of(Input(), Dense(units=128), Dense(units=64), Output())
    assert [row.multiply_adds for row in rows] == [0, 784 * 128, 128 * 64, 64 * 10]
    # dW everywhere; dA too, but for the first layer: nothing below it learns.
    assert [row.backward_multiply_adds for row in rows] == [
        0,
        784 * 128,
        2 * 128 * 64,
        2 * 64 * 10,
    ]


def test_what_stands_on_the_data_alone_passes_no_gradient_on():
    rows = rows_of(Input(shape=(1, 28, 28)), Flatten(), BatchNorm(), Linear(units=5), Output())
    assert [row.backward_multiply_adds for row in rows] == [
        0,
        0,
        784,
        2 * 784 * 5,
        2 * 5 * 10,
    ]


def test_memory_is_that_of_the_batch_and_of_every_z_and_a():
    rows = rows_of(Input(), Dense(units=128), Output())
    assert [row.activation_bytes for row in rows] == [4 * 784, 4 * 2 * 128, 4 * 10]


@pytest.mark.parametrize("layer", VARIANTS, ids=str)
def test_memory_is_what_a_training_pass_really_keeps(layer):
    """Counted in the arrays of two passes: what grows with the examples is memory per example."""
    design = _around(layer)
    network = Network(design)
    growth = _kept_bytes(network, 30) - _kept_bytes(network, 10)
    assert growth == 20 * sum(row.activation_bytes for row in describe(design))


def _around(layer):
    """A network with this layer, all of whose inputs take the first kind of input that it takes."""
    end = [Flatten(), Output(task="binary")] if layer.outputs else []
    wired = [name for name in layer.inputs if name not in layer.inputs.optional]
    wired = wired or list(layer.inputs)[: layer.inputs.fewest]
    for start in STARTS:
        design = Design.sequential([Input(**start), layer, *end])
        (first, second), further = list(design.nodes)[:2], wired[1:]
        for port in further:
            design = design.connect(first, second, port)
        design = fitted(design, Fit((5,), 2))
        if check(design).ok:
            return design
    raise AssertionError("this layer takes no input")


def _kept_bytes(network, m):
    trace = network.forward(np.ones((network.n_x, m), np.float32), training=True, rng=Draws.of(0))
    owners = {}

    def collect(value):
        if isinstance(value, np.ndarray):
            while isinstance(value.base, np.ndarray):
                value = value.base
            owners[id(value)] = value.nbytes
        elif isinstance(value, tuple):
            for item in value:
                collect(item)

    collect((*trace.values, *trace.caches))
    return sum(owners.values())


def test_counts_follow_inherited_settings_and_skip_lanes():
    design = Design({"x": Input(features=4), "a": Dense(units=4), "sum": Layer.parse("add")})
    for ends in ["x a", "x sum", "a sum"]:
        design = design.connect(*ends.split())
    design = design.add("y", Output(task="binary")).connect("sum", "y")
    plain, normalized = (
        {row.name: row for row in describe(design, TrainingSettings(batch_norm=on))}
        for on in (False, True)
    )
    assert plain["a"].multiply_adds == 16
    assert plain["a"].parameters == 20
    assert plain["sum"].activation_bytes == 4 * 4
    assert normalized["a"].multiply_adds == 16 + 4
    assert normalized["a"].parameters == 16 + 8
    assert normalized["a"].activation_bytes == plain["a"].activation_bytes + 4 * 2 * 4


def test_advice_stands_in_its_row_and_that_on_training_beside_them():
    settings = TrainingSettings(
        initializer="xavier", optimizer={"kind": "adam", "learning_rate": 1}
    )
    layers = [Input(), Dense(), Output()]
    found = analyze(Design.sequential(layers, ["x", "h", "y"]), settings, DIGITS)
    assert [len(row.advice) for row in found.rows] == [0, 1, 0]
    assert found.rows[1].advice[0].node == "h"
    assert [advice.node for advice in found.advice] == [None]


def test_a_check_at_hand_is_not_made_again_and_problems_are_raised():
    design = Design.sequential([Input(), Dense(), Output()])
    report = check(design, None, DIGITS)
    assert analyze(design, None, DIGITS, report) == analyze(design, None, DIGITS)
    with pytest.raises(DesignError, match="no input layer"):
        analyze(Design())


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (3_210_000, "3.2 MB"), (2.5e12, "2,500.0 GB")],
)
def test_sizes_read_as_people_write_them(size, text):
    assert size_text(int(size)) == text
