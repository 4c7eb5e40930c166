"""The error table: shares, ceilings, and the wrong examples that it is made of."""

import numpy as np
import pytest

from engine.data import DataPlan, Dataset
from engine.data.chance import wilson
from engine.design import Design
from engine.doctor.error_table import NO_CATEGORY, WRONG_LABEL, error_table, wrong_examples
from engine.doctor.errors import ErrorRate, rate_of
from engine.experiments.trials import trial
from engine.layers import Dense, Input, Output
from engine.project import Project
from engine.project.corrections import content_keys
from engine.project.findings import ErrorAnalysis
from engine.settings import TrainingSettings

KEYS = [f"{number:016x}" for number in range(100)]


def test_the_lectures_dogs_have_the_lectures_ceiling():
    analysis = ErrorAnalysis(("dog", "blurry"))
    for number, key in enumerate(KEYS):
        analysis = analysis.look_at(key)
        analysis = analysis.tag(key, "dog") if number < 5 else analysis
        analysis = analysis.tag(key, "blurry") if number % 2 else analysis
    table = error_table(analysis, KEYS, ErrorRate(0.10, 1_000))
    rows = {row.name: row for row in table.rows}
    assert rows["dog"].ceiling == pytest.approx(0.095)
    assert rows["blurry"].ceiling == pytest.approx(0.05)
    assert rows["dog"].interval == wilson(0.05, 100)
    assert [row.name for row in table.rows] == ["blurry", "dog", WRONG_LABEL, NO_CATEGORY]
    assert (table.examined, table.wrong, table.error) == (100, 100, 0.10)
    assert sum(row.share for row in table.rows) > 0.5


def test_only_wrong_examples_that_were_looked_at_count():
    analysis = ErrorAnalysis(("dog",)).tag(KEYS[0], "dog").look_at(KEYS[1]).tag(KEYS[9], "dog")
    analysis = analysis.mark_label(KEYS[2])
    table = error_table(analysis, KEYS[:6], ErrorRate(0.06, 100))
    shares = {row.name: (row.examples, row.share) for row in table.rows}
    third = pytest.approx(1 / 3)
    assert shares == {"dog": (1, third), WRONG_LABEL: (1, third), NO_CATEGORY: (1, third)}
    assert (table.examined, table.wrong) == (3, 6)
    assert [row.own for row in table.rows] == [True, False, False]


def test_a_table_of_nothing_claims_nothing():
    table = error_table(ErrorAnalysis(("dog",)), [], ErrorRate(0.0, 100))
    assert [(row.share, row.interval, row.ceiling) for row in table.rows] == [(0, (0, 1), 0)] * 3


def run(source, task):
    design = Design.sequential([Input(), Dense(units=8), Output(task=task)], ["x", "h1", "y"])
    project = Project(design, TrainingSettings(epochs=5), DataPlan(source=source))
    return project, trial(project.design, project.training, project.build_data())


@pytest.mark.parametrize(
    ("source", "task"), [("moons", "binary"), ({"kind": "blobs", "noise": 2.0}, "multi_class")]
)
def test_wrong_examples_are_all_of_them_the_most_confident_first(source, task):
    _, done = run(source, task)
    dev = done.data.dev
    found = wrong_examples(done.network, dev)
    assert len(found) / dev.m == rate_of(done.network, dev).value
    P = done.network.predict(dev.X)
    called = P[0] >= 0.5 if task == "binary" else P.argmax(axis=0)
    assert all(called[w.example] != dev.labels[w.example] for w in found)
    confidences = [w.confidence for w in found]
    assert confidences == sorted(confidences, reverse=True)
    assert len(wrong_examples(done.network, dev, most=2)) == 2


def test_wrong_examples_of_a_regression_are_those_above_the_mean_error():
    _, done = run("curve", "regression")
    found = wrong_examples(done.network, done.data.dev)
    errors = [w.error for w in found]
    assert errors == sorted(errors, reverse=True)
    assert 0 < len(found) < done.data.dev.m
    P, Y = done.network.predict(done.data.dev.X), done.data.dev.Y
    assert found[0].example == int(np.abs(P - Y)[0].argmax())


def test_multi_label_examples_without_a_label_are_passed_over():
    rng = np.random.default_rng(0)
    Y = rng.integers(0, 2, (2, 30)).astype(float)
    Y[:, :10] = np.nan
    data = Dataset(rng.normal(size=(2, 30)), Y, "multi_label")
    splits = data.split(0.5, 0.5, 0.0)
    design = Design.sequential([Input(), Output(task="multi_label")], ["x", "y"])
    done = trial(design, TrainingSettings(epochs=1), splits)
    known = np.flatnonzero(~np.isnan(splits.dev.Y).all(axis=0))
    found = {w.example for w in wrong_examples(done.network, splits.dev)}
    assert found
    assert found <= set(known.tolist())


def test_correcting_a_wrong_label_takes_the_example_off_the_list():
    project, done = run("moons", "binary")
    keys = content_keys(project.raw_data().dev.X)
    dev = done.data.dev
    first = wrong_examples(done.network, dev)[0].example
    other = dev.classes[1 - dev.labels[first]]
    project = project.replace(analysis=ErrorAnalysis().correct_label(keys[first], other))
    corrected = project.build_data().dev
    before = {w.example for w in wrong_examples(done.network, dev)}
    assert {w.example for w in wrong_examples(done.network, corrected)} == before - {first}
