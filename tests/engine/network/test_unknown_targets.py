"""Unknown targets, NaN, have no loss and no gradient; examples may count unequally."""

import dataclasses

import numpy as np
import pytest

from engine.data import Dataset, check_splits, one_hot
from engine.design import Design
from engine.doctor.errors import rate_of, target_variance
from engine.doctor.evidence import TargetSize
from engine.errors import DataError
from engine.gradient_check import Verdict, check_gradients
from engine.layers import Dense, Input, Output
from engine.losses import AbsoluteError, Regression, Task
from engine.metrics import confusion_matrix
from engine.network import Network
from engine.probes.borders import border_of
from engine.probes.plane import plane_of
from engine.probes.points import points_of
from engine.probes.predictions import Judged, MetricsWish
from engine.probes.snapshot import Snapshot
from engine.settings import TrainingSettings
from engine.training import Trainer, fit
from tests.engine.random_targets import random_targets

M = 20
TASKS = [*(task() for task in Task.registry.values()), Regression(error=AbsoluteError())]
every = pytest.mark.parametrize("task", TASKS, ids=lambda task: str(task.to_json()))


def example(task, seed=0):
    """A network for the task, and X and Y in float64."""
    rng = np.random.default_rng(seed)
    layers = [Input(features=3), Dense(units=4, activation="tanh")]
    output = Output(task=task, units=task.units(3))
    network = Network(Design.sequential([*layers, output]), dtype="float64")
    return network, rng.normal(size=(3, M)), random_targets(task.targets, 3, M, rng)


def with_gaps(Y):
    """Y with every third example unknown; those that are known."""
    Y, known = Y.copy(), np.arange(M) % 3 > 0
    Y[:, ~known] = np.nan
    return Y, known


@every
def test_j_and_its_gradient_are_means_over_the_examples_that_are_known(task):
    network, X, Y = example(task)
    gaps, known = with_gaps(Y)
    J = network.cost_and_gradient(X, gaps)
    gradient = network.gradient.copy()
    assert network.cost_and_gradient(X[:, known], Y[:, known]) == pytest.approx(J, rel=1e-12)
    assert network.gradient == pytest.approx(gradient, rel=1e-9, abs=1e-14)
    seen = network.loss_targets(gaps)
    alone = network.loss_targets(Y[:, known])
    some, of_known = network.evaluate(X, seen), network.evaluate(X[:, known], alone)
    assert some == pytest.approx(of_known, rel=1e-12)


@every
def test_a_batch_without_a_known_target_has_no_cost_and_no_gradient(task):
    network, X, Y = example(task)
    assert network.cost_and_gradient(X, np.full_like(Y, np.nan)) == 0
    assert not network.gradient.any()


@every
def test_a_loss_itself_takes_nan_as_unknown(task):
    _, _, Y = example(task)
    z = np.random.default_rng(1).normal(size=(task.units(3), M))
    gaps, known = with_gaps(Y)
    value, dz = task.loss.value_and_gradient(z, gaps)
    assert value == pytest.approx(task.loss.value(z[:, known], Y[:, known]), rel=1e-12)
    assert task.loss.value(z, gaps) == pytest.approx(value, rel=1e-12)
    assert not dz[:, ~known].any()
    assert dz[:, known] == pytest.approx(task.loss.gradient(z[:, known], Y[:, known]))
    assert task.loss.values(z, gaps)[~known].tolist() == [0] * int((~known).sum())


def test_single_outputs_of_an_example_may_be_unknown():
    network, X, Y = example(Regression(scale_targets=False))
    network.parameters["output.W"][...] = 0
    X, Y = X[:, :2], np.array([[2.0, 4.0], [np.nan, 2.0], [4.0, np.nan]])
    # z = 0: L = 1/2 (2^2 + 4^2) and 1/2 (4^2 + 2^2), of two examples
    assert network.cost(X, Y) == (10 + 10) / 2


@every
def test_the_gradient_check_leaves_unknown_targets_out(task):
    network, X, Y = example(task)
    assert check_gradients(network, X, with_gaps(Y)[0]).verdict in (
        Verdict.GREAT,
        Verdict.LOOK_CLOSER,
    )


@every
def test_an_example_of_weight_two_counts_as_if_it_came_twice(task):
    network, X, Y = example(task)
    weights = np.arange(M) % 3  # 0, 1 and 2
    J = network.cost_and_gradient(X, Y, weights=weights)
    gradient = network.gradient.copy()
    often = np.repeat(np.arange(M), weights)
    assert network.cost_and_gradient(X[:, often], Y[:, often]) == pytest.approx(J, rel=1e-12)
    assert network.gradient == pytest.approx(gradient, rel=1e-9, abs=1e-14)
    assert network.cost(X, Y, weights=weights) == pytest.approx(J, rel=1e-12)
    assert network.cost(X, Y, weights=np.ones(M)) == pytest.approx(network.cost(X, Y), rel=1e-12)


@pytest.mark.parametrize("weights", [np.ones(3), -np.ones(M), np.zeros(M), np.full(M, np.nan)])
def test_bad_weights_are_refused(weights):
    network, X, Y = example(TASKS[0])
    with pytest.raises(DataError, match="Weights must be"):
        network.cost(X, Y, weights=weights)


def data(weights=None, gaps=False):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2, 90))
    Y = np.argmax([X[0], X[1], -X[0] - X[1]], axis=0).astype("f8")[np.newaxis]
    if gaps:
        Y[0, ::4] = np.nan
    return Dataset(X, Y, "multi_class", ("a", "b", "c"), weights=weights)


def test_weights_go_with_their_examples():
    whole = data(np.arange(90))
    assert whole.take([5, 2]).weights.tolist() == [5, 2]
    sets = whole.split(0.6, 0.2, 0.2)
    for part in (sets.train, sets.dev):
        marks = np.argmin(np.abs(whole.X[0][:, None] - part.X[0]), axis=0)
        assert part.weights.tolist() == marks.tolist()
    joined = whole.take([1]).joined(data().take([0]))
    assert joined.weights.tolist() == [1, 1]
    with pytest.raises(DataError, match="Weights must be"):
        dataclasses.replace(whole, weights=np.ones(3))


def test_metrics_and_pictures_leave_unknown_classes_out():
    sets = data(gaps=True).split(0.6, 0.4, 0)
    network = Network(Design.sequential([Input(), Output()]), data=sets)
    trainer = Trainer(network, sets)
    trainer.step()
    snapshot = Snapshot.of(trainer)
    labels = sets.dev.labels
    known = int((labels >= 0).sum())
    judged = Judged.of(snapshot, MetricsWish())
    assert judged.matrix(0.5).sum() == known
    P, Y = network.predict(sets.dev.X), sets.dev.Y
    assert confusion_matrix(P, Y).sum() == known
    assert rate_of(network, sets.dev).m == known
    assert border_of(network, sets).labels.min() == 0
    points = points_of(sets, "dev", network, plane_of(sets), 0)
    assert not points.wrong[labels < 0].any()
    whole = {concern.name for concern in check_splits(data().split(0.6, 0.4, 0))}
    assert {concern.name for concern in check_splits(sets)} <= whole


def test_a_run_learns_from_data_with_gaps_and_weights():
    sets = data(np.linspace(0.5, 2, 90), gaps=True).split(0.6, 0.4, 0)
    layers = [Input(), Dense(units=8), Output()]
    settings = TrainingSettings(epochs=60, batch_size=10)
    network = Network(Design.sequential(layers), settings, data=sets)
    latest = fit(network, sets, progress=False).latest
    known = sets.dev.labels >= 0
    right = network.predict(sets.dev.X).argmax(axis=0) == sets.dev.labels
    assert latest["dev_score"] == pytest.approx(right[known].mean())
    assert latest["dev_score"] > 0.6
    assert latest["dev_cost"] == pytest.approx(
        network.cost(sets.dev.X, sets.dev.Y, weights=sets.dev.weights), rel=1e-5
    )


def test_the_doctor_measures_numbers_by_the_known_targets_alone():
    Y, known = with_gaps(np.random.default_rng(0).normal(50, 3, (2, M)))
    assert target_variance(Y) == pytest.approx(target_variance(Y[:, known]))
    assert target_variance(np.full((1, 3), np.nan)) == 1
    some = Dataset(np.ones((1, M)), Y, "regression")
    alone = Dataset(np.ones((1, int(known.sum()))), Y[:, known], "regression")
    assert TargetSize.of(some) == TargetSize.of(alone)
    assert TargetSize.of(Dataset(np.ones((1, 2)), np.full((1, 2), np.nan), "regression")) is None


def test_one_hot_columns_of_two_classes_are_never_taken_for_labels_with_weights():
    _, X, _ = example(Task.parse("multi_class"))
    chain = Design.sequential([Input(features=3), Output(units=2)])
    network = Network(chain, dtype="float64")
    labels = np.arange(M) % 2
    of_labels = network.learn_from(X, labels[np.newaxis].astype(float)).cost
    assert network.learn_from(X, one_hot(labels, 2).astype(float)).cost == of_labels
    weights = np.arange(M) % 3
    often = np.repeat(np.arange(M), weights)
    weighted = network.cost(X, labels, weights=weights)
    assert weighted == pytest.approx(network.cost(X[:, often], labels[often]), rel=1e-12)
