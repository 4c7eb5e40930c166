"""A frozen layer stands still: batch norm in it runs in evaluation mode, as in Keras."""

import numpy as np
import pytest

import engine
from engine.data import DataPlan


def run_of(trainable, **settings):
    hidden = [
        engine.Dense(units=6, batch_norm=True, trainable=trainable),
        engine.BatchNorm(trainable=trainable),
    ]
    design = engine.Design.sequential(
        [engine.Input(), *hidden, engine.Output(task="binary")], ["x", "h1", "norm", "y"]
    )
    data = DataPlan(source={"kind": "circles", "points": 200}).build()
    settings = engine.TrainingSettings(**{"batch_size": 32, "epochs": 3, **settings})
    return engine.Trainer(engine.Network(design, settings, data=data, dtype="float64"), data)


def state_after_training(run):
    while not run.finished:
        run.step()
    return {name: value.copy() for name, value in run.network.state.items()}


def test_running_averages_of_a_frozen_layer_stand_still_and_others_move():
    frozen, free = run_of(False), run_of(True)
    before = {name: value.copy() for name, value in frozen.network.state.items()}
    after, moved = state_after_training(frozen), state_after_training(free)
    assert set(before) == {"h1.mean", "h1.variance", "norm.mean", "norm.variance"}
    for name, value in before.items():
        assert np.array_equal(after[name], value)
        assert not np.array_equal(moved[name], value)


def test_a_frozen_layer_answers_in_training_as_in_evaluation():
    network = run_of(False).network
    network.state["h1.mean"][...] = 0.3
    x = np.random.default_rng(0).normal(size=(2, 8))
    at_work = network.forward(x, training=True).values[-1]
    assert np.array_equal(at_work, network.forward(x).values[-1])


def test_a_frozen_layer_that_is_freed_in_mid_run_goes_on_from_its_averages():
    run = run_of(False)
    run.step()
    design = run.network.design
    run.adopt(run.settings, design.edit("h1", trainable=True).edit("norm", trainable=True))
    before = run.network.state["h1.mean"].copy()
    run.step()
    assert not np.array_equal(run.network.state["h1.mean"], before)


def test_frozen_batch_norm_takes_single_examples():
    run = run_of(False, batch_size=1, epochs=1)
    state_after_training(run)
    with pytest.raises(engine.TrainingError, match="batch norm"):
        run_of(True, batch_size=1)


def test_gradients_through_a_frozen_layer_pass_the_check_in_training_mode():
    run = run_of(False)
    few = run.data.train.take(range(16))
    report = engine.check_gradients(run.network, few.X, few.Y, epsilon=1e-6)
    assert report.passed, report.sentence
