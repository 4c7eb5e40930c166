"""Dropout closes the gap between the training set and the dev set, and rests in evaluation."""

import numpy as np
import pytest


@pytest.fixture
def demonstration(demonstrate):
    """Noisy moons of which few are for training: a large network learns them by heart."""
    demonstration = demonstrate(4)
    demonstration.set("data", {"train": 0.3, "dev": 0.5})
    demonstration.set("data.source.noise", 0.35)
    return demonstration


def test_dropout_closes_the_gap_and_the_dev_set_gains(demonstration):
    without, with_dropout = demonstration.race("keep_prob", [1.0, 0.5])["outcomes"]
    gaps = [each["dev_cost"] - each["train_cost"] for each in (without, with_dropout)]
    assert gaps[0] > 0.2 and abs(gaps[1]) < 0.2 * gaps[0]
    assert with_dropout["train_cost"] > without["train_cost"]
    assert with_dropout["dev_cost"] < without["dev_cost"]
    assert with_dropout["dev_score"] > without["dev_score"]


def test_masks_drop_units_scale_the_rest_and_rest_in_evaluation(demonstration):
    demonstration.stage.do("step_epoch")
    demonstration.stage.wait(until="paused")
    for mask in demonstration.shown("dropout", mode="True")["dropout"].values():
        assert mask["kept"].mean() == pytest.approx(0.7, abs=0.05)
        assert not mask["after"][~mask["kept"]].any()
        kept = mask["kept"]
        assert np.allclose(mask["after"][kept], mask["before"][kept] / 0.7, rtol=1e-5)
    for mask in demonstration.shown("dropout", mode="False")["dropout"].values():
        assert np.array_equal(mask["after"], mask["before"])
