"""Ranking by one optimizing metric under limits, and the measures that are ranked by."""

import math

import numpy as np
import pytest

from engine.data import DataPlan, Dataset
from engine.design import Design
from engine.doctor.network_measures import measures_for, measures_of
from engine.doctor.ranking import Goal, Limit, rank, usual_goal
from engine.doctor.run_measures import measures_of_run, rank_runs
from engine.errors import DataError, SpecError
from engine.layers import Dense, Input, Output
from engine.losses import Task
from engine.metrics import accuracy, f1
from engine.network import Network
from engine.project.runs import Run
from engine.settings import TrainingSettings
from tests.engine.random_targets import random_targets

LECTURE = {
    "A": {"accuracy": 0.90, "milliseconds": 80.0, "parameters": 10.0},
    "B": {"accuracy": 0.92, "milliseconds": 95.0, "parameters": 20.0},
    "C": {"accuracy": 0.95, "milliseconds": 1_500.0, "parameters": 10.0},
}


def order(goal, candidates=LECTURE):
    return [(place.rank, place.name) for place in rank(candidates, goal)]


def test_the_lectures_three_classifiers_are_ranked_as_there():
    goal = Goal(limits=(Limit(metric="milliseconds", bound=100.0),))
    assert order(goal) == [(1, "B"), (2, "A"), (3, "C")]
    assert [place.broken for place in rank(LECTURE, goal)][2] == goal.limits
    assert order(Goal()) == [(1, "C"), (2, "B"), (3, "A")]


def test_of_those_that_break_limits_the_one_that_breaks_fewest_comes_first():
    goal = Goal(
        limits=(
            Limit(metric="milliseconds", bound=100.0),
            Limit(metric="parameters", bound=15.0),
            Limit(metric="accuracy", bound=0.93),
        )
    )
    assert order(goal) == [(1, "C"), (2, "A"), (3, "B")]


def test_a_metric_may_be_better_when_it_is_lower_and_equals_share_a_rank():
    assert order(Goal(optimizing="parameters")) == [(1, "A"), (1, "C"), (3, "B")]


def test_what_was_not_measured_comes_last_and_keeps_no_limit():
    candidates = {"new": {}, "broken": {"accuracy": math.nan}, **LECTURE}
    assert order(Goal(), candidates)[3:] == [(4, "new"), (4, "broken")]
    limit = Limit(metric="accuracy", bound=0.0)
    assert not limit.holds({})
    assert limit.holds({"accuracy": 0.0})


def test_a_goal_is_a_value_that_travels_as_json():
    goal = Goal(
        optimizing="f1", limits=(Limit(metric="parameters", bound=1e4),), class_weights=(1.0, 10.0)
    )
    assert Goal.from_json(goal.to_json()) == goal
    assert goal.limits[0].describe() == "Size at most 10000 parameters"
    assert Limit(metric="recall", bound=0.9).describe() == "Recall at least 0.9"
    assert usual_goal("regression").optimizing == "r2"
    assert usual_goal("binary").optimizing == "accuracy"


def test_unknown_metrics_and_bad_weights_are_refused():
    with pytest.raises(SpecError, match=r"no metric 'acuracy'.*Did you mean 'accuracy'"):
        Goal(optimizing="acuracy")
    with pytest.raises(SpecError, match="no metric"):
        Limit(metric="speed")
    with pytest.raises(SpecError, match="at least 0"):
        Goal(class_weights=(1.0, -1.0))


@pytest.fixture(scope="module")
def network():
    design = Design.sequential([Input(), Dense(units=5), Output(task="binary")], ["x", "h1", "y"])
    data = DataPlan(source={"kind": "moons", "points": 200}).build()
    return Network(design, data=data), data.dev


def test_measures_are_the_metrics_own_values(network):
    net, dev = network
    found = measures_of(net, dev)
    P = net.predict(dev.X)
    assert found["accuracy"] == accuracy(P, dev.Y)
    assert found["f1"] == f1(P, dev.Y, macro=True)
    assert found["parameters"] == 2 * 5 + 5 + 5 + 1
    assert found["milliseconds"] > 0
    assert found["weighted_error"] == pytest.approx(1 - found["accuracy"])


def test_mistakes_weigh_as_much_as_their_class(network):
    net, dev = network
    wrong = (net.predict(dev.X) >= 0.5)[0] != dev.labels
    weights = np.array([1.0, 10.0])[dev.labels]
    found = measures_of(net, dev, (1.0, 10.0))["weighted_error"]
    assert found == pytest.approx(weights[wrong].sum() / weights.sum())
    with pytest.raises(SpecError, match="each of the 2 classes"):
        measures_of(net, dev, (1.0,))


@pytest.mark.parametrize("kind", Task.registry)
def test_every_task_has_measures_of_its_own(kind):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2, 40))
    targets = Task.parse(kind).targets
    data = Dataset(X, random_targets(targets, 3, 40, rng), targets.kind)
    net = Network(Design.sequential([Input(), Output(task=kind)], ["x", "y"]), data=data)
    found = measures_of(net, data)
    assert usual_goal(targets.kind).optimizing in found
    assert set(found) == set(measures_for(targets))
    assert all(math.isfinite(value) for value in found.values())


def test_data_of_another_task_are_refused(network):
    net, dev = network
    other = Dataset(dev.X, dev.Y, "multi_label")
    with pytest.raises(DataError, match="for the task 'multi_label', not 'binary'"):
        measures_of(net, other)


def test_a_figure_that_does_not_suit_the_task_of_a_run_is_no_measure_of_it():
    found = measures_of_run(recorded("a", 5, 0.7, task="regression", f1=0.9, r2=0.6))
    assert "f1" not in found and found["r2"] == 0.6


def recorded(key, units, score, **figures):
    task = figures.pop("task", "binary")
    layers = [Input(), Dense(units=units), Output(task=task)]
    design = Design.sequential(layers, ["x", "h1", "y"])
    plan = DataPlan(source="curve" if task == "regression" else "moons")
    start = "2026-11-21T14:05:00"
    figures = {"dev_score": score, **figures}
    return Run(key, design, TrainingSettings(), plan, start, "finished", 10, 1, figures)


def test_recorded_runs_are_ranked_by_dev_accuracy_and_size():
    runs = [recorded("a", 5, 0.90), recorded("b", 50, 0.95), recorded("c", 6, 0.92)]
    assert [run.key for run, _ in rank_runs(runs, Goal())] == ["b", "c", "a"]
    small = Goal(limits=(Limit(metric="parameters", bound=30.0),))
    placed = rank_runs(runs, small)
    assert [(run.key, place.rank) for run, place in placed] == [("c", 1), ("a", 2), ("b", 3)]
    assert measures_of_run(runs[0]) == {"accuracy": 0.90, "parameters": 5 * 2 + 5 + 5 + 1}


def test_a_run_knows_what_its_figures_hold():
    run = recorded("a", 5, 0.9, f1=0.8, dev_cost=0.3)
    assert measures_of_run(run)["f1"] == 0.8
    assert "dev_cost" not in measures_of_run(run)
    assert measures_of_run(recorded("a", 5, 0.7, task="regression"))["r2"] == 0.7
    assert "accuracy" not in measures_of_run(recorded("a", 5, math.nan))


def test_a_run_whose_design_cannot_run_has_no_size():
    run = recorded("a", 5, 0.9)
    broken = run.replace(design=run.design.remove(["x"]))
    assert measures_of_run(broken) == {"accuracy": 0.9}
