"""The gradient check finds nothing wrong with the network, and each planted bug in its place."""

import pytest

BLAMED = {
    "forgot_mean": {"h2.W", "h2.b"},
    "sign_of_db": {"h2.b"},
    "doubled_dw": {"h2.W"},
    "missing_l2": {"h2.W"},
    "transposed_w": {"h1.W", "h1.b"},
    "relu_derivative_forgotten": {"h2.W", "h2.b"},
}
"""What is wrong with a bug in h2: its own gradients, or those that come out of it."""


@pytest.fixture
def demonstration(demonstrate):
    demonstration = demonstrate(3)
    demonstration.set("training", {"epochs": 20, "l2": 0.1})
    demonstration.run()
    return demonstration


def check(demonstration, bug):
    panel = demonstration.stage.panel("gradient_check")
    panel.show()
    panel.set("bug", bug)
    demonstration.stage.do("check_gradients")
    return demonstration.shown("gradient_check")


def test_a_sound_network_passes_and_each_bug_is_caught_and_blamed(demonstration):
    sound = check(demonstration, "")
    assert sound["verdict"] == "great" and sound["blamed"] == ()
    assert sound["relative_error"] < 1e-7
    assert demonstration.measure("check.relative_error") == sound["relative_error"]
    for bug, blamed in BLAMED.items():
        found = check(demonstration, bug)
        assert found["verdict"] == "bug", bug
        assert found["relative_error"] > 1e-3, bug
        assert set(found["blamed"]) == blamed, bug
        wrong = {name for name, error in found["blocks"].items() if error > 1e-5}
        assert blamed <= wrong, bug
    assert check(demonstration, "")["verdict"] == "great"


def test_a_bug_in_dropout_is_caught_with_the_mask_held(demonstrate):
    demonstration = demonstrate(4)
    demonstration.set("training.epochs", 2)
    demonstration.run()
    assert check(demonstration, "")["verdict"] == "great"
    found = check(demonstration, "no_keep_prob_scaling")
    assert found["verdict"] == "bug"
