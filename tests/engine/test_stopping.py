"""Early stopping: when it ends a run, and which weights are left."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine.data import DataPlan
from engine.files import TrainedModel, load, save
from engine.project import Project
from engine.stopping import EarlyStopping, LastEpoch, StopRule


def overfitting(**rule) -> Project:
    """A large network on 100 noisy moons: the dev cost rises soon."""
    layers = [engine.Input(), engine.Dense(units=64), engine.Dense(units=64)]
    design = engine.Design.sequential([*layers, engine.Output(task="binary")])
    settings = engine.TrainingSettings(
        optimizer=engine.Adam(learning_rate=0.02),
        batch_size=4,
        epochs=120,
        stopping=EarlyStopping(**rule) if rule else LastEpoch(),
    )
    source = {"kind": "moons", "points": 150, "noise": 0.4}
    return Project(design, settings, DataPlan(source=source))


def new_run(project: Project) -> engine.Trainer:
    data = project.data.build()
    return engine.Trainer(engine.Network(project.design, project.training, data=data), data)


def finish(run: engine.Trainer) -> engine.Trainer:
    while not run.finished:
        run.step()
    return run


@pytest.mark.parametrize("kind", StopRule.kinds())
def test_under_every_rule_a_run_ends_in_time_and_goes_on_from_its_state_as_if_it_never_stopped(
    kind,
):
    project = overfitting()
    settings = project.training.replace(stopping=kind, epochs=8)
    project = project.replace(training=settings)
    whole = finish(new_run(project))
    assert 1 <= whole.epoch <= 8
    half, resumed = new_run(project), new_run(project)
    for _ in range(whole.iteration // 2):
        half.step()
    resumed.restore(*half.state())
    finish(resumed)
    assert resumed.epoch == whole.epoch
    assert np.array_equal(resumed.network.theta, whole.network.theta)


def test_without_a_rule_a_run_goes_to_its_last_epoch():
    assert finish(new_run(overfitting())).epoch == 120


def test_it_ends_patience_epochs_after_the_best_and_goes_back_to_it():
    run = finish(new_run(overfitting(patience=7)))
    costs = run.history.evaluations["dev_cost"].values
    best = int(np.argmin(costs))
    assert run.stopped_early
    assert run.epoch == best + 1 + 7 < 120
    assert run.evaluate()["dev_cost"] == costs[best]
    told = [(mark.kind, mark.text) for mark in run.history.marks]
    assert told == [
        ("best", f"best epoch {best + 1}"),
        ("early", f"stopped early at epoch {best + 1 + 7}"),
        ("restore", f"weights of epoch {best + 1} restored"),
    ]
    at = int(run.history.evaluations["iteration"].values[best])
    assert [mark.iteration for mark in run.history.marks] == [at, run.iteration, run.iteration]


def test_it_can_leave_the_last_weights():
    run = finish(new_run(overfitting(patience=7, restores_best=False)))
    assert run.evaluate()["dev_cost"] == run.history.evaluations["dev_cost"].values[-1]
    assert [mark.kind for mark in run.history.marks] == ["best", "early"]


def test_a_rising_score_is_an_improvement():
    rule = EarlyStopping(metric="dev_score", min_change=0.01)
    best = {"dev_score": 0.8, "epoch": 3.0}
    assert rule.improves({"dev_score": 0.82, "epoch": 4.0}, best)
    assert not rule.improves({"dev_score": 0.805, "epoch": 4.0}, best)
    assert not rule.improves({"dev_score": 0.7, "epoch": 4.0}, best)


def test_a_change_below_the_least_change_is_none():
    rule = EarlyStopping(min_change=0.1)
    best = {"dev_cost": 1.0, "epoch": 1.0}
    assert not rule.improves({"dev_cost": 0.95, "epoch": 2.0}, best)
    assert rule.improves({"dev_cost": 0.85, "epoch": 2.0}, best)


def test_the_best_weights_come_back_at_the_last_epoch_too():
    run = finish(new_run(overfitting(patience=1_000)))
    assert not run.stopped_early
    assert run.evaluate()["dev_cost"] == run.history.evaluations["dev_cost"].values.min()


def test_the_newest_evaluation_is_that_of_the_weights_that_were_put_back():
    run = finish(new_run(overfitting(patience=7)))
    assert {name: run.history.newest[name] for name in run.evaluate()} == run.evaluate()
    best = next(mark for mark in run.history.marks if mark.kind == "best")
    assert run.history.weights_of == (best.iteration, run.epoch - 7)
    assert run.history.until(best.iteration).weights_of is None


def test_a_run_that_goes_on_has_the_weights_of_its_newest_step():
    run = finish(new_run(overfitting(patience=7)))
    run.adopt(run.settings.replace(stopping=LastEpoch()))
    run.step()
    assert run.history.weights_of is None


def test_a_resumed_run_stops_where_one_that_never_stopped_does(tmp_path):
    project = overfitting(patience=7)
    straight = finish(new_run(project))
    stopped = new_run(project)
    for _ in range(straight.iteration - 30):
        stopped.step()
    save(TrainedModel.of(project, stopped), tmp_path / "m.safetensors")
    resumed = finish(load(tmp_path / "m.safetensors").trainer())
    assert resumed.iteration == straight.iteration
    assert np.array_equal(resumed.network.theta, straight.network.theta)


def test_a_run_that_goes_on_marks_the_best_epoch_of_the_whole_run():
    run = finish(new_run(overfitting(patience=1, metric="dev_score")))
    (first,) = (mark for mark in run.history.marks if mark.kind == "best")
    run.adopt(run.settings.replace(stopping=EarlyStopping(patience=10, metric="dev_score")))
    finish(run)
    (last,) = (mark for mark in run.history.marks if mark.kind == "best")
    epochs, scores = run.history.evaluated("dev_score")
    best = int(epochs[np.argmax(scores)])
    assert last.text == f"best epoch {best}" != first.text


def test_another_rule_lets_a_stopped_run_go_on():
    run = finish(new_run(overfitting(patience=7)))
    run.adopt(run.settings.replace(stopping=LastEpoch()))
    assert not run.finished
    assert finish(run).epoch == 120


@pytest.mark.parametrize("bad", [{"patience": 0}, {"min_change": -1.0}, {"metric": "test_cost"}])
def test_bad_rules_are_refused(bad):
    with pytest.raises(engine.SpecError):
        EarlyStopping(**bad)
