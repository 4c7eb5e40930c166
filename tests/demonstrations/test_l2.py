"""L2 shrinks the weights, straightens the boundary and closes the gap to the dev set."""

import pytest


@pytest.fixture
def demonstration(demonstrate):
    demonstration = demonstrate(4)
    for node in ("h1", "h2"):
        demonstration.set(f"{node}.keep_prob", None)
    demonstration.set("data", {"train": 0.3, "dev": 0.5})
    demonstration.set("data.source.noise", 0.3)
    return demonstration


def length(plane):
    """How many neighboring cells of a plane are decided differently: the boundary's length."""
    side = plane["values"] > 0.5
    return (side[1:] != side[:-1]).sum() + (side[:, 1:] != side[:, :-1]).sum()


def test_the_boundary_straightens_and_the_gap_closes(demonstration):
    shown = demonstration.race("l2", [0.0, 0.3])
    without, decayed = shown["outcomes"]
    assert without["dev_cost"] - without["train_cost"] > 0.1
    assert abs(decayed["dev_cost"] - decayed["train_cost"]) < 0.05
    assert decayed["dev_cost"] < without["dev_cost"]
    assert decayed["dev_score"] > without["dev_score"]
    curly, calm = (length(plane) for plane in shown["planes"])
    assert calm < 0.75 * curly


def test_the_weights_shrink_with_lambda(demonstration):
    norms = []
    for strength in (0.0, 0.1, 1.0):
        demonstration.set("training.l2", strength)
        demonstration.run()
        norms.append([demonstration.measure(f"{node}.weight_norm") for node in ("h1", "h2")])
    for layer in zip(*norms, strict=True):
        assert layer[0] > 1.5 * layer[1] > 1.5 * layer[2]
