"""Learning curves, L2 sweeps and cross-validation: the runs they make, and how they are read."""

import math

import numpy as np
import pytest

from engine.data import DataPlan, from_labels
from engine.design import Design
from engine.doctor.errors import ErrorRate, measure
from engine.errors import DataError
from engine.experiments.folds import cross_validate, summarize
from engine.experiments.learning_curves import (
    CurvePoint,
    curve_sizes,
    learning_curve,
    nested_order,
    read_curve,
)
from engine.experiments.sweeps import best_of, l2_sweep, lambdas, stopping_curve, weight_norms
from engine.experiments.trials import trial
from engine.layers import Dense, Input, Output
from engine.network import Network
from engine.project import Project
from engine.project.corrections import content_keys
from engine.project.findings import ErrorAnalysis
from engine.settings import TrainingSettings
from engine.training import Trainer


def project(source="moons", task="binary", layer=None, **settings):
    layers = [Input(), layer or Dense(units=16), Output(task=task)]
    design = Design.sequential(layers, ["x", "h1", "y"])
    settings = TrainingSettings(**{"epochs": 10, "batch_size": 32, **settings})
    return Project(design, settings, DataPlan(source=source))


def test_sizes_are_evenly_spaced_by_their_logarithm_and_end_at_all():
    assert curve_sizes(6_400, 6) == [200, 400, 800, 1_600, 3_200, 6_400]
    assert curve_sizes(20) == [10, 11, 13, 15, 17, 20]
    assert curve_sizes(5) == [5]


def test_every_beginning_of_the_order_has_its_share_of_each_class():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [60, 30, 10])
    data = from_labels(rng.normal(size=(2, 100)), labels, "abc")
    order = nested_order(data, TrainingSettings(seed=3))
    assert sorted(order) == list(range(100))
    for size in (10, 20, 50):
        counts = np.bincount(labels[order[:size]], minlength=3)
        np.testing.assert_allclose(counts, size * np.array([0.6, 0.3, 0.1]), atol=1)
    assert (nested_order(data, TrainingSettings(seed=4)) != order).any()


def test_the_last_point_is_the_projects_own_run():
    of = project()
    *_, last = learning_curve(of)
    data = of.build_data()
    run = trial(of.design, of.training, data)
    errors = measure(run.network, data)
    assert last == (data.train.m, errors.train, errors.dev)


def test_every_run_makes_as_many_updates_as_the_full_one(monkeypatch):
    seen, init = [], Trainer.__init__

    def spy(self, *args, **kwargs):
        init(self, *args, **kwargs)
        seen.append((self.data.train.m, self.settings.epochs * self.steps_per_epoch, self.settings))

    monkeypatch.setattr(Trainer, "__init__", spy)
    points = list(learning_curve(project(stopping={"kind": "early", "patience": 6}), [18, 45, 180]))
    assert [p.m for p in points] == [m for m, *_ in seen] == [18, 45, 180]
    assert [steps for _, steps, _ in seen] == [60, 60, 60]
    assert [s.stopping.patience for *_, s in seen] == [36, 18, 6]
    assert {s.seed for *_, s in seen} == {0}


def test_no_run_leaves_a_single_example_to_batch_norm():
    of = project(layer=Dense(units=8, batch_norm=True))
    assert [p.m for p in learning_curve(of, [33, 65])] == [32, 64]


def test_a_network_too_small_reads_as_bias_and_one_too_large_as_variance():
    line = Project(
        Design.sequential([Input(), Output(task="binary")], ["x", "y"]),
        TrainingSettings(epochs=20),
        DataPlan(source={"kind": "circles", "points": 3_000}),
    )
    points = list(learning_curve(line, [300, 1_800]))
    reading = read_curve(points)
    assert reading.verdict == "bias"
    assert "more data will not help" in reading.text
    of = project({"kind": "circles", "points": 600, "noise": 0.12}, epochs=400, batch_size=None)
    wide = Dense(units=64)
    deep = Design.sequential([Input(), wide, wide, Output(task="binary")], ["x", "h1", "h2", "y"])
    plan = of.data.replace(train=0.1, dev=0.8, test=0.1)
    reading = read_curve(list(learning_curve(of.replace(design=deep, data=plan), [30, 60])))
    assert reading.verdict == "variance"


def points(*errors, m=100_000):
    return [
        CurvePoint(100 * 2**i, ErrorRate(train, m), ErrorRate(dev, m))
        for i, (train, dev) in enumerate(errors)
    ]


@pytest.mark.parametrize(
    ("errors", "verdict", "falling", "words"),
    [
        ([(0.1, 0.3), (0.14, 0.16)], "bias", True, "more data will not help"),
        ([(0.0, 0.3), (0.01, 0.11)], "variance", True, "more data will help"),
        ([(0.0, 0.115), (0.01, 0.11)], "variance", False, "regularize before"),
        ([(0.1, 0.4), (0.15, 0.3)], "both", True, "bias first"),
        ([(0.0, 0.02), (0.005, 0.01)], "neither", True, "enough examples"),
    ],
)
def test_a_curve_is_read_in_words(errors, verdict, falling, words):
    reading = read_curve(points(*errors))
    assert (reading.verdict, reading.falling) == (verdict, falling)
    assert words in reading.text
    assert reading.text.endswith(".")


def test_whether_the_error_falls_is_asked_over_a_doubling():
    steps = [(100, 0.14), (190, 0.111), (200, 0.11)]
    found = [CurvePoint(m, ErrorRate(0.01, 100_000), ErrorRate(dev, 100_000)) for m, dev in steps]
    assert read_curve(found).falling
    assert not read_curve(found[1:]).falling


def test_a_dev_error_that_went_up_and_came_down_again_has_not_fallen():
    """6 % at 77 examples and 6 % at 300: more data do not help, whatever lies between."""
    steps = [(77, 0.06), (150, 0.09), (300, 0.06)]
    found = [CurvePoint(m, ErrorRate(0.01, 100_000), ErrorRate(dev, 100_000)) for m, dev in steps]
    reading = read_curve(found)
    assert (reading.verdict, reading.falling, reading.more_data_helps) == ("variance", False, False)
    assert "more data will help" not in reading.text


def test_few_examples_read_as_unclear_and_one_point_never_falls():
    unclear = read_curve(points((0.0, 0.3), (0.0, 0.02), m=40))
    assert unclear.verdict == "unclear"
    assert unclear.text.endswith("lead, but the dev error is still falling: more data will help.")
    assert read_curve(points((0.0, 0.02), (0.0, 0.02), m=40)).text.endswith("curves lead.")
    assert not read_curve(points((0.01, 0.11))).falling
    assert read_curve(points((0.16, 0.17)), human=0.15).verdict == "neither"


@pytest.mark.parametrize("work", [learning_curve, l2_sweep, cross_validate])
def test_cancel_ends_the_work_within_a_step_and_keeps_the_points(work):
    calls = []

    def cancel():
        calls.append(1)
        return len(calls) > 75

    found = list(work(project(), cancel=cancel))
    assert len(found) == 1
    assert len(calls) == 76


@pytest.mark.parametrize("work", [learning_curve, l2_sweep, cross_validate])
def test_progress_is_told_up_to_the_end(work):
    told = []
    list(work(project(epochs=2), progress=lambda done, total: told.append((done, total))))
    done, totals = zip(*told, strict=True)
    assert set(totals) == {done[-1]}
    assert list(done) == sorted(done)
    assert len(done) > 10


def test_lambdas_are_0_and_a_logarithmic_grid():
    values = lambdas(64, 5)
    assert values[0] == 0
    assert values[1:] == [0.0064, 0.064, 0.64, 6.4, 64.0]
    assert max(lambdas(10_000_000)) <= 1e6


def test_a_larger_lambda_makes_the_weights_smaller_and_the_training_error_larger():
    of = project({"kind": "moons", "points": 600, "noise": 0.3}, epochs=60)
    of = of.replace(design=of.design.edit("h1", l2=5.0))
    found = list(l2_sweep(of, [0.0, 0.6, 6.0, 60.0]))
    norms = [point.weight_norm for point in found]
    assert norms == sorted(norms, reverse=True)
    assert norms[0] > 1.5 * norms[-1]
    assert found[-1].train.value > found[0].train.value
    assert set(found[0].weight_norms) == {"h1", "y"}
    assert all(point.network.specs["h1"].l2 == point.l2 for point in found)
    assert best_of(found).dev.value == min(point.dev.value for point in found)


def test_the_point_of_the_projects_own_lambda_is_its_own_run():
    of = project(l2=0.3)
    (point,) = l2_sweep(of, [0.3])
    data = of.build_data()
    run = trial(of.design, of.training, data)
    assert (point.network.theta == run.network.theta).all()
    W = [run.network.parameters[name].astype(float) for name in ("h1.W", "y.W")]
    expected = [math.sqrt((w**2).sum()) for w in W]
    assert list(weight_norms(run.network).values()) == pytest.approx(expected)


@pytest.mark.parametrize("own", [0.0, 0.5])
def test_a_layer_with_a_lambda_of_its_own_is_swept_as_all_others(own):
    of, plain = project(layer=Dense(units=16, l2=own)), project()
    for swept, expected in zip(l2_sweep(of, [0.0, 6.0]), l2_sweep(plain, [0.0, 6.0]), strict=True):
        assert (swept.network.theta == expected.network.theta).all()


def test_a_lambda_that_diverges_is_a_point_with_a_problem():
    wild = {"kind": "gradient_descent", "learning_rate": 10.0}
    found = list(l2_sweep(project(optimizer=wild, epochs=200), [0.0, 1e6]))
    assert found[1].train is None
    assert "infinite or NaN" in found[1].problem
    assert best_of(found) is found[0]
    assert best_of(found[1:]) is None


def test_early_stoppings_curve_is_the_historys():
    run = trial(project().design, project().training, project().build_data())
    curve = stopping_curve(run.history)
    scores = run.history.evaluations["dev_score"].values
    np.testing.assert_allclose(curve.dev_error, 1 - scores)
    assert curve.best == np.argmax(scores)
    assert stopping_curve(Trainer(run.network, run.data).history) is None


@pytest.mark.parametrize("k", [1, 51, 400])
def test_a_number_of_folds_out_of_bounds_is_refused(k):
    with pytest.raises(DataError, match="number of folds"):
        list(cross_validate(project(), k))


def test_each_example_is_judged_once_in_cross_validation():
    of = project({"kind": "blobs", "points": 103}, "multi_class", epochs=1)
    raw = of.raw_data()
    assert sum(fold.dev.m for fold in cross_validate(of, 5)) == raw.train.m + raw.dev.m


def test_cross_validation_gives_mean_and_spread():
    found = list(cross_validate(project(), 4))
    assert [fold.number for fold in found] == [1, 2, 3, 4]
    errors = [fold.dev.value for fold in found]
    summary = summarize(found)
    assert summary.mean == pytest.approx(np.mean(errors))
    assert summary.spread == pytest.approx(np.std(errors, ddof=1))
    assert summary.interval.low <= summary.mean <= summary.interval.high
    assert summarize(found[:1]).spread == 0.0
    assert found == list(cross_validate(project(), 4))


def test_folds_are_normalized_by_their_own_training_part(monkeypatch):
    seen, init = [], Network.__init__

    def spy(self, *args, data=None, **kwargs):
        seen.append(data)
        init(self, *args, data=data, **kwargs)

    monkeypatch.setattr(Network, "__init__", spy)
    list(cross_validate(project(epochs=1), 3))
    for data in seen:
        np.testing.assert_allclose(data.train.X.mean(axis=1), 0, atol=1e-5)
    assert len({data.normalization.mean.tobytes() for data in seen}) == 3


def test_corrections_reach_the_dev_part_of_every_fold():
    of = project(epochs=30)
    before = summarize(list(cross_validate(of, 3)))
    raw = of.raw_data()
    analysis = ErrorAnalysis()
    for part in (raw.train, raw.dev):
        for index, key in enumerate(content_keys(part.X)):
            analysis = analysis.correct_label(key, part.classes[1 - part.labels[index]])
    after = summarize(list(cross_validate(of.replace(analysis=analysis), 3)))
    assert after.mean == pytest.approx(1 - before.mean)


def test_a_regression_is_swept_and_folded_too():
    of = project("curve", "regression", epochs=20)
    assert all(fold.dev.spread > 0 for fold in cross_validate(of, 3))
    (point,) = l2_sweep(of, [0.1])
    assert point.dev.value < 1
    assert [point.m for point in learning_curve(of, [20, 180])] == [20, 180]
