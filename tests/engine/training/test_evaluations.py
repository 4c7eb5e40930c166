"""When train and dev set are evaluated: as often as the stop rule needs, and at every stop."""

from __future__ import annotations

import math

import numpy as np
import pytest

import engine
from engine.data import DataPlan
from engine.data.dataset import from_labels
from engine.stopping import EarlyStopping
from engine.training.evaluation_plan import LARGEST_SHARE, EvaluationPlan
from engine.training.work import Work


def run_of(points=200, units=16, **settings) -> engine.Trainer:
    layers = [engine.Input(), engine.Dense(units=units), engine.Output(task="binary")]
    design = engine.Design.sequential(layers, ["x", "h1", "y"])
    data = DataPlan(source={"kind": "moons", "points": points, "noise": 0.3}).build()
    settings = engine.TrainingSettings(**{"batch_size": None, "epochs": 100, **settings})
    return engine.Trainer(engine.Network(design, settings, data=data), data)


def test_patience_1_in_full_batch_ends_one_epoch_after_the_best():
    rule = EarlyStopping(patience=1)
    run = run_of(stopping=rule, optimizer=engine.Adam(learning_rate=0.3))
    while not run.finished:
        run.step()
    epochs, costs = (values[:-1] for values in run.history.evaluated("dev_cost"))
    assert epochs.tolist() == list(range(1, run.epoch + 1))
    assert run.stopped_early
    assert run.history.newest["dev_cost"] == costs[-2]  # of the weights that were put back
    assert (np.diff(costs[:-1]) < 0).all()
    assert costs[-1] >= costs[-2]
    assert run.evaluate()["dev_cost"] == costs[-2]


def test_a_rule_for_the_dev_set_leaves_the_training_set_out_until_the_end():
    run = run_of(stopping=EarlyStopping(patience=5), optimizer=engine.Adam(learning_rate=0.3))
    while not run.finished:
        run.step()
    train = run.history.evaluations["train_cost"].values
    assert np.isnan(train).sum() > 0.7 * len(train)
    assert not math.isnan(train[-1])
    assert all(math.isfinite(value) for value in run.history.latest.values())
    state = run.state()[1]["best"]
    assert not any(math.isnan(value) for value in state.values())


def test_a_rule_for_the_training_cost_evaluates_it_every_epoch():
    run = run_of(stopping=EarlyStopping(metric="train_cost"), epochs=30)
    while not run.finished:
        run.step()
    assert len(run.history.evaluated("train_cost")[0]) == run.epoch


def test_scores_are_noted_where_a_run_is_stopped_in_mid_epoch_and_only_once():
    run = run_of(batch_size=30)
    run.note_scores()
    assert run.history.latest == {}
    run.step()
    run.note_scores()
    run.note_scores()
    assert run.history.evaluations["epoch"].values.tolist() == [0.25]
    found = run.evaluate()
    assert {name: run.history.latest[name] for name in found} == found


@pytest.mark.parametrize("patience", [2, 8])
def test_stops_on_the_way_do_not_change_where_a_run_ends(patience):
    settings = {"stopping": EarlyStopping(patience=patience), "batch_size": 32}
    straight, halting = (
        run_of(optimizer=engine.Adam(learning_rate=0.1), **settings) for _ in range(2)
    )
    while not straight.finished:
        straight.step()
    while not halting.finished:
        halting.step()
        halting.note_scores()
    assert halting.iteration == straight.iteration
    assert np.array_equal(halting.network.theta, straight.network.theta)


@pytest.mark.parametrize("batch", [1, 64, 1_024, 60_000])
@pytest.mark.parametrize("size", [100, 1_000, 10**7])
def test_evaluations_that_no_rule_needs_cost_a_tenth_of_the_training_at_most(size, batch):
    work, sizes, epochs = Work(size, 2 * size, 6, size, 4096), (60_000, 10_000), 200
    plan = EvaluationPlan.of(work, sizes, batch, epochs)
    asked = sum(plan.asks_after(epoch) for epoch in range(1, epochs))  # not at the end: a stop
    training = epochs * math.ceil(sizes[0] / batch) * work.step(batch)
    assert asked * sum(work.evaluation(m) for m in sizes) <= LARGEST_SHARE * training
    assert plan.asks_after(epochs)


def test_a_run_on_unbalanced_classes_knows_what_its_accuracy_must_beat():
    assert run_of().history.baseline is None
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], [970, 30])
    data = from_labels(rng.normal(size=(2, 1_000)), labels, ("no", "yes")).split(0.6, 0.2, 0.2)
    design = engine.Design.sequential([engine.Input(), engine.Output(task="binary")])
    run = engine.Trainer(engine.Network(design, data=data), data)
    assert run.history.baseline == 0.97
