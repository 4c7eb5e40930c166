"""What the check says where the numerical gradient is inexact, and where batch norm is at fault."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine.layers import BatchNorm
from tests.engine.gradient_check.networks import chain

TASKS = ("binary", "multi_class", "multi_label", "regression")
ACTIVATIONS = ("relu", "tanh", "sigmoid", "leaky_relu", "linear")


def drawn(seed):
    """A sound network with batch norm, and a batch of two examples."""
    rng = np.random.default_rng(seed)
    features, layers = int(rng.integers(1, 5)), []
    for _ in range(int(rng.integers(2, 4))):
        layers.append(
            engine.Dense(
                units=int(rng.integers(1, 6)),
                activation=ACTIVATIONS[rng.integers(5)],
                batch_norm=True,
            )
        )
    task = TASKS[rng.integers(4)]
    units = 1 if task == "binary" else int(rng.integers(2, 4))
    design = chain(*layers, engine.Output(task=task, units=units), features=features)
    X = rng.normal(size=(features, 2)) * rng.choice([0.1, 1, 10])
    Y = {
        "binary": rng.integers(0, 2, (1, 2)),
        "multi_class": np.eye(units)[:, rng.integers(0, units, 2)],
        "multi_label": rng.integers(0, 2, (units, 2)),
        "regression": rng.normal(size=(units, 2)),
    }[task]
    return engine.Network(design, seed=seed, dtype="float64"), X, Y


def test_sound_networks_with_batch_norm_and_two_examples_pass():
    failed = [seed for seed in range(600) if not engine.check_gradients(*drawn(seed)).passed]
    assert failed == []


def with_batch_norm(first=False):
    """x -> h1 -> h2 -> y where one hidden layer has batch norm."""
    layers = [engine.Dense(units=4, batch_norm=first), engine.Dense(units=3, batch_norm=not first)]
    layers = [layer.replace(activation="tanh") for layer in layers]
    names = ["x", "h1", "h2", "y"]
    design = chain(*layers, engine.Output(task="binary"), features=3, names=names)
    rng = np.random.default_rng(1)
    X, Y = rng.normal(size=(3, 8)), rng.integers(0, 2, (1, 8))
    return engine.Network(design, seed=1), X, Y


@pytest.fixture
def forgotten_mean(monkeypatch):
    """Batch norm's dZ without the derivative through the batch's mean and variance."""
    sound = BatchNorm.backward

    def backward(self, params, grads, cache, dy, *, need_dx=True):
        dxs = sound(self, params, grads, cache, dy, need_dx=need_dx)
        return tuple(dx + 0.1 * dy.mean() + 0.3 * dx**2 for dx in dxs)

    monkeypatch.setattr(BatchNorm, "backward", backward)


def test_a_bug_in_batch_norms_dz_is_not_blamed_on_one_formula(forgotten_mean):
    report = engine.check_gradients(*with_batch_norm())
    failed = {block.name for block in report.blocks if not block.passed}
    assert {"h1.W", "h2.W"} <= failed and not {"h2.gamma", "h2.beta", "y.W"} & failed
    assert set(report.blamed) <= {"h2.W", "h2.b"} and "h2.W" in report.blamed
    assert "layers below are wrong as well, so the fault lies in the dZ" in report.sentence
    assert report.sentence.endswith("look at dZ = ... of batch norm.")
    assert "formula alone" not in report.sentence


def test_in_the_first_layer_batch_norm_is_named_beside_the_formula(forgotten_mean):
    report = engine.check_gradients(*with_batch_norm(first=True))
    assert "h1.W" in report.blamed
    assert "of batch norm" in report.sentence


def test_a_small_difference_is_not_off_by_a_factor_1(monkeypatch):
    network, X, Y = with_batch_norm()
    network.cost_and_gradient(X, Y)
    right = engine.check_gradients(network, X, Y)
    gradient = right.exact.copy()
    gradient *= 1 + 2e-4
    report = engine.check_gradients(network, X, Y, gradient=gradient)
    assert not report.passed
    causes = {block.cause for block in report.blocks if not block.passed}
    assert causes == {"slightly off, by 0.0002 of its size"}


def test_round_off_under_a_huge_cost_is_not_taken_for_kinks():
    task = {"kind": "regression", "scale_targets": False}
    design = chain(engine.Dense(units=4), engine.Output(task=task, units=1), features=2)
    network = engine.Network(design, seed=0)
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(2, 30)), 400_000 + 100_000 * rng.normal(size=(1, 30))
    report = engine.check_gradients(network, X, Y)
    assert report.passed and report.kinks == 0
    assert "kink" not in report.sentence + report.verdict.sentence
    assert "round-off, with J = " in report.sentence
    assert report.sentence.endswith("Scaling the targets would make J small, and the check sharp.")


def test_a_bug_under_a_huge_cost_is_still_found():
    task = {"kind": "regression", "scale_targets": False}
    design = chain(engine.Dense(units=4), engine.Output(task=task, units=1), features=2)
    network = engine.Network(design, seed=0)
    X, Y = np.random.default_rng(0).normal(size=(2, 30)), np.full((1, 30), 400_000.0)
    assert not engine.check_gradients(network, X, Y, fault="doubled_dw").passed
