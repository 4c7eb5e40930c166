"""Early stopping ends the run when the dev cost rises, and goes back to the best epoch."""

import numpy as np
import pytest

PATIENCE = 15


@pytest.fixture
def demonstration(demonstrate):
    demonstration = demonstrate(4)
    for node in ("h1", "h2"):
        demonstration.set(f"{node}.keep_prob", None)
    demonstration.set("data", {"train": 0.3, "dev": 0.5})
    return demonstration


def test_the_figure_names_the_best_epoch_and_the_one_that_ended_the_run(demonstration):
    demonstration.run()
    late = demonstration.measure("dev.cost")
    demonstration.set("training.stopping", {"kind": "early", "patience": PATIENCE})
    demonstration.run()
    shown = demonstration.shown("cost")
    iterations, dev = shown["curves"]["dev"]
    at = int(np.argmin(dev))  # evaluations are one epoch apart: the rule looks at each
    best, last = at + 1, demonstration.measure("epoch")
    assert last == best + PATIENCE < 200
    marks = {mark["kind"]: mark for mark in shown["marks"]}
    assert marks["best"]["iteration"] == iterations[at]
    assert str(best) in marks["best"]["text"]
    assert marks["early"]["iteration"] == iterations[-1] == demonstration.measure("iteration")
    assert str(last) in marks["early"]["text"]
    assert dev.min() < late


def test_the_picture_is_of_the_best_weights(demonstration):
    """What it decides equals that of a run which ends at the best epoch by itself."""
    demonstration.set("training.stopping", {"kind": "early", "patience": PATIENCE})
    demonstration.run()
    best, steps = demonstration.measure("epoch") - PATIENCE, demonstration.measure("iteration")
    at = steps * best // (best + PATIENCE)
    told = f"Weights of epoch {best} (iteration {at}), put back when the run ended."
    restored = demonstration.shown("boundary", told)
    scored = demonstration.measure("dev.error")
    demonstration.set("training", {"stopping": "last_epoch", "epochs": best})
    demonstration.run()
    ended = demonstration.shown("boundary")
    assert ended["iteration"] < restored["iteration"]
    assert np.array_equal(ended["wrong"], restored["wrong"])
    assert demonstration.measure("dev.error") == scored
