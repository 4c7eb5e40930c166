"""How long a gradient check takes, against the lectures' loop of 2P forward passes."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import numpy as np

import engine

Row = tuple[str, float, str, str]


def measure() -> list[Row]:
    """Rows of name, value, unit, target."""
    network, X, Y = _small()
    check = _best(lambda: engine.check_gradients(network, X, Y), 20)
    through_cost = 2 * network.theta.size * _best(lambda: network.cost(X, Y), 200)
    bare = 2 * network.theta.size * _best(lambda: _forward(network, X, Y), 200)
    large, X_large, Y_large = _large()
    seconds = _best(lambda: engine.check_gradients(large, X_large, Y_large), 1)
    lenet, X_lenet, Y_lenet = _lenet()
    sampled = _best(lambda: engine.check_gradients(lenet, X_lenet, Y_lenet, sample=200), 1)
    name = "gradient check 2-20-5-1, m = 300"
    wide = "gradient check 784-64-10, m = 32"
    return [
        (name, 1e3 * check, "ms", ""),
        (f"{name}: against 2P calls of network.cost", through_cost / check, "times faster", "≥ 50"),
        (f"{name}: against 2P bare forward passes", bare / check, "times faster", "≥ 50"),
        (wide, seconds, "s", "≤ 5"),
        ("gradient check of LeNet-5, m = 8, 200 components a block", sampled, "s", "≤ 5"),
        (f"{wide}: peak of arrays", _peak_mb(large, X_large, Y_large), "MB", "≤ 500"),
    ]


def _small() -> tuple[engine.Network, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    layers = [engine.Input(features=2), engine.Dense(units=20), engine.Dense(units=5)]
    design = engine.Design.sequential([*layers, engine.Output(task="binary")])
    X = rng.normal(size=(2, 300))
    return engine.Network(design, seed=0, dtype="float64"), X, (X[:1] * X[1:] > 0).astype(float)


def _large() -> tuple[engine.Network, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    output = engine.Output(task="multi_class", units=10)
    design = engine.Design.sequential([engine.Input(features=784), engine.Dense(units=64), output])
    return engine.Network(design, seed=0), rng.random((784, 32)), rng.integers(0, 10, 32)


def _lenet() -> tuple[engine.Network, np.ndarray, np.ndarray]:
    """Two convolutions of 5 × 5 with pooling, and three dense layers: 61,706 parameters."""
    rng = np.random.default_rng(0)
    design = engine.Design.sequential(
        [
            engine.Input(shape=(1, 32, 32)),
            engine.Conv2D(filters=6, kernel=5),
            engine.Activation(function="relu"),
            engine.MaxPool(),
            engine.Conv2D(filters=16, kernel=5),
            engine.Activation(function="relu"),
            engine.MaxPool(),
            engine.Flatten(),
            engine.Dense(units=120),
            engine.Dense(units=84),
            engine.Output(task="multi_class", units=10),
        ]
    )
    return engine.Network(design, seed=0), rng.normal(size=(1024, 8)), rng.integers(0, 10, 8)


def _forward(network: engine.Network, X: np.ndarray, Y: np.ndarray) -> float:
    return network.loss.value(network.forward(X, training=True).values[-1], Y) / X.shape[-1]


def _best(work: Callable[[], object], times: int) -> float:
    """Seconds of one call: the best of five means."""
    work()
    means = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(times):
            work()
        means.append((time.perf_counter() - start) / times)
    return min(means)


def _peak_mb(network: engine.Network, X: np.ndarray, Y: np.ndarray) -> float:
    tracemalloc.start()
    engine.check_gradients(network, X, Y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


if __name__ == "__main__":
    for row in measure():
        print(*row, sep="\t")
