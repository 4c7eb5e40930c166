"""python -m engine train|check|describe: output and exit status."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

import engine
from engine import resources
from engine.__main__ import main
from engine.data import DataPlan
from engine.files import load, save
from engine.project import Project

EXAMPLES = resources.path("examples")


@pytest.fixture
def design(tmp_path):
    layers = [engine.Input(), engine.Dense(units=6), engine.Output(task="binary")]
    design = engine.Design.sequential(layers, ["x", "h1", "y"])
    plan = DataPlan(source={"kind": "moons", "points": 100})
    path = tmp_path / "a.netdesign"
    save(Project(design, engine.TrainingSettings(epochs=8, batch_size=16), plan), path)
    return path


def test_train_prints_a_line_an_evaluation_and_a_sentence(design, capsys):
    assert main(["train", str(design)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("epoch 5/8  loss ")
    assert lines[-1].startswith("Finished after 32 iterations: loss ")


def test_train_as_json_gives_the_engines_numbers(design, capsys):
    assert main(["train", str(design), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    project = load(design)
    data = project.data.build()
    *_, last = engine.train(engine.Network(project.design, project.training, data=data), data)
    assert result["dev_cost"] == last.history.latest["dev_cost"]
    assert result["iterations"] == 32
    assert result["evaluations"]["epoch"] == [5.0, 8.0]


def test_epochs_can_be_given(design, capsys):
    assert main(["train", str(design), "--epochs", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["epochs"] == 2


def test_a_run_that_stops_early_says_whose_weights_it_keeps(design, capsys):
    project = load(design)
    rule = engine.EarlyStopping(patience=1)
    training = project.training.replace(
        epochs=500, stopping=rule, optimizer=engine.Adam(learning_rate=0.3)
    )
    save(project.replace(training=training), design)
    assert main(["train", str(design)]) == 0
    told = capsys.readouterr().out.splitlines()[-1]
    assert "Stopped early at epoch" in told and "restored." in told


def test_a_saved_model_goes_on(design, tmp_path, capsys):
    model = tmp_path / "m.safetensors"
    assert main(["train", str(design), "--epochs", "3", "--save", str(model)]) == 0
    assert main(["train", str(model), "--epochs", "8", "--json"]) == 0
    went_on = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert main(["train", str(design), "--json"]) == 0
    straight = json.loads(capsys.readouterr().out)
    assert went_on["dev_cost"] == straight["dev_cost"]


def test_check_passes_a_sound_design(design, capsys):
    assert main(["check", str(design)]) == 0
    assert "h1.W" in capsys.readouterr().out
    assert main(["check", str(design), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["relative_error"] < 1e-7
    assert [block["name"] for block in result["blocks"]] == ["h1.W", "h1.b", "y.W", "y.b"]


def test_check_exits_with_1_where_a_block_fails(design, capsys, monkeypatch):
    from engine.layers import Linear

    sound = Linear.backward

    def forgets_a_sign(self, params, grads, cache, dy, *, need_dx=True):
        dxs = sound(self, params, grads, cache, dy, need_dx=need_dx)
        np.negative(grads["b"], grads["b"])
        return dxs

    monkeypatch.setattr(Linear, "backward", forgets_a_sign)
    assert main(["check", str(design), "--json"]) == 1
    result = json.loads(capsys.readouterr().out)
    wrong = {block["name"] for block in result["blocks"] if block["relative_error"] > 1e-3}
    assert wrong == {"h1.b", "y.b"}


def test_describe_lists_layers_and_totals(design, capsys):
    assert main(["describe", str(design)]) == 0
    text = capsys.readouterr().out
    assert "6 × m" in text
    assert "a batch of 16 examples" in text
    assert main(["describe", str(design), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(r["name"], r["parameters"], r["multiply_adds"]) for r in rows] == [
        ("x", 0, 0),
        ("h1", 18, 12),
        ("y", 7, 6),
    ]
    assert [(r["backward_multiply_adds"], r["activation_bytes"]) for r in rows] == [
        (0, 8),
        (12, 48),
        (12, 4),
    ]
    assert all(r["advice"] == [] for r in rows)


def test_long_names_keep_the_columns_of_describe_in_line(tmp_path, capsys):
    name = "a name of more than twenty letters"
    nodes = {
        "x": engine.Input(shape=(28, 28)),
        name: engine.DotProductAttention(),
        "f": engine.Flatten(),
        "y": engine.Output(task="multi_class"),
    }
    ports = [("x", name, port) for port in ("query", "key", "value")]
    wires = [engine.Wire(*ends) for ends in [*ports, (name, "f"), ("f", "y")]]
    path = tmp_path / "a.netdesign"
    engine.save(engine.Design(nodes, tuple(wires)), path)
    assert main(["describe", str(path)]) == 0
    _, heads, *rows = capsys.readouterr().out.splitlines()
    end = heads.index("output") + len("output")
    assert [row[:end].endswith(" × m") for row in rows[:4]] == [True] * 4


def test_describe_gives_advice_in_whole_sentences(tmp_path, capsys):
    layers = [engine.Input(), engine.Dense(initializer="zeros"), engine.Output()]
    path = tmp_path / "a.netdesign"
    save(Project(engine.Design.sequential(layers, ["x", "h1", "y"])), path)
    assert main(["describe", str(path)]) == 0
    assert (
        "h1: All weights of this layer start with the same value. Units with equal weights"
        in capsys.readouterr().out
    )


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=lambda path: path.stem)
def test_every_example_can_be_described_checked_and_trained(path, capsys):
    assert main(["describe", str(path), "--json"]) == 0
    assert main(["train", str(path), "--epochs", "1", "--json"]) == 0
    rows, result = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert sum(row["parameters"] for row in rows) > 0
    assert result["epochs"] == 1
    if "Digits" not in path.stem:  # 100,000 parameters take longer than a test should
        assert main(["check", str(path), "--json"]) == 0


@pytest.mark.parametrize("command", ["train", "check", "describe"])
def test_bad_input_is_one_line_on_stderr_and_status_2(command, tmp_path, capsys):
    path = tmp_path / "bad.netdesign"
    path.write_text("{")
    assert main([command, str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: 'bad.netdesign' is damaged")
    assert err.count("\n") == 1


@pytest.mark.parametrize("command", ["train", "check", "describe"])
def test_a_design_that_cannot_run_is_status_2(command, tmp_path, capsys):
    path = tmp_path / "empty.netdesign"
    save(Project(), path)
    assert main([command, str(path)]) == 2
    assert "has no input layer" in capsys.readouterr().err


def test_a_diverging_run_is_status_1_and_names_the_layer(tmp_path, capsys):
    layers = [engine.Input(), engine.Dense(units=4), engine.Output(task="regression")]
    settings = engine.TrainingSettings(optimizer=engine.GradientDescent(learning_rate=1000.0))
    path = tmp_path / "wild.netdesign"
    design = engine.Design.sequential(layers, ["x", "h1", "y"])
    save(Project(design, settings, DataPlan(source="curve")), path)
    assert main(["train", str(path)]) == 1
    assert "at iteration" in capsys.readouterr().err


def test_it_runs_as_a_module_in_a_process_of_its_own(design):
    result = subprocess.run(
        [sys.executable, "-m", "engine", "describe", str(design)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0
    assert "h1" in result.stdout
    assert result.stderr == ""
