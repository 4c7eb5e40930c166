"""Health and alarms: measured against the definitions, and raised where something is wrong."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace

import numpy as np
import pytest

import engine
from engine.data import DataPlan
from engine.health.alarms import CONFIRMATIONS, MEASURES, Alarm, AlarmWatch
from engine.health.health import HealthProbe
from engine.health.judged_examples import JudgedExamples
from engine.training.trainer import EARLY_PROBES, STEPS_PER_PROBE


def trainer(layers, names=None, source="circles", **settings) -> engine.Trainer:
    design = engine.Design.sequential(layers, names)
    data = DataPlan(source={"kind": source, "points": 200}).build()
    settings = engine.TrainingSettings(**{"batch_size": None, "epochs": 10_000, **settings})
    return engine.Trainer(engine.Network(design, settings, data=data, dtype="float64"), data)


def three_layers(activation="relu", **settings) -> engine.Trainer:
    layers = [
        engine.Input(),
        engine.Dense(units=6, activation=activation),
        engine.Dense(units=4, activation=activation),
        engine.Output(task="binary"),
    ]
    return trainer(layers, ["x", "h1", "h2", "y"], **settings)


def measured(run: engine.Trainer, name: str) -> dict[str, float]:
    iterations, values = run.history.measure(name)
    planned = sorted({*EARLY_PROBES, *range(1, run.iteration + 1, STEPS_PER_PROBE)})
    assert iterations.tolist() == [at for at in planned if at <= run.iteration]
    return dict(zip(run.history.nodes, values[-1].tolist(), strict=True))


def test_norms_and_update_ratio_are_those_of_the_definitions():
    run = three_layers(optimizer=engine.GradientDescent(learning_rate=0.5))
    network = run.network
    W = network.parameters["h1.W"].copy()
    run.step()
    dW, db = network.gradients["h1.W"], network.gradients["h1.b"]
    assert measured(run, "weight_gradient_norm")["h1"] == pytest.approx(np.linalg.norm(dW))
    assert measured(run, "bias_gradient_norm")["h1"] == pytest.approx(np.linalg.norm(db))
    ratio = 0.5 * np.linalg.norm(dW) / np.linalg.norm(network.parameters["h1.W"])
    assert measured(run, "update_ratio")["h1"] == pytest.approx(ratio)
    assert np.allclose(W - network.parameters["h1.W"], 0.5 * dW)


def test_activations_are_summed_up_as_they_were_in_the_forward_pass():
    run = three_layers()
    X = run.train_set.X
    a = np.maximum(run.network.parameters["h1.W"] @ X + run.network.parameters["h1.b"], 0)
    run.step()
    assert measured(run, "activation_mean")["h1"] == pytest.approx(a.mean())
    assert measured(run, "activation_spread")["h1"] == pytest.approx(a.std())


def test_padding_is_no_part_of_the_activations():
    rng = np.random.default_rng(0)
    lengths = rng.integers(1, 5, 60)
    X = np.vstack([rng.normal(size=(8, 60)), lengths])
    data = engine.data.Dataset(X, (lengths > 2)[None].astype(float), "binary").split(0.5, 0.5, 0)
    hidden = [engine.Dense(units=3, activation="tanh"), engine.Flatten()]
    chain = [engine.Input(shape=(2, 4), lengths=True), *hidden, engine.Output(task="binary")]
    design = engine.Design.sequential(chain, ["x", "h1", "flat", "y"])
    settings = engine.TrainingSettings(batch_size=None)
    run = engine.Trainer(engine.Network(design, settings, seed=0), data)
    trace = run.network.forward(run.train_set.X)
    slot = run.network.slots["h1"]
    real = trace.values[slot][..., trace.masks[slot]]
    run.step()
    assert measured(run, "activation_mean")["h1"] == pytest.approx(real.mean(), rel=1e-4)
    assert measured(run, "activation_spread")["h1"] == pytest.approx(real.std(), rel=1e-4)


def test_dead_units_are_those_that_are_zero_for_every_example():
    run = three_layers()
    run.network.parameters["h1.b"][:3] = -1e3
    run.step()
    assert measured(run, "dead_share")["h1"] == pytest.approx(0.5)
    assert np.isnan(measured(run, "dead_share")["y"])
    assert np.isnan(measured(run, "saturated_share")["h1"])


def test_saturated_outputs_are_those_near_an_end_of_the_range():
    run = three_layers("tanh")
    run.network.parameters["h1.W"][...] = 0
    run.network.parameters["h1.b"][:2] = 9
    run.network.parameters["h1.b"][2:4] = -9
    run.step()
    assert measured(run, "saturated_share")["h1"] == pytest.approx(4 / 6)
    assert np.isnan(measured(run, "dead_share")["h1"])


def test_zeros_initialization_makes_every_unit_a_twin():
    run = three_layers("tanh", initializer="zeros")
    run.step()
    assert measured(run, "identical_share")["h1"] == 1.0
    assert measured(three_step(three_layers()), "identical_share")["h1"] == 0.0


def three_step(run: engine.Trainer) -> engine.Trainer:
    for _ in range(3):
        run.step()
    return run


def test_twins_are_found_beyond_the_weights_that_are_compared_first():
    layers = [engine.Input(), engine.Dense(units=3), engine.Output(task="multi_class")]
    design = engine.Design.sequential(layers, ["x", "h1", "y"])
    data = DataPlan(source="mnist-10k", normalize=False).build()
    run = engine.Trainer(engine.Network(design, data=data), data)
    W = run.network.parameters["h1.W"]
    W[1] = W[0]
    W[2, :100] = W[0, :100]  # the first ones alone make no twins
    V = run.network.parameters["y.W"]
    V[:, 1] = V[:, 0]  # twins that lead on alike stay twins
    run.step()
    assert measured(run, "identical_share")["h1"] == pytest.approx(2 / 3)


def test_units_that_share_their_first_weights_only_are_no_twins():
    run = three_layers()
    W = run.network.parameters["h2.W"]
    W[:, 0] = 0.5
    W[3] = W[2]
    step = run.network.learn_from(run.train_set.X, run.train_set.Y)
    probe = HealthProbe(run.network, ["h2"])
    health = probe.measure(run.network, step, run.updater.previous)
    assert health[MEASURES.index("identical_share"), 0] == pytest.approx(2 / 4)


@pytest.mark.parametrize(
    ("kind", "layers", "settings", "first"),
    [
        ("symmetric", {}, {"initializer": "zeros"}, 1),
        ("dead", {"initializer": {"kind": "constant", "value": -5.0}}, {}, 1),
        (
            "saturated",
            {"activation": "tanh", "initializer": {"kind": "he", "multiplier": 60}},
            {},
            EARLY_PROBES[CONFIRMATIONS - 2],
        ),
        (
            "exploding",
            {"activation": "linear", "initializer": {"kind": "he", "multiplier": 1e4}},
            {},
            1,
        ),
    ],
)
def test_a_sick_network_raises_its_alarm(kind, layers, settings, first):
    hidden = [engine.Dense(units=8, **layers) for _ in range(3)]
    run = trainer([engine.Input(), *hidden, engine.Output(task="binary")], **settings)
    while run.iteration < STEPS_PER_PROBE * CONFIRMATIONS:
        run.step()
    found = [alarm for alarm in run.history.alarms if alarm.kind == kind]
    assert found
    assert found[0].iteration == first
    assert found[0].text.startswith(f"'{found[0].node}': ")


def test_a_deep_tanh_network_raises_vanishing_in_its_first_layers_only():
    small = {"kind": "xavier", "multiplier": 0.4}
    hidden = [engine.Dense(units=16, activation="tanh", initializer=small) for _ in range(10)]
    slow = engine.GradientDescent(learning_rate=0.01)  # Adam would heal it
    run = trainer(
        [engine.Input(), *hidden, engine.Output(task="binary")], batch_size=50, optimizer=slow
    )
    while run.iteration < STEPS_PER_PROBE * CONFIRMATIONS:
        run.step()
    nodes = {alarm.node for alarm in run.history.alarms if alarm.kind == "vanishing"}
    assert "dense" in nodes
    assert "output" not in nodes


def test_a_cost_in_the_billions_at_the_start_is_an_alarm_at_once():
    wild = engine.Dense(units=8, initializer={"kind": "he", "multiplier": 1e5})
    run = trainer([engine.Input(), wild, wild, engine.Output(task="binary")])
    assert run.step().cost > 1e6
    first = run.history.alarms[0]
    assert (first.iteration, first.kind) == (1, "exploding")
    assert "and J is " in first.text


def test_a_cost_that_explodes_later_is_an_alarm_at_that_step_and_only_once():
    """A regression whose first steps multiply the error, until it goes back to its start."""
    hidden = engine.Dense(units=8, activation="linear", initializer={"kind": "he"})
    rate = engine.GradientDescent(learning_rate=3.0)
    layers = [engine.Input(), hidden, engine.Output(task="regression")]
    run = trainer(layers, optimizer=rate, source="curve")
    while run.iteration < 60 and not run.history.alarms:
        cost = run.step().cost
    first = run.history.alarms[0]
    assert 1 < run.iteration == first.iteration != 11 and first.kind == "exploding"
    assert (run.history.cost.values[:-1] < 1e6).all()
    assert cost > 1e6 or max(run.history.gradient_norm.values[-1]) > 1e6
    with contextlib.suppress(engine.NonFiniteError):
        while run.iteration < 90:
            run.step()
    again = [alarm for alarm in run.history.alarms if alarm.node == first.node]
    assert [alarm.kind for alarm in again].count("exploding") == 1


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ({"initializer": "zeros", "activation": "tanh"}, "symmetric"),
        ({"initializer": "zeros"}, "symmetric"),
        ({"initializer": {"kind": "constant", "value": -5.0}}, "symmetric"),
        ({"bias": -100.0}, "dead"),
    ],
)
def test_the_cause_is_said_before_the_gradient_that_vanishes_for_it(layer, said):
    bias = layer.pop("bias", None) if "bias" in (layer := dict(layer)) else None
    hidden = [engine.Dense(units=8, **layer) for _ in range(3)]
    run = trainer([engine.Input(), *hidden, engine.Output(task="binary")])
    if bias is not None:
        for name in ("dense.b", "dense 2.b", "dense 3.b"):
            run.network.parameters[name][...] = bias
    for _ in range(STEPS_PER_PROBE * CONFIRMATIONS):
        run.step()
    kinds = [alarm.kind for alarm in run.history.alarms]
    assert kinds[0] == said
    assert run.history.alarms[0].iteration == 1
    assert "vanishing" not in kinds


@pytest.mark.parametrize("batch_size", [1, 2, 16])
def test_units_of_a_healthy_network_are_not_dead_because_the_mini_batch_is_small(batch_size):
    layers = [engine.Input(), engine.Dense(units=32), engine.Dense(units=16)]
    names = ["x", "h1", "h2", "y"]
    run = trainer([*layers, engine.Output(task="binary")], names, batch_size=batch_size)
    for _ in range(2 * STEPS_PER_PROBE + 1):
        run.step()
    assert [alarm for alarm in run.history.alarms if alarm.kind in ("dead", "saturated")] == []
    after = run.network.forward(run.train_set.X).values
    fires = after[next(p.target for p in run.network.parts if p.node == "h1") + 1].any(axis=1)
    assert measured(run, "dead_share")["h1"] == pytest.approx(1 - fires.mean())


def test_judging_units_changes_nothing_of_the_training(monkeypatch):
    runs = []
    for judged in (1, 256):
        monkeypatch.setattr("engine.health.judged_examples.JUDGED", judged)
        run = three_layers(batch_size=4, keep_prob=0.8, batch_norm=True)
        for _ in range(STEPS_PER_PROBE + 5):
            run.step()
        runs.append(run.network)
    assert np.array_equal(runs[0].theta, runs[1].theta)
    for name, value in runs[0].state.items():
        assert np.array_equal(value, runs[1].state[name])


def test_units_that_were_not_judged_this_time_stay_under_suspicion():
    watch = AlarmWatch(["h1"])
    sick, unknown = health_with(dead_share=0.9), health_with()
    found = [len(watch.look(i, rows)) for i, rows in enumerate([sick, unknown] * 3)]
    assert found == [0, 0, 0, 0, 1, 0]
    assert [alarm.kind for alarm in watch.standing(6, unknown)] == ["dead"]


def test_a_large_network_with_tiny_mini_batches_is_judged_less_often():
    class Network:
        def forward(self, X):
            return SimpleNamespace(values=[X])

    def judged_at(pass_per_step):
        judged = JudgedExamples(X, 1, pass_per_step, spacing=100)
        found = [judged.values(Network(), measurement, []) for measurement in range(20)]
        return [at for at, values in enumerate(found) if values is not None]

    X = np.zeros((2, 1_000))
    assert judged_at(1.0) == list(range(20))
    assert judged_at(85.0) == [0, 9, 18]
    assert JudgedExamples(X, 256, pass_per_step=1.0, spacing=100).X is None
    assert JudgedExamples(X, 255, pass_per_step=1.0, spacing=100).X.shape == (2, 256)


def test_a_healthy_network_raises_none():
    run = three_layers("tanh", optimizer="adam")
    for _ in range(300):
        run.step()
    assert run.history.alarms == []


def health_with(**measures) -> np.ndarray:
    rows = np.full((len(MEASURES), 1), np.nan, "float32")
    for name, value in measures.items():
        rows[MEASURES.index(name)] = value
    return rows


def test_an_alarm_is_raised_once_while_it_lasts_and_again_after_a_recovery():
    watch = AlarmWatch(["h1"])
    sick, well = health_with(dead_share=0.9), health_with(dead_share=0.1)
    alarms = [watch.look(i, sick) for i in range(6)]
    assert [len(found) for found in alarms] == [0, 0, 1, 0, 0, 0]
    assert alarms[2] == [
        Alarm(2, "dead", "h1", "'h1': 90 % of the units are dead: 0 for every example")
    ]
    watch.look(6, well)
    assert [len(watch.look(i, sick)) for i in range(3)] == [0, 0, 1]


def test_a_watch_goes_on_from_its_state():
    watch, other = AlarmWatch(["h1"]), AlarmWatch(["h1"])
    sick = health_with(dead_share=0.9)
    watch.look(0, sick)
    watch.look(1, sick)
    other.restore(watch.state())
    assert len(other.look(2, sick)) == 1
