"""A run that diverged is shown as it is: nothing warns of numbers that overflow."""

import pytest

import engine
from engine.data import DataPlan
from engine.doctor.network_measures import measures_of
from engine.errors import EngineError
from engine.probes.boundary import PlaneQuestion, picture_of
from engine.probes.coloring import Inks
from engine.probes.hidden_layer import WarpQuestion, warp_of
from engine.probes.snapshot import Snapshot
from engine.project import Project

HUGE = 1e30


@pytest.fixture
def diverged():
    layers = [
        engine.Input(),
        engine.Dense(units=4),
        engine.Dense(units=3),
        engine.Output(task="binary"),
    ]
    plan = DataPlan(source={"kind": "circles", "points": 60})
    project = Project(
        engine.Design.sequential(layers, ["x", "h1", "h2", "y"]),
        engine.TrainingSettings(epochs=2),
        plan,
    )
    data = project.build_data()
    trainer = engine.Trainer(engine.Network(project.design, project.training, data=data), data)
    trainer.network.theta[...] = HUGE
    return trainer


def test_predictions_and_costs_of_a_diverged_network_warn_of_nothing(diverged):
    network, dev = diverged.network, diverged.data.dev
    network.predict(dev.X)
    network.evaluate(dev.X, dev.Y)
    with_engine_error(lambda: network.cost(dev.X, dev.Y))
    with_engine_error(lambda: measures_of(network, dev))


def test_pictures_of_a_diverged_network_warn_of_nothing(diverged):
    snapshot = Snapshot.of(diverged)
    inks = Inks(0, 0, 0, 0, ())
    with_engine_error(lambda: picture_of(snapshot, PlaneQuestion(inks, cells=8)))
    with_engine_error(lambda: warp_of(snapshot, WarpQuestion("h1", (0, 1), ("dev",))))


def with_engine_error(work):
    """What cannot be computed is said by a named error; a warning would fail the test."""
    try:
        work()
    except EngineError as error:
        assert str(error)
