"""with_measures: what a run can be ranked by later is noted down while its network is there."""

import numpy as np
import pytest

import engine
from engine.data import DataPlan
from engine.doctor import measures_of, measures_of_run, with_measures
from engine.project import Project
from engine.project.recording import recorded


@pytest.fixture
def trained():
    design = engine.Design.sequential(
        [engine.Input(), engine.Dense(units=4), engine.Output(task="multi_class")], ["x", "h", "y"]
    )
    settings = engine.TrainingSettings(epochs=2, batch_size=32)
    project = Project(design, settings, DataPlan(source="iris"))
    data = project.build_data()
    trainer = engine.Trainer(engine.Network(design, settings, data=data), data)
    while not trainer.finished:
        trainer.step()
    run = recorded(project, trainer.history, "a" * 32, "2026-11-21T10:00:00", "finished")
    return run, trainer.network, data.dev


def test_a_run_is_known_by_every_measure_of_its_task(trained):
    run, network, dev = trained
    found, expected = measures_of_run(with_measures(run, network, dev)), measures_of(network, dev)
    assert found.keys() == expected.keys()
    for name in expected.keys() - {"milliseconds"}:
        assert found[name] == pytest.approx(expected[name])
    assert found["milliseconds"] > 0


def test_what_the_run_knew_before_stays(trained):
    run, network, dev = trained
    figures = with_measures(run, network, dev).figures
    assert {name: figures[name] for name in run.figures} == dict(run.figures)
    assert "accuracy" not in figures  # it is the score


def test_a_network_that_has_diverged_has_no_further_measures(trained):
    run, network, dev = trained
    network.theta[:] = np.nan
    with np.errstate(invalid="ignore"):
        assert with_measures(run, network, dev) is run
