"""Normalized inputs make the ravine round: the same descent then arrives in few steps."""

import pytest


@pytest.fixture
def demonstration(demonstrate):
    demonstration = demonstrate(2)
    demonstration.set("data", {"source": "wine", "normalize": False})
    demonstration.set("training.epochs", 100)
    return demonstration


def test_the_bowl_is_a_ravine_before_and_round_afterwards(demonstration):
    bowls = demonstration.shown("inputs", view="bowls")
    before, after = bowls["before"], bowls["after"]
    assert before["condition"] > 100 and after["condition"] < 2
    assert before["steps"] > 10 * after["steps"]
    assert not bowls["applied"]
    demonstration.stage.panel("inputs").set("normalize", True)
    demonstration.stage.do("rewind")
    demonstration.stage.wait(until="ready")
    assert demonstration.shown("inputs", view="bowls")["applied"]


def test_the_same_network_learns_only_what_is_normalized(demonstration):
    outcomes = {}
    for normalize in (False, True):
        demonstration.set("data.normalize", normalize)
        demonstration.run()
        outcomes[normalize] = (
            demonstration.measure("train.cost"),
            demonstration.measure("dev.error"),
        )
    assert outcomes[False][0] > 100 * outcomes[True][0]
    assert outcomes[True][1] < 0.1 and outcomes[False][1] > 0.3
