"""Momentum, RMSprop and Adam beat gradient descent in a ravine, each at its best learning rate.

Thirteen features of very different size make J a ravine; softmax regression on them is convex.
"""

import pytest

DESCENT_RATES, ADAPTIVE_RATES = (1e-6, 1e-5, 1e-4, 1e-3), (1e-3, 1e-2, 1e-1, 1.0)
RATES = {
    "gradient_descent": DESCENT_RATES,
    "momentum": DESCENT_RATES,
    "rmsprop": ADAPTIVE_RATES,
    "adam": ADAPTIVE_RATES,
}


@pytest.fixture
def demonstration(demonstrate):
    demonstration = demonstrate(2)
    demonstration.set("data", {"source": "wine", "normalize": False})
    demonstration.set("training.epochs", 200)
    return demonstration


@pytest.mark.slow
def test_each_at_its_best_rate_momentum_beats_gradient_descent_and_adam_all(demonstration):
    best, rates = {}, {}
    for kind, tried in RATES.items():
        variants = [{"kind": kind, "learning_rate": rate} for rate in tried]
        outcomes = demonstration.race("optimizer", variants)["outcomes"]
        costs = [each["train_cost"] for each in outcomes]
        best[kind] = min(costs)
        rates[kind] = tried[costs.index(best[kind])]
    for kind, tried in RATES.items():  # no better one lies beyond those that were tried
        assert tried[0] < rates[kind] < tried[-1]
    assert best["momentum"] < 0.9 * best["gradient_descent"]
    assert best["rmsprop"] < best["momentum"]
    assert best["adam"] < 0.5 * best["rmsprop"]


def test_the_race_tells_the_rates_that_differ(demonstration):
    shown = demonstration.race(
        "optimizer",
        [{"kind": "gradient_descent", "learning_rate": 1e-5}, {"kind": "adam"}],
    )
    descent, adam = shown["variants"]
    assert "1e-05" in descent or "0.00001" in descent
    assert "0.001" in adam
