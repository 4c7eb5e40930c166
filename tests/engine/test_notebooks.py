"""What a person in a notebook sees: reprs, summaries, fit, and sentences for slips."""

from __future__ import annotations

import gc
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data import DataPlan

SETTINGS = engine.TrainingSettings(epochs=4, batch_size=32)


@pytest.fixture
def data():
    return DataPlan(source={"kind": "moons", "points": 100}).build()


@pytest.fixture
def network(data):
    layers = [engine.Input(), engine.Dense(units=6), engine.Output(task="binary")]
    design = engine.Design.sequential(layers, ["x", "h1", "y"])
    return engine.Network(design, SETTINGS, data=data)


def test_a_network_says_what_it_is(network):
    assert repr(network) == "Network(2 -> 1, sigmoid, 25 parameters, float32, seed 0)"
    lines = network.summary().splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["layer", "x", "h1", "y"]
    assert re.split(r"\s{2,}", lines[2]) == ["h1", "dense", "6", "18", "6, ReLU"]
    assert lines[-1] == "25 parameters, float32"


def test_a_run_and_its_history_say_where_they_stand(network, data):
    trainer = engine.Trainer(network, data)
    assert "epoch 0 of 4, iteration 0" in repr(trainer)
    assert repr(trainer.history) == "History(0 iterations, 0 evaluations)"
    assert "Nothing is evaluated yet." in trainer.summary()
    while not trainer.finished:
        trainer.step()
    assert repr(trainer).startswith("Trainer(finished, epoch 4 of 4, iteration 8, Network(2 -> 1")
    assert f"dev_cost {trainer.history.latest['dev_cost']:.4g}" in repr(trainer.history)
    assert "60 training and 20 dev examples" in trainer.summary()


def test_a_summary_of_a_long_history_has_ten_rows_from_first_to_last(network, data):
    history = engine.Trainer(network, data).history
    for epoch in range(1, 101):
        history.evaluate(
            iteration=epoch, epoch=epoch, train_cost=1, train_score=0, dev_cost=1, dev_score=0
        )
    rows = history.summary().splitlines()[2:]
    assert len(rows) == 10
    assert [int(row.split()[1]) for row in (rows[0], rows[-1])] == [1, 100]


def test_fit_trains_to_the_end_with_the_numbers_of_train(network, data, capsys):
    other = engine.Network(network.design, SETTINGS, data=data)
    history = engine.fit(network, data)
    *_, step = engine.train(other, data)
    assert np.array_equal(network.theta, other.theta)
    assert history.latest == step.history.latest
    assert "8/8" in capsys.readouterr().err


def test_fit_is_silent_where_asked(network, data, capsys):
    assert len(engine.fit(network, data, engine.TrainingSettings(epochs=2), progress=False)) == 2
    assert capsys.readouterr() == ("", "")


def test_train_warns_when_nobody_takes_a_step(network, data):
    with pytest.warns(UserWarning, match=r"engine\.fit\(network, data\)"):
        engine.train(network, data)
        gc.collect()


def test_train_does_not_warn_once_it_was_started(network, data):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        steps = engine.train(network, data)
        assert "not started" in repr(steps)
        assert next(steps).iteration == 1
        assert [step.iteration for step in steps] == list(range(2, 9))
        del steps
        gc.collect()


@pytest.mark.parametrize("call", [engine.train, engine.fit])
def test_data_that_were_not_split_are_a_sentence(call, network, data):
    with pytest.raises(engine.DataError, match=r"got a Dataset\. Split it first: data\.split\("):
        call(network, data.train)
    with pytest.raises(engine.DataError, match="takes Splits, with a training and a dev set"):
        call(network, (data.train.X, data.train.Y))
    with pytest.raises(engine.TrainingError, match="takes a Network first; got a Design"):
        call(network.design, data)
    with pytest.raises(engine.TrainingError, match=r"must be engine\.TrainingSettings; got a dict"):
        call(network, data, {"epochs": 3})


def test_a_list_of_layers_is_no_design():
    with pytest.raises(engine.DesignError, match=r"got list\. .*Design\.sequential\(\[\.\.\.\]\)"):
        engine.Network([engine.Input(features=2), engine.Output(task="binary")])


@pytest.mark.parametrize(
    ("make", "hint"),
    [
        (lambda: engine.Dense(64), "Write Dense(units=64)."),
        (lambda: engine.Input(784), "Write Input(shape=(784,))."),
        (lambda: engine.Dropout(0.8), "Write Dropout(keep_prob=0.8)."),
        (lambda: engine.Adam(0.01), "Write Adam(learning_rate=0.01)."),
        (lambda: engine.Output("binary"), "Write Output(task='binary')."),
        (lambda: engine.Flatten(3), "Flatten takes its settings by name; got 3."),
    ],
)
def test_a_value_without_a_name_is_a_sentence_with_the_name(make, hint):
    with pytest.raises(engine.SpecError) as caught:
        make()
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("lr", "It belongs to the optimizer: optimizer=Adam(learning_rate=...)."),
        ("beta1", "It belongs to the optimizer: optimizer=Adam(beta1=...)."),
        ("patience", "It belongs to the stopping: stopping=EarlyStopping(patience=...)."),
        ("n_epochs", "It is called 'epochs' here: Passes over the training set."),
        ("epoch", "Did you mean 'epochs'?"),
    ],
)
def test_a_setting_of_another_library_is_led_to_ours(name, hint):
    with pytest.raises(engine.SpecError) as caught:
        engine.TrainingSettings(**{name: 1})
    assert str(caught.value) == f"Training has no setting '{name}'. {hint}"


def test_what_settings_take_is_in_the_engine():
    assert {"schedules", "stopping", "initializers", "Project", "fit"} <= set(dir(engine))
    for family in (engine.Initializer, engine.Schedule, engine.StopRule, engine.Optimizer):
        names = {member.__name__ for member in family.registry.values()}
        assert not {n for n in names if not n.startswith("_")} - set(engine.__all__)
    assert all(hasattr(engine, name) for name in engine.__all__)


def test_the_engine_says_nothing_that_only_a_window_has():
    words = re.compile(r'"[^"\n]*(from the palette|[Dd]rag |[Cc]lick )[^"\n]*"')
    root = Path(engine.__file__).parent
    found = [
        f"{path.name}: {match.group()}"
        for path in root.rglob("*.py")
        for match in words.finditer(re.sub(r'"""(?s:.*?)"""', "", path.read_text("utf-8")))
    ]
    assert found == []
