"""A deep tanh network with small weights fades from layer to layer; Xavier's weights cure it."""

import numpy as np
import pytest


def ends(flow):
    """The norms of the gradients of the first hidden layer and the last, in the first steps."""
    first, last = flow["nodes"].index("h1"), flow["nodes"].index("h10")
    return flow["values"][0, first], flow["values"][0, last]


@pytest.mark.slow
def test_gradients_vanish_towards_the_first_layer_and_xavier_lets_them_through(demonstrate):
    demonstration = demonstrate(5)
    demonstration.set("training.epochs", 100)
    demonstration.run()
    faded = demonstration.shown("flow")
    first, last = ends(faded)
    assert first < 0.01 * last
    assert np.all(np.diff(np.log(faded["values"][0, :9])) > 0)  # each is smaller than the next
    assert faded["alarms"][0]["kind"] == "vanishing" and faded["alarms"][0]["node"] == "h1"
    assert demonstration.measure("train.score") == 0.5

    for layer in range(1, 11):
        demonstration.set(f"h{layer}.initializer", None)
    demonstration.set("training", {"initializer": "xavier", "epochs": 300})
    demonstration.run()
    cured = demonstration.shown("flow")
    first, last = ends(cured)
    assert first > 0.1 * last
    assert not cured["alarms"]
    assert demonstration.measure("train.score") > 0.9


def test_the_spread_of_the_activations_fades_likewise(demonstrate):
    demonstration = demonstrate(5)
    demonstration.stage.do("step")
    demonstration.stage.wait(until="paused")

    def spreads():
        histograms = demonstration.shown("histograms", view="now", kind="A")["histograms"]
        return {node: spread(*histograms[node]) for node in ("h1", "h10")}

    faded = spreads()
    assert faded["h10"] < 0.02 * faded["h1"]
    for layer in range(1, 11):
        demonstration.set(f"h{layer}.initializer", "xavier")
    demonstration.stage.do("rewind")
    demonstration.stage.wait(until="ready")
    kept = spreads()
    assert kept["h10"] > 0.2 * kept["h1"]


def spread(edges, counts):
    """The standard deviation of a histogram."""
    middles = (edges[1:] + edges[:-1]) / 2
    mean = np.average(middles, weights=counts)
    return np.sqrt(np.average((middles - mean) ** 2, weights=counts))
