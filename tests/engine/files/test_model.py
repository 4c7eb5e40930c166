""".safetensors: a saved run goes on as if it had never stopped."""

from __future__ import annotations

import json

import numpy as np
import pytest
import safetensors.numpy

import engine
from engine.data import DataPlan
from engine.files import TrainedModel, load, save
from engine.project import Project


@pytest.fixture
def project() -> Project:
    design = engine.Design.sequential(
        [
            engine.Input(keep_prob=0.9),
            engine.Dense(units=8, batch_norm=True, keep_prob=0.8),
            engine.Dense(units=4, optimizer="momentum"),
            engine.Output(task="binary"),
        ]
    )
    settings = engine.TrainingSettings(batch_size=32, epochs=12, l2=0.1)
    return Project(design, settings, DataPlan(source={"kind": "moons", "points": 150}))


def new_trainer(project: Project) -> engine.Trainer:
    data = project.data.build()
    return engine.Trainer(engine.Network(project.design, project.training, data=data), data)


@pytest.mark.parametrize("steps", [0, 1, 7, 11, 30])
def test_stop_save_load_continue_equals_never_stopping(project, tmp_path, steps):
    straight = new_trainer(project)
    stopped = new_trainer(project)
    for _ in range(steps):
        straight.step()
        stopped.step()
    save(TrainedModel.of(project, stopped), tmp_path / "m.safetensors")
    opened = load(tmp_path / "m.safetensors")
    assert opened.project == project
    resumed = opened.trainer()
    while not straight.finished:
        assert resumed.step().cost == straight.step().cost
    assert resumed.finished
    assert np.array_equal(resumed.network.theta, straight.network.theta)
    for name, column in straight.history.to_arrays().items():
        assert np.array_equal(resumed.history.to_arrays()[name], column, equal_nan=True), name


def test_a_model_is_a_copy_that_later_steps_do_not_change(project):
    trainer = new_trainer(project)
    model = TrainedModel.of(project, trainer)
    before = model.arrays["theta"].copy()
    trainer.step()
    assert np.array_equal(model.arrays["theta"], before)


def test_any_safetensors_reader_sees_the_weights(project, tmp_path):
    trainer = new_trainer(project)
    save(TrainedModel.of(project, trainer), tmp_path / "m.safetensors")
    tensors = safetensors.numpy.load_file(tmp_path / "m.safetensors")
    assert np.array_equal(tensors["theta"], trainer.network.theta)


def spoilt(tmp_path, content: bytes):
    path = tmp_path / "m.safetensors"
    path.write_bytes(content)
    return path


@pytest.fixture
def content(project, tmp_path) -> bytes:
    path = tmp_path / "whole.safetensors"
    save(TrainedModel.of(project, new_trainer(project)), path)
    return path.read_bytes()


@pytest.mark.parametrize("keep", [0, 5, 8, 100, -1])
def test_a_model_that_is_cut_short_is_refused_with_a_sentence(tmp_path, content, keep):
    with pytest.raises(engine.FileError, match=r"valid \.safetensors file"):
        load(spoilt(tmp_path, content[:keep]))


def test_foreign_tensors_are_refused(tmp_path):
    path = tmp_path / "m.safetensors"
    safetensors.numpy.save_file({"a": np.zeros(3)}, path)
    with pytest.raises(engine.FileError, match="not a model of Backprop Studio"):
        load(path)


def with_metadata(content: bytes, **changes) -> bytes:
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header["__metadata__"].update(changes)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + content[8 + length :]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"version": "99"}, "newer program"),
        ({"version": "one"}, "newer program"),
        ({"version": "²"}, "newer program"),
        ({"version": "9" * 5_000}, "newer program"),
        ({"project": "{"}, "damaged at line 1"),
        ({"run": "nothing"}, "damaged at line 1"),
        ({"run": "7"}, "has no design or no run state"),
        ({"project": '{"format": "other"}'}, "not a design"),
    ],
)
def test_mangled_metadata_are_refused_with_a_sentence(tmp_path, content, changes, sentence):
    with pytest.raises(engine.FileError, match=sentence):
        load(spoilt(tmp_path, with_metadata(content, **changes)))


def test_a_header_that_says_nothing_is_refused_with_a_sentence(tmp_path):
    header = b'{"__metadata__": null}  '
    with pytest.raises(engine.FileError, match="not a model of Backprop Studio"):
        load(spoilt(tmp_path, len(header).to_bytes(8, "little") + header))


@pytest.mark.parametrize("counter", ["iteration", "epoch", "position", "seed", "shuffle_seed"])
@pytest.mark.parametrize("value", [-1, 1.5, True, "2", None])
def test_counters_that_cannot_be_are_refused(tmp_path, content, counter, value):
    length = int.from_bytes(content[:8], "little")
    run = json.loads(json.loads(content[8 : 8 + length])["__metadata__"]["run"])
    changed = with_metadata(content, run=json.dumps({**run, counter: value}))
    with pytest.raises(engine.TrainingError, match="does not fit the network: the"):
        load(spoilt(tmp_path, changed)).trainer()


@pytest.mark.parametrize("name", ["theta", "slot.s", "history.cost", "history.clipped"])
def test_tensors_of_another_type_are_refused(project, name):
    model = TrainedModel.of(project, new_trainer(project))
    array = model.arrays[name]
    wrong = array.astype("int32" if array.dtype.kind == "f" else "float32")
    with pytest.raises(engine.TrainingError, match=f"{name} holds"):
        TrainedModel(project, {**model.arrays, name: wrong}, model.values).trainer()


@pytest.mark.parametrize("run", ["{}", '{"iteration": "x"}', "[]", "null", "7"])
def test_a_mangled_run_is_refused_when_it_is_to_go_on(tmp_path, content, run):
    with pytest.raises(engine.EngineError):
        load(spoilt(tmp_path, with_metadata(content, run=run))).trainer()
