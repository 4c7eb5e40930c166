"""Zeros never break symmetry: all units of a layer stay the same, and nothing is learned."""

import numpy as np
import pytest


@pytest.mark.slow
def test_weights_of_zero_leave_all_units_alike_and_he_separates_the_circles(demonstrate):
    demonstration = demonstrate(3)
    shown = demonstration.race("initializer", ["zeros", "he"])
    zeros, he = shown["outcomes"]
    assert zeros["train_score"] == 0.5
    assert zeros["train_cost"] == pytest.approx(np.log(2), rel=1e-5)
    assert he["train_score"] > 0.97 and he["dev_score"] > 0.95
    flat, split = (plane["values"] for plane in shown["planes"])
    assert np.ptp(flat) == 0
    assert np.ptp(split) > 0.9


def test_the_window_says_that_the_units_are_twins_before_anything_else(demonstrate):
    demonstration = demonstrate(3)
    demonstration.set("training", {"initializer": "zeros", "epochs": 100})
    demonstration.run()
    first, *_ = demonstration.shown("flow")["alarms"]
    assert (first["iteration"], first["kind"], first["node"]) == (1, "symmetric", "h1")
    numbers = demonstration.shown("numbers")["numbers"]
    for name in ("h1.W/parameter", "h2.W/parameter", "h1.W/gradient", "h2.W/gradient"):
        assert not numbers[name].any(), name
    boundary = demonstration.shown("boundary")
    assert np.ptp(boundary["values"]) == 0
    assert boundary["wrong"].mean() == 0.5


def test_equal_weights_other_than_zero_train_as_one_unit(demonstrate):
    demonstration = demonstrate(3)
    demonstration.set("training", {"initializer": {"kind": "constant", "value": 0.1}})
    demonstration.set("training.epochs", 200)
    demonstration.run()
    numbers = demonstration.shown("numbers")["numbers"]
    assert numbers["h1.W/gradient"].any()
    for name in ("h1.W/parameter", "h2.W/parameter", "h1.W/gradient", "h2.W/gradient"):
        assert np.allclose(numbers[name], numbers[name][:1], rtol=1e-4, atol=1e-8), name
    warped = demonstration.shown("hidden_layer")
    assert np.allclose(*warped["points"], rtol=1e-4, atol=1e-6)  # all points lie on the diagonal
