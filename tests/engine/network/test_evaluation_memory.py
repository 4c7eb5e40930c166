"""Evaluations keep what they still need, and take as many examples at once as memory allows."""

import tracemalloc

import numpy as np
import pytest

from engine import (
    Activation,
    Add,
    BatchNorm,
    Conv2D,
    Dense,
    Design,
    Flatten,
    Input,
    MaxPool,
    Network,
    Output,
    Wire,
)
from engine.network.plan import MOST_EXAMPLES, MOST_VALUES

FLOAT = 4  # bytes


def deep(layers, units=256):
    hidden = [Dense(units=units, activation="tanh") for _ in range(layers)]
    return Network(Design.sequential([Input(features=8), *hidden, Output(task="binary")]), seed=0)


def peak_bytes(work):
    work()  # what is made once, such as plans
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("layers", [2, 12])
def test_an_evaluation_needs_no_more_memory_for_more_layers(layers):
    network = deep(layers)
    X = np.ones((8, 4096), np.float32)
    one_layer = 256 * 4096 * FLOAT
    assert network.plan.evaluation_chunk == 4096
    assert peak_bytes(lambda: network.logits(X)) < 3.5 * one_layer


def test_wide_layers_are_evaluated_in_smaller_chunks():
    chain = [Input(shape=(3, 64, 64)), Conv2D(filters=16, kernel=3), BatchNorm()]
    chain += [Activation(), MaxPool(), Flatten(), Output(task="multi_class", units=4)]
    network = Network(Design.sequential(chain), seed=0)
    widest = 16 * 62 * 62  # beside each other: before and after batch norm
    assert network.plan.evaluation_chunk == MOST_VALUES // (2 * widest)
    X = np.random.default_rng(0).normal(size=(3 * 64 * 64, 200)).astype(np.float32)
    whole = network.forward(X).values[network.output_slot]
    assert np.allclose(network.logits(X), whole, rtol=1e-4, atol=1e-5)
    assert peak_bytes(lambda: network.logits(X)) < 3 * FLOAT * MOST_VALUES


def test_a_small_network_takes_as_many_examples_as_ever():
    assert deep(2, units=8).plan.evaluation_chunk == MOST_EXAMPLES


def test_a_value_stays_until_the_last_layer_that_takes_it():
    nodes = {
        "x": Input(features=3),
        "h1": Dense(units=3, activation="tanh"),
        "h2": Dense(units=3, activation="tanh"),
        "sum": Add(),
        "y": Output(task="binary"),
    }
    wires = [Wire("x", "h1"), Wire("h1", "h2"), Wire("h1", "sum"), Wire("h2", "sum", "in2")]
    network = Network(Design(nodes, (*wires, Wire("sum", "y"))), seed=0, dtype="float64")
    X = np.random.default_rng(0).normal(size=(3, 5))
    assert np.array_equal(network.logits(X), network.forward(X).values[network.output_slot])
    released = network.plan.released
    by_node = {piece.node: released[index] for index, piece in enumerate(network.plan.pieces)}
    assert network.slots["h1"] in by_node["sum"]
    assert network.output_slot not in {slot for slots in released for slot in slots}
