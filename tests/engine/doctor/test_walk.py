"""From a design that overfits to one that does so less: train, diagnose, apply, train again."""

import pytest

from engine.data import DataPlan
from engine.design import Design
from engine.doctor import Evidence, examine, measure
from engine.doctor.errors import ErrorRate, example_errors, target_variance
from engine.errors import DataError
from engine.layers import Dense, Input, Output
from engine.metrics import r2, zero_one_error
from engine.network import Network
from engine.project import Project
from engine.settings import TrainingSettings
from engine.targets import LabelTargets, NumberTargets
from engine.training import Trainer
from engine.training.history import History


def project(source, units=64, task="binary", **settings):
    layers = [Input(), Dense(units=units), Dense(units=units), Output(task=task)]
    design = Design.sequential(layers, ["x", "h1", "h2", "y"])
    plan = DataPlan(source=source, train=0.1, dev=0.8, test=0.1, seed=6)
    settings = {"batch_size": None, "epochs": 400, **settings}
    return Project(design, TrainingSettings(**settings), plan)


def trained(of):
    data = of.build_data()
    run = Trainer(Network(of.design, of.training, data=data), data)
    while not run.finished:
        run.step()
    return run


OVERFITS = {"kind": "circles", "points": 600, "noise": 0.12}
"""60 training examples of two rings that overlap: 64 units learn them by heart."""


def test_the_first_remedy_lets_the_dev_error_of_an_overfitted_network_fall():
    before = project(OVERFITS)
    first = examine(before, trained(before))
    assert first.diagnosis.verdict == "variance"
    remedy = first.prescriptions[0]
    assert (remedy.remedy, remedy.cures, remedy.by_hand) == ("more_data", "variance", False)
    after = remedy.apply(before)
    second = examine(after, trained(after))
    assert second.diagnosis.errors.dev.value < first.diagnosis.errors.dev.value - 0.05
    assert second.diagnosis.variance.size < first.diagnosis.variance.size


def test_every_regularizing_remedy_lowers_the_dev_cost():
    before = project(OVERFITS)
    run = trained(before)
    offered = {p.remedy: p for p in examine(before, run).prescriptions}
    for name in ("l2", "dropout", "early_stopping"):
        after = trained(offered[name].apply(before))
        assert after.evaluate()["dev_cost"] < run.evaluate()["dev_cost"]


def test_a_starved_network_is_told_to_train_longer_and_gets_better():
    weak = project({"kind": "xor", "points": 6_000, "noise": 0.0}, epochs=10)
    weak = weak.replace(training=weak.training.replace(optimizer={"kind": "gradient_descent"}))
    first = examine(weak, trained(weak))
    assert first.diagnosis.bias.state == "large"
    remedy = first.prescriptions[0]
    assert remedy.cures == "avoidable_bias"
    after = remedy.apply(weak)
    second = examine(after, trained(after))
    assert second.diagnosis.errors.train.value < first.diagnosis.errors.train.value


def test_errors_are_the_networks_own_on_the_sets():
    run = trained(project(OVERFITS, epochs=20))
    errors = measure(run.network, run.data)
    for name, rate in errors.by_set().items():
        part = getattr(run.data, name)
        assert rate.value == pytest.approx(zero_one_error(run.network.predict(part.X), part.Y))
        assert rate.m == part.m
    assert set(errors.by_set()) == {"train", "dev"}
    opened = measure(run.network, run.data, test=ErrorRate(0.5, 60))
    assert opened.by_set()["test"] == ErrorRate(0.5, 60)


def test_an_error_of_regression_is_the_unexplained_share_of_the_variance():
    run = trained(project({"kind": "curve", "points": 600}, task="regression"))
    errors = measure(run.network, run.data)
    P = run.network.predict(run.data.train.X)
    assert errors.train.value == pytest.approx(1 - r2(P, run.data.train.Y), rel=1e-5)
    assert errors.train.spread > 0
    assert errors.dev.interval.low < errors.dev.value < errors.dev.interval.high


def test_multi_label_errors_count_the_known_labels():
    nan = float("nan")
    P, Y = [[0.9, 0.9, 0.9], [0.1, 0.1, 0.1]], [[1, 0, nan], [1, nan, nan]]
    assert example_errors(P, Y, LabelTargets()).tolist() == [0.5, 1.0]
    with pytest.raises(DataError, match="No example"):
        example_errors([[0.5]], [[nan]], LabelTargets())


def test_one_example_leaves_every_error_possible():
    rate = ErrorRate.of(example_errors([[0.9]], [[2.0]], NumberTargets()), decisions=False)
    assert rate.interval == (0.0, float("inf"))
    assert target_variance([[3.0, 3.0]]) == 1.0


def test_clean_training_data_for_a_noisy_dev_set_are_a_mismatch():
    of = project({"kind": "moons", "points": 2_000, "noise": 0.6}, batch_size=64, epochs=15)
    plan = of.data.replace(extra={"kind": "moons", "points": 5_000, "noise": 0.0}, train_dev=0.2)
    mixed = of.replace(data=plan)
    run = trained(mixed)
    found = examine(mixed, run)
    assert found.diagnosis.errors.train_dev.m == run.data.train_dev.m
    names = [gap.name for gap in found.diagnosis.gaps]
    assert names == ["avoidable_bias", "variance", "data_mismatch"]
    assert found.diagnosis.focus[0].name == "data_mismatch"
    assert "liker_training_data" in {p.remedy for p in found.prescriptions}


def history(train, dev):
    found = History([])
    for epoch, (train_cost, dev_cost) in enumerate(zip(train, dev, strict=True), start=1):
        costs = {"train_cost": train_cost, "dev_cost": dev_cost}
        found.evaluate(iteration=epoch, epoch=epoch, train_score=0, dev_score=0, **costs)
    return found


def test_a_dev_cost_that_hardly_rises_is_no_early_best():
    flat = [1.0] * 20
    assert Evidence.of(history(flat, [0.5, *[0.51] * 19])) == Evidence()
    assert Evidence.of(history(flat, [0.5, *[0.60] * 19])) == Evidence(best_epoch=1)
    late = [1.0] * 16 + [0.5] + [0.6] * 3
    assert Evidence.of(history(flat, late)) == Evidence()


def test_a_cost_still_falls_that_loses_a_twentieth_in_the_last_quarter():
    falling = [1.0] * 15 + [0.99, 0.98, 0.97, 0.95, 0.94]
    assert Evidence.of(history(falling, falling)).still_falling
    slow = [1.0] * 15 + [0.99, 0.98, 0.97, 0.97, 0.97]
    assert not Evidence.of(history(slow, slow)).still_falling


def test_the_evidence_is_read_off_the_history():
    overfitted = trained(project(OVERFITS))
    found = Evidence.of(overfitted.history)
    assert 0 < found.best_epoch < 300
    starved = trained(project({"kind": "xor", "points": 6_000}, epochs=80))
    assert Evidence.of(starved.history) == Evidence(still_falling=True)
    assert Evidence.of(trained(project(OVERFITS, epochs=1)).history) == Evidence()
    early = trained(project(OVERFITS, stopping={"kind": "early"}))
    assert Evidence.of(early.history).stopped_early
