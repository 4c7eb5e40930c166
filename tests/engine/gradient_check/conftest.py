"""Fixtures of the gradient check's tests."""

import numpy as np
import pytest

import engine
from tests.engine.gradient_check.networks import chain


@pytest.fixture
def data():
    """Forty examples with three features, and three classes."""
    rng = np.random.default_rng(1)
    return rng.normal(size=(3, 40)), rng.integers(0, 3, 40)


@pytest.fixture
def make():
    """make(settings..., activation="relu") -> a network 3-8-6-5-3 with names h1, h2, h3, y."""

    def build(activation="relu", dtype="float64", **settings):
        design = chain(
            engine.Dense(units=8, activation=activation),
            engine.Dense(units=6, activation=activation),
            engine.Dense(units=5, activation=activation),
            engine.Output(task="multi_class", units=3),
            names=["x", "h1", "h2", "h3", "y"],
        )
        return engine.Network(design, engine.TrainingSettings(**settings), seed=0, dtype=dtype)

    return build
