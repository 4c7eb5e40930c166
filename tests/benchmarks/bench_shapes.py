"""Images and sequences against PyTorch on one thread: a LeNet-5 step, and single layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

import engine
from engine.layers import Layer
from engine.layers.mode import TRAINING
from engine.network.parts import as_tuple
from tests.benchmarks.bench_training import seconds_per_call

Rows = list[tuple[str, float, str, str]]
Step = Callable[[], object]

BATCH = 64
LENET = (
    engine.Input(shape=(1, 28, 28)),
    engine.Conv2D(filters=6, kernel=5, padding="same"),
    engine.Activation(),
    engine.MaxPool(),
    engine.Conv2D(filters=16, kernel=5),
    engine.Activation(),
    engine.MaxPool(),
    engine.Flatten(),
    engine.Dense(units=120),
    engine.Dense(units=84),
    engine.Output(task="multi_class", units=10),
)


class LayerCase(NamedTuple):
    """One layer, forward and backward. target: theirs / ours, at least."""

    name: str
    layer: Layer
    shapes: tuple[tuple[int, ...], ...]
    examples: int
    target: float


CASES = (
    LayerCase("3x3, 32 -> 64, 16x16", engine.Conv2D(filters=64, padding="same"), ((32, 16, 16),),
              32, 0.9),
    LayerCase("5x5, 6 -> 16, 14x14", engine.Conv2D(filters=16, kernel=5), ((6, 14, 14),), 64, 0.5),
    LayerCase("RNN of 64, 20 steps", engine.RNN(units=64), ((32, 20),), 64, 0.7),
    LayerCase("attention, 64 features, 20 steps", engine.DotProductAttention(), ((64, 20),) * 3,
              64, 0.5),
)  # fmt: skip


def measure() -> Rows:
    """Rows (name, value, unit, target): theirs / ours; above 1 we are faster."""
    import torch

    torch.set_num_threads(1)
    rows: Rows = []
    with threadpool_limits(1, user_api="blas"):
        pairs = [("LeNet-5, 64 digits, Adam", lenet_step(), _torch_lenet(), 1.0)]
        pairs += [(c.name, layer_step(c), _torch_layer(c), c.target) for c in CASES]
        for name, ours, theirs, target in pairs:
            mine, its = seconds_per_call([ours, theirs])
            rows.append((f"{name}: ours", 1e3 * mine, "ms", ""))
            rows.append((f"{name}: PyTorch / ours", its / mine, "x", f">= {target:g}"))
    return rows


def lenet_step() -> Step:
    """One step of ours: forward, backward, Adam."""
    network = engine.Network(engine.Design.sequential(LENET))
    updater = engine.Updater(network)
    X, labels = _digits()
    Y = np.eye(10, dtype=np.float32)[:, labels]

    def step() -> object:
        cost = network.cost_and_gradient(X, Y)
        updater.step()
        return cost

    return step


def layer_step(case: LayerCase) -> Step:
    """Forward and backward of one of our layers in float32."""
    layer = case.layer.resolved(engine.TrainingSettings())
    shapes = (*case.shapes, *[None] * (len(layer.inputs) - len(case.shapes)))
    drawn, _ = layer.initialize(np.random.default_rng(0), *shapes)  # type: ignore[arg-type]
    params = {name: value.astype(np.float32) for name, value in drawn.items()}
    grads = {name: np.empty_like(value) for name, value in params.items()}
    xs: list[Any] = [*_inputs(case), *[None] * (len(layer.inputs) - len(case.shapes))]
    ys = as_tuple(layer.forward(params, {}, *xs, mode=TRAINING)[0])
    dy: Any = (np.ones_like(ys[0]), *[None] * (len(ys) - 1)) if len(ys) > 1 else np.ones_like(ys[0])

    def step() -> object:
        _, cache = layer.forward(params, {}, *xs, mode=TRAINING)
        return layer.backward(params, grads, cache, dy)

    return step


def _digits() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.standard_normal((784, BATCH), dtype=np.float32), rng.integers(0, 10, BATCH)


def _inputs(case: LayerCase) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.standard_normal((*shape, case.examples), dtype=np.float32) for shape in case.shapes]


def _torch_lenet() -> Step:
    from torch import from_numpy, nn, optim

    layers = [
        *(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
        *(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    ]
    model, loss = nn.Sequential(*layers), nn.CrossEntropyLoss()
    adam = optim.Adam(model.parameters())
    X, labels = _digits()
    x, y = from_numpy(X.T.reshape(BATCH, 1, 28, 28).copy()), from_numpy(labels)

    def step() -> object:
        adam.zero_grad()
        cost = loss(model(x), y)
        cost.backward()
        adam.step()
        return cost.item()

    return step


def _torch_layer(case: LayerCase) -> Step:
    import torch

    arrays = [np.moveaxis(x, -1, 0).copy() if x.ndim == 4 else x.T.copy() for x in _inputs(case)]
    xs = [torch.tensor(array, requires_grad=True) for array in arrays]
    module = _torch_module(case)
    dy = torch.ones_like(module(*xs))

    def step() -> object:
        return module(*xs).backward(dy)

    return step


def _torch_module(case: LayerCase) -> Callable[..., Any]:
    from torch import nn

    layer = case.layer
    if isinstance(layer, engine.Conv2D):
        channels = case.shapes[0][0]
        return nn.Conv2d(channels, layer.filters, layer.kernel, padding=layer.padding)
    if isinstance(layer, engine.RNN):
        recurrent = nn.RNN(case.shapes[0][0], layer.units, batch_first=True)
        return lambda x: recurrent(x)[0]
    return nn.functional.scaled_dot_product_attention
