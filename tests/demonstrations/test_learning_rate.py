"""A learning rate that is too large: J grows instead of falling, and the window says so."""

import numpy as np
import pytest

from studio.shell.stage import StageError


def test_a_rate_beyond_the_largest_stable_one_diverges_and_says_what_to_do(demonstrate):
    demonstration = demonstrate(2)
    demonstration.set("data", {"source": "curve", "normalize": True})
    demonstration.set("training", {"epochs": 100})
    demonstration.run()
    steady = demonstration.shown("cost")["curves"]["batch"][1]
    assert np.all(np.diff(steady) <= 1e-6)

    demonstration.set("training.optimizer.learning_rate", 3.0)
    with pytest.raises(StageError, match=r"infinite.*Try a smaller learning rate"):
        demonstration.run()
    diverged = demonstration.shown("cost")
    batch = diverged["curves"]["batch"][1]
    assert np.all(np.diff(batch) > 0) and batch[-1] > 1e10
    assert diverged["iteration"] < 100
    assert "infinite" in demonstration.stage.main.message_bar.text
    flow = demonstration.shown("flow")
    assert flow["values"][-1, 0] > 1e5 * flow["values"][0, 0]
    (alarm,) = flow["alarms"]
    assert alarm["kind"] == "exploding"
    assert batch[alarm["iteration"] - 1] > 1e6 >= batch[alarm["iteration"] - 2]  # at once


def test_a_small_rate_learns_slowly_a_good_one_fast_and_a_large_one_kills_the_units(demonstrate):
    demonstration = demonstrate(3)
    demonstration.set("training.epochs", 300)
    rates = [0.01, 1.0, 10.0]
    shown = demonstration.race("optimizer.learning_rate", rates)
    small, good, large = shown["outcomes"]
    assert good["train_cost"] < 0.3
    assert 0.6 < small["train_cost"] < np.log(2)
    assert large["train_cost"] > np.log(2) and large["train_score"] == 0.5
    demonstration.set("training.optimizer.learning_rate", rates[-1])
    demonstration.run()
    assert {each["kind"] for each in demonstration.shown("flow")["alarms"]} == {"dead"}
