"""Images and sequences train, pass the gradient check, and survive their files to the last bit."""

import numpy as np
import pytest

import engine
from engine.data import DataPlan
from engine.files.model import TrainedModel
from engine.gradient_check import Verdict
from engine.project import Project

PLAN = DataPlan(source="digits-8x8")
DIGITS = PLAN.build()
IMAGES = engine.Design.sequential(
    [
        engine.Input(shape=(1, 8, 8)),
        engine.Conv2D(filters=6, padding="same"),
        engine.BatchNorm(),
        engine.Activation(),
        engine.MaxPool(),
        engine.Conv2D(filters=12),
        engine.Activation(function="tanh"),
        engine.AveragePool(stride=1),
        engine.Flatten(),
        engine.Output(task="multi_class"),
    ]
)
STATES = engine.Design(
    {
        "x": engine.Input(shape=(8, 8)),
        "first": engine.RNN(units=24),
        "second": engine.RNN(units=24),
        "y": engine.Output(task="multi_class"),
    },
    (
        engine.Wire("x", "first"),
        engine.Wire("first", "second"),
        engine.Wire("first", "second", "a0", "last"),
        engine.Wire("second", "y", "in", "last"),
    ),
)
ATTENTION = engine.Design(
    {
        "x": engine.Input(shape=(8, 8)),
        "query": engine.Linear(units=8, initializer="xavier"),
        "key": engine.Linear(units=8, initializer="xavier"),
        "attention": engine.DotProductAttention(),
        "flat": engine.Flatten(),
        "y": engine.Output(task="multi_class"),
    },
    (
        engine.Wire("x", "query"),
        engine.Wire("x", "key"),
        engine.Wire("query", "attention", "query"),
        engine.Wire("key", "attention", "key"),
        engine.Wire("x", "attention", "value"),
        engine.Wire("attention", "flat"),
        engine.Wire("flat", "y"),
    ),
)
DESIGNS = {"images": IMAGES, "states": STATES, "attention": ATTENTION}
SETTINGS = engine.TrainingSettings(
    epochs=15, batch_size=32, optimizer=engine.Adam(learning_rate=0.005)
)

every_design = pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)


@every_design
def test_a_network_learns_the_small_digits(design):
    network = engine.Network(design, SETTINGS, data=DIGITS)
    *_, last = engine.train(network, DIGITS, SETTINGS)
    assert last.history.newest["dev_score"] > 0.9


@every_design
def test_its_gradients_are_right(design):
    network = engine.Network(design, SETTINGS, data=DIGITS, dtype="float64")
    X, Y = DIGITS.train.X[:, :6], DIGITS.train.Y[:, :6]
    report = engine.check_gradients(network, X, Y)
    assert report.verdict in (Verdict.GREAT, Verdict.LOOK_CLOSER), report
    assert report.relative_error < 1e-6


@every_design
def test_a_saved_run_goes_on_as_if_it_had_not_been_saved(design, tmp_path):
    trainer = engine.Trainer(engine.Network(design, SETTINGS, data=DIGITS), DIGITS)
    for _ in range(5):
        trainer.step()
    path = tmp_path / "run.safetensors"
    engine.save(TrainedModel.of(Project(design, SETTINGS, PLAN), trainer), path)
    again = engine.load(path).trainer(DIGITS)
    X = DIGITS.dev.X
    assert np.array_equal(again.network.predict(X), trainer.network.predict(X))
    for _ in range(3):
        assert again.step().cost == trainer.step().cost
    assert np.array_equal(again.network.theta, trainer.network.theta)


@every_design
def test_a_design_survives_its_file(design, tmp_path):
    engine.save(Project(design, SETTINGS, PLAN), tmp_path / "a.netdesign")
    assert engine.load(tmp_path / "a.netdesign").design == design


def words(m, seed):
    """Sequences of 3 to 6 tokens of 9; the class is that of the only token above 5."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(3, 7, m)
    X = rng.integers(0, 6, (6, m))
    labels = rng.integers(0, 3, m)
    X[rng.integers(0, lengths), np.arange(m)] = 6 + labels
    block = engine.data.DataBlock("words", (6,), vocabulary=9, has_lengths=True)
    Y = np.eye(3)[:, labels]
    X = np.vstack([X, lengths]).astype(float)
    return engine.data.Dataset(X, Y, "multi_class", blocks=(block,))


def test_tokens_of_unequal_lengths_are_learned_through_embedding_and_states():
    data = words(900, 0).split(0.8, 0.2, 0)
    nodes = {
        "x": engine.Input(),
        "e": engine.Embedding(units=6, initializer="xavier"),
        "r": engine.RNN(units=16, initializer="orthogonal"),
        "y": engine.Output(task="multi_class"),
    }
    wires = (
        engine.Wire("x", "e"),
        engine.Wire("e", "r"),
        engine.Wire("r", "y", "in", "last"),
    )
    design = engine.Design(nodes, wires)
    network = engine.Network(design, SETTINGS, data=data)
    *_, last = engine.train(network, data, SETTINGS)
    assert last.history.newest["dev_score"] == 1
    twin = engine.Network(design, SETTINGS, data=data, dtype="float64")
    report = engine.check_gradients(twin, data.train.X[:, :8], data.train.Y[:, :8])
    assert report.verdict in (Verdict.GREAT, Verdict.LOOK_CLOSER), report
