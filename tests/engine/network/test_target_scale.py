"""Regression targets: trained in scaled units, predicted and scored in those of the data."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine import resources
from engine.data import DataPlan, Dataset, Splits
from engine.data.tables import open_table, preview
from engine.doctor import examine
from engine.files import TrainedModel, load, save
from engine.layers.scaled_linear import TargetScale
from engine.project import Project


def sets(Y, m=60):
    """Splits whose features explain the targets: Y is (n_y, m + 20) or a function of X."""
    X = np.random.default_rng(0).normal(size=(2, m + 20))
    Y = Y(X) if callable(Y) else Y
    whole = Dataset(X, Y, "regression")
    return Splits(whole.take(range(m)), whole.take(range(m, m + 20)))


def design(units=1, scale=True, hidden=10, **task):
    hidden_layers = [engine.Dense(units=hidden)] if hidden else []
    task = {"kind": "regression", "scale_targets": scale, **task}
    return engine.Design.sequential(
        [engine.Input(features=2), *hidden_layers, engine.Output(task=task, units=units)]
    )


def trained(data, **settings):
    network = engine.Network(design(data.train.n_y), data=data)
    *_, step = engine.train(network, data, engine.TrainingSettings(**settings))
    return network, step.history.latest


def prices(X):
    return 300_000 + 90_000 * X[:1] - 40_000 * X[1:]


@pytest.fixture(scope="module")
def house_prices(tmp_path_factory):
    """150 houses by size and age, written as a table and opened with everything guessed."""
    rng = np.random.default_rng(4)
    salary, age = rng.uniform(20_000, 90_000, 150), rng.uniform(18, 80, 150)
    price = np.round(6.5 * salary - 1_500 * age + 20 * age**2 + rng.normal(0, 8_000, 150))
    path = tmp_path_factory.mktemp("cases") / "house-prices.csv"
    columns = np.column_stack([salary, age, price])
    np.savetxt(path, columns, "%.0f", ",", header="salary,age,price", comments="")
    found = preview(path)
    source = open_table(found.path, found.options, found.columns).source
    return DataPlan(source=source).build()


def test_house_prices_are_learned_with_default_settings(house_prices):
    data = house_prices
    layers = [engine.Input(), engine.Dense(), engine.Output(task="regression")]
    network = engine.Network(engine.Design.sequential(layers), data=data)
    *_, step = engine.train(network, data, engine.TrainingSettings(epochs=500))
    assert step.history.latest["dev_score"] > 0.95
    assert np.abs(network.predict(data.dev.X) / data.dev.Y - 1).mean() < 0.1
    assert engine.check_gradients(network, data.train.X, data.train.Y).verdict == "great"


def test_house_prices_are_learned_by_the_example_that_the_window_starts_with(house_prices):
    project = load(resources.path("examples", "3 Circles with 2-10-5-1.netdesign"))
    design = project.design.edit("y", task="regression")
    network = engine.Network(design, project.training, data=house_prices)
    *_, step = engine.train(network, house_prices)
    assert step.history.latest["dev_score"] > 0.95


def test_predictions_have_the_units_of_the_data_and_losses_those_of_training():
    data = sets(prices)
    network, latest = trained(data, epochs=600)
    P, Y = network.predict(data.dev.X), data.dev.Y
    r2 = 1 - np.square(P - Y).sum() / np.square(Y - Y.mean()).sum()
    assert r2 > 0.95 and latest["dev_score"] == pytest.approx(r2, abs=1e-4)
    spread = data.train.Y.std()
    J = 0.5 * np.square((P - Y) / spread).mean()
    assert latest["dev_cost"] == pytest.approx(J, rel=1e-3)
    assert network.cost(data.dev.X, Y) == pytest.approx(J, rel=1e-3)


def test_the_unit_of_the_targets_makes_no_difference():
    data = sets(prices)
    small = Splits(
        *(Dataset(part.X, part.Y / 1000 - 7, "regression") for part in (data.train, data.dev))
    )
    (_, one), (_, other) = trained(data, epochs=20), trained(small, epochs=20)
    assert one["dev_cost"] == pytest.approx(other["dev_cost"], rel=1e-4)
    assert one["dev_score"] == pytest.approx(other["dev_score"], rel=1e-4)


def test_every_output_has_a_scale_of_its_own():
    data = sets(lambda X: np.concatenate([prices(X), 0.001 * X[:1], np.full((1, 80), 5.0)]))
    network, latest = trained(data, epochs=600)
    mean, spread = network.state["output.target_mean"], network.state["output.target_spread"]
    assert mean.ravel() == pytest.approx(data.train.Y.mean(axis=1), rel=1e-5)
    assert spread.ravel()[:2] == pytest.approx(data.train.Y.std(axis=1)[:2], rel=1e-5)
    assert spread[2] == 1  # a target that never changes
    P, Y = network.predict(data.dev.X), data.dev.Y
    assert np.square((P - Y)[1]).mean() < 0.2 * 0.001**2  # learned beside prices
    pooled = 1 - np.square(P - Y).sum() / np.square(Y - Y.mean(axis=1, keepdims=True)).sum()
    assert latest["dev_score"] == pytest.approx(pooled, abs=1e-4)


def test_unknown_targets_do_not_count_in_the_scale():
    scale = TargetScale(np.zeros((2, 1)), np.ones((2, 1)))
    scale.measure(np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]]))
    assert scale.mean.ravel().tolist() == [2.0, 0.0]
    assert scale.spread.ravel().tolist() == [1.0, 1.0]


def test_a_network_made_without_data_measures_them_when_it_trains():
    data = sets(prices)
    with_data = engine.Network(design(), data=data)
    without = engine.Network(design())
    X, Y = data.train.X[:, :5], data.train.Y[:, :5]
    assert without.cost(X, Y) > 1e9  # nothing is known of the targets yet
    for network in (with_data, without):
        engine.Trainer(network, data)
    assert without.cost(X, Y) == with_data.cost(X, Y) < 10
    assert np.array_equal(without.predict(X), with_data.predict(X))


def test_drawing_anew_keeps_what_was_measured():
    data = sets(prices)
    network = engine.Network(design(), data=data)
    before = network.state["output.target_mean"].copy()
    network.draw()
    assert network.state["output.target_mean"] == before > 1000


def test_a_setting_of_the_output_takes_targets_as_they_are():
    data = sets(prices)
    network = engine.Network(design(scale=False), data=data)
    assert network.state == {} and network.scale_of(network.head) is None
    assert np.array_equal(engine.Trainer(network, data).train_set.Y, np.float32(data.train.Y))
    with pytest.raises(engine.TrainingError, match="Rewind"):
        network.adopt(network.settings, design(scale=True))


def test_scaled_gradients_equal_those_of_targets_that_were_scaled_by_hand():
    data = sets(prices)
    scaled = engine.Network(design(), seed=1, dtype="float64", data=data)
    plain = engine.Network(design(scale=False), seed=1, dtype="float64")
    X, Y = data.train.X, data.train.Y
    by_hand = (Y - Y.mean()) / Y.std()
    assert scaled.cost_and_gradient(X, Y) == pytest.approx(
        plain.cost_and_gradient(X, by_hand), rel=1e-12
    )
    assert scaled.gradient == pytest.approx(plain.gradient, rel=1e-9, abs=1e-15)


def test_a_saved_model_predicts_and_goes_on_to_the_last_bit(tmp_path):
    plan = DataPlan(source="curve")
    layers = [engine.Input(), engine.Dense(units=5), engine.Output(task="regression")]
    project = Project(engine.Design.sequential(layers), engine.TrainingSettings(epochs=6), plan)
    data = project.build_data()
    straight, stopped = (
        engine.Trainer(engine.Network(project.design, project.training, data=data), data)
        for _ in range(2)
    )
    for _ in range(3):
        straight.step()
        stopped.step()
    save(TrainedModel.of(project, stopped), tmp_path / "m.safetensors")
    resumed = load(tmp_path / "m.safetensors").trainer()
    assert np.array_equal(resumed.network.predict(data.dev.X), straight.network.predict(data.dev.X))
    while not straight.finished:
        assert resumed.step().cost == straight.step().cost
    assert np.array_equal(resumed.network.theta, straight.network.theta)


def test_the_doctor_looks_at_the_size_of_targets_that_are_not_scaled():
    path = DataPlan(source="curve")
    data = sets(prices)
    found = {}
    for scale in (True, False):
        project = Project(design(scale=scale), engine.TrainingSettings(epochs=30), path)
        trainer = engine.Trainer(engine.Network(project.design, data=data), data)
        while not trainer.finished:
            trainer.step()
        found[scale] = examine(project.replace(design=design1(project.design)), trainer)
    first = found[False].prescriptions[0]
    assert first.remedy == "scale_targets"
    assert first.reason.startswith(
        f"Their mean is {data.train.Y.mean():,.0f}, their standard deviation "
    )
    assert all(p.remedy != "scale_targets" for p in found[True].prescriptions)


def design1(of):
    """The same for the one feature of the curve, whose sizes the recipe looks up."""
    return of.edit("input", shape=(1,))


def test_a_run_that_diverges_on_huge_targets_is_told_to_scale_them():
    data = sets(prices)
    settings = engine.TrainingSettings(optimizer=engine.GradientDescent(learning_rate=1.0))
    trainer = engine.Trainer(engine.Network(design(scale=False), settings, data=data), data)
    with pytest.raises(engine.TrainingError, match="target scaling"):
        while True:
            trainer.step()
