"""The same network in PyTorch and scikit-learn, for ratios in one run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import engine
from engine.data import Dataset, Splits, one_hot
from engine.losses import Binary
from engine.training.evaluation_plan import EvaluationPlan

SEED = 0


@dataclass(frozen=True)
class Case:
    """One line of the table. sizes: n_x, hidden units, n_y. batch_norm and keep_prob hold for all
    hidden layers. eager, fused, sklearn: the targets, 0 for none."""

    name: str
    sizes: tuple[int, ...]
    batch: int
    activation: str = "relu"
    batch_norm: bool = False
    keep_prob: float = 1.0
    eager: float = 0.0
    fused: float = 0.0
    sklearn: float = 0.0

    @property
    def binary(self) -> bool:
        """One output unit: a binary task."""
        return self.sizes[-1] == 1


CASES = (
    Case("2-20-5-1, full batch 300", (2, 20, 5, 1), 300, eager=8, sklearn=3),
    Case("64-64-32-10, 64", (64, 64, 32, 10), 64, eager=5, sklearn=2),
    Case("784-256-128-10, 128", (784, 256, 128, 10), 128, eager=1.3, sklearn=1.5),
    Case(
        "784-256-128-10, 128, batch norm and dropout",
        (784, 256, 128, 10),
        128,
        batch_norm=True,
        keep_prob=0.8,
        eager=1.3,
    ),
    Case("784-1024-1024-10, 256", (784, 1024, 1024, 10), 256, eager=1.0, fused=0.8, sklearn=1.2),
    Case("50 layers of 100, tanh, 128", (100, *[100] * 50, 10), 128, activation="tanh", eager=1.3),
)


def examples(case: Case) -> Splits:
    """Random examples: twenty batches for training (one, where the batch is full), one for dev."""
    rng = np.random.default_rng(SEED)
    m = case.batch if case.batch == 300 else 20 * case.batch
    X = rng.standard_normal((case.sizes[0], m), dtype=np.float32)
    if case.binary:
        Y, task = rng.integers(0, 2, (1, m)).astype(np.float32), "binary"
    else:
        Y, task = one_hot(rng.integers(0, case.sizes[-1], m), case.sizes[-1]), "multi_class"
    data = Dataset(X, Y, task)
    return Splits(data, data.take(range(case.batch)))


def our_step(case: Case, data: Splits) -> Callable[[], object]:
    """One step of our trainer, with History, as the window and the command line run it."""
    hidden = [
        engine.Dense(units=n, activation=case.activation, batch_norm=case.batch_norm)
        for n in case.sizes[1:-1]
    ]
    hidden = [layer.replace(keep_prob=case.keep_prob) for layer in hidden]
    output = engine.Output(task=Binary() if case.binary else "multi_class")
    design = engine.Design.sequential([engine.Input(), *hidden, output])
    settings = engine.TrainingSettings(batch_size=case.batch, epochs=10_000_000)
    network = engine.Network(design, settings, data=data)
    trainer = engine.Trainer(network, data)
    trainer.evaluations = EvaluationPlan(10**9, 10**9)  # the rivals do not evaluate either
    return trainer.step


def torch_step(case: Case, data: Splits, fused: bool) -> Callable[[], object]:
    """One eager step of PyTorch on the CPU: gather a batch, forward, backward, Adam."""
    import torch

    layers: list[torch.nn.Module] = []
    for n_in, n_out in zip(case.sizes[:-2], case.sizes[1:-1], strict=True):
        layers.append(torch.nn.Linear(n_in, n_out, bias=not case.batch_norm))
        if case.batch_norm:
            layers.append(torch.nn.BatchNorm1d(n_out))
        layers.append(torch.nn.Tanh() if case.activation == "tanh" else torch.nn.ReLU())
        if case.keep_prob < 1:
            layers.append(torch.nn.Dropout(1 - case.keep_prob))
    model = torch.nn.Sequential(*layers, torch.nn.Linear(case.sizes[-2], case.sizes[-1]))
    model.train()
    loss = torch.nn.BCEWithLogitsLoss() if case.binary else torch.nn.CrossEntropyLoss()
    adam = torch.optim.Adam(model.parameters(), fused=fused)
    X = torch.tensor(np.ascontiguousarray(data.train.X.T))
    Y = torch.tensor(np.ascontiguousarray(data.train.Y.T))
    Y = Y if case.binary else Y.argmax(dim=1)
    m, batch = data.train.m, case.batch
    order = torch.randperm(m)
    position = 0

    def step() -> object:
        nonlocal position, order
        if batch == m:
            x, y = X, Y
        else:
            chosen = order[position : position + batch]
            x, y = X[chosen], Y[chosen]
            position = (position + batch) % m
        adam.zero_grad()
        cost = loss(model(x), y)
        cost.backward()
        adam.step()
        return cost.item()

    return step


def sklearn_step(case: Case, data: Splits) -> Callable[[], object]:
    """One partial_fit of scikit-learn's MLPClassifier on one batch."""
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        hidden_layer_sizes=case.sizes[1:-1],
        activation=case.activation,
        batch_size=case.batch,
        alpha=0.0,
    )
    X = np.ascontiguousarray(data.train.X.T[: case.batch])
    y = data.train.labels[: case.batch]
    classes = np.arange(2 if case.binary else case.sizes[-1])
    model.partial_fit(X, y, classes=classes)
    return lambda: model.partial_fit(X, y)
