"""Batch norm trains at ten times the rate at which the same network does not train at all."""

import numpy as np
import pytest

RATE = 0.3


@pytest.fixture
def demonstration(demonstrate):
    demonstration = demonstrate(6)
    demonstration.set("data", {"source": "digits-8x8", "normalize": True})
    for node in ("h1", "h2"):
        demonstration.set(node, {"batch_norm": None, "units": 32})
    optimizer = {"kind": "gradient_descent", "learning_rate": RATE}
    demonstration.set("training", {"optimizer": optimizer, "epochs": 15})
    return demonstration


def test_with_batch_norm_ten_times_the_rate_trains_as_well_as_the_usual_one(demonstration):
    usual, _ = demonstration.race("batch_norm", [False, True])["outcomes"]
    demonstration.set("training.optimizer.learning_rate", 10 * RATE)
    without, with_norm = demonstration.race("batch_norm", [False, True])["outcomes"]
    assert usual["dev_score"] > 0.95
    assert without["train_score"] < 0.15 and without["train_cost"] > 0.99 * np.log(10)
    assert with_norm["dev_score"] > 0.95
    assert with_norm["train_cost"] < 0.05


def test_the_panel_shows_z_with_mean_0_and_variance_1_and_then_gamma_and_beta(demonstration):
    demonstration.set("training.batch_norm", True)
    demonstration.stage.do("step_epoch")
    demonstration.stage.wait(until="paused")
    arrays = demonstration.shown("batch_norm", mode="True")["batch_norm"]["h1"]
    assert np.abs(arrays["before.mean"]).max() > 0.3
    assert np.allclose(arrays["normalized.mean"], 0, atol=1e-5)
    assert np.allclose(arrays["normalized.variance"], 1, atol=1e-2)
    assert np.allclose(arrays["after.mean"], arrays["beta"], atol=1e-5)
    assert np.allclose(arrays["after.variance"], arrays["gamma"] ** 2, rtol=2e-2)
