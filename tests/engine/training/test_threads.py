"""Threads of the matrix products: by the size of the layers, within what the environment allows."""

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from engine import RNN, Conv2D, Wire
from engine.design import Design
from engine.layers import Dense, Flatten, Input, Output
from engine.network import Network
from engine.training import threads
from engine.training.threads import LIMITS, use_threads_for

BATCH = 100_000
"""With it, a layer of 100 x 100 is worth 25 threads."""


@pytest.fixture(autouse=True)
def machine(monkeypatch):
    """Eight processors, nothing limited; the threads of this process are as before at the end."""
    monkeypatch.setattr(threads.os, "cpu_count", lambda: 8)
    for name in LIMITS:
        monkeypatch.delenv(name, raising=False)
    before = {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}
    yield
    threadpool_limits(max(before, default=1), user_api="blas")


def network():
    layers = [Input(features=100), Dense(units=100), Output(units=2)]
    return Network(Design.sequential(layers, ["x", "h1", "y"]))


def test_large_layers_take_all_processors_and_small_ones_a_single_thread():
    assert use_threads_for(network(), BATCH) == 8
    assert use_threads_for(network(), 1) == 1


def test_a_convolution_counts_its_products_and_not_its_few_parameters():
    """8 filters of 3 x 3 on 8 channels: 576 weights, but 576 x 62 x 62 products for an image."""
    layers = [Input(shape=(8, 64, 64)), Conv2D(filters=8), Flatten(), Output(units=2)]
    network = Network(Design.sequential(layers))
    assert use_threads_for(network, 64) == 3
    assert use_threads_for(network, 1) == 1


def test_a_recurrent_layer_counts_a_single_step():
    layers = [Input(shape=(4, 1000)), RNN(units=64), Output(units=2)]
    design = Design.sequential(layers, ["x", "r", "y"])
    wires = (Wire("x", "r"), Wire("r", "y", "in", "last"))
    assert use_threads_for(Network(Design(design.nodes, wires)), 128) == 1


@pytest.mark.parametrize("name", LIMITS)
def test_a_run_takes_no_more_threads_than_the_environment_allows(name, monkeypatch):
    monkeypatch.setenv(name, "1")
    assert use_threads_for(network(), BATCH) == 1


def test_the_smallest_of_several_limits_counts(monkeypatch):
    for name, text in zip(LIMITS, ("4", "2", "6"), strict=True):
        monkeypatch.setenv(name, text)
    assert use_threads_for(network(), BATCH) == 2


@pytest.mark.parametrize("text", ["", "0", "many", "4,2"])
def test_a_limit_that_is_no_number_of_threads_is_ignored(text, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", text)
    assert use_threads_for(network(), BATCH) == 8
