"""The sealed test set: its figures, and the record of every opening."""

from datetime import datetime

import numpy as np
import pytest

import engine
from engine.data import DataPlan
from engine.doctor.held_out import evaluate, open_test_set
from engine.errors import DataError, FileError
from engine.files import dumps, loads
from engine.project import Project
from engine.project.held_out import Opening
from engine.project.sets import fingerprint, is_test_set_open

NOON = datetime(2026, 3, 1, 12, 0, 0, 999)


def trained(source="moons", task="binary", **fractions):
    n_x = 1 if source == "curve" else 2
    design = engine.Design.sequential(
        [engine.Input(features=n_x), engine.Dense(units=4), engine.Output(task=task)]
    )
    project = Project(design, data=DataPlan(source=source, **fractions))
    data = project.build_data()
    return project, engine.Network(design, project.training, seed=0, data=data), data


def test_opening_gives_the_figures_of_the_test_set_and_keeps_a_record():
    project, network, data = trained()
    opened, figures = open_test_set(project, network, data, NOON)
    wrong = (network.predict(data.test.X) >= 0.5) != (data.test.Y == 1)
    assert figures.error.value == pytest.approx(wrong.mean())
    assert figures.score == pytest.approx(1 - wrong.mean())
    assert figures.cost == pytest.approx(network.cost(data.test.X, data.test.Y))
    assert figures.error.interval.low < wrong.mean() < figures.error.interval.high
    assert opened.openings == (
        Opening(
            "2026-03-01T12:00:00",
            data.test.m,
            figures.error.value,
            float(figures.cost),
            fingerprint(project),
        ),
    )
    assert project.openings == ()
    assert is_test_set_open(opened) and not is_test_set_open(project)
    other = opened.replace(data=project.data.replace(seed=project.data.seed + 1))
    assert not is_test_set_open(other)  # other examples are sealed, whatever was opened before
    twice, _ = open_test_set(opened, network, data)
    assert len(twice.openings) == 2 and twice.openings[0] == opened.openings[0]


def test_a_regression_is_opened_too():
    project, network, data = trained("curve", "regression")
    _, figures = open_test_set(project, network, data)
    assert figures.score == pytest.approx(1 - figures.error.value, rel=0.2)
    assert figures.m == data.test.m


def test_the_record_is_in_the_file_and_left_out_while_it_is_empty():
    project, network, data = trained()
    assert "openings" not in dumps(project)
    opened, _ = open_test_set(project, network, data, NOON)
    assert loads(dumps(opened)) == opened


def test_without_a_test_set_there_is_nothing_to_open():
    _, network, data = trained(train=0.8, dev=0.2, test=0.0)
    with pytest.raises(DataError, match="These data have no test set"):
        evaluate(network, data)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"at": "yesterday"}, "The time of an opening must be like"),
        ({"at": 3}, "The time of an opening must be like"),
        ({"m": 0}, "has 1 example or more; got 0"),
        ({"error": float("nan")}, "The error on a test set must be a number"),
        ({"cost": "high"}, "The cost on a test set must be a number"),
    ],
)
def test_a_damaged_record_is_refused(change, sentence):
    values = {"at": "2026-03-01T12:00:00", "m": 5, "error": 0.25, "cost": 1.5}
    assert Opening.from_json(values).to_json() == values
    with pytest.raises(DataError, match=sentence):
        Opening.from_json(values | change)


def test_a_file_whose_record_is_no_list_is_refused():
    text = dumps(Project()).replace('"notes"', '"openings": 7,\n  "notes"', 1)
    with pytest.raises(FileError, match="The openings must be a list"):
        loads(text)


def test_a_test_set_of_float64_networks_is_measured_as_it_is():
    project, _, data = trained()
    network = engine.Network(project.design, seed=0, dtype="float64", data=data)
    assert np.isfinite(evaluate(network, data).cost)
