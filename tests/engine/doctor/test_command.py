"""python -m engine doctor: output and exit status."""

import json
import os
import subprocess
import sys

import pytest

import engine
from engine.__main__ import main
from engine.data import DataPlan
from engine.doctor import examine
from engine.files import TrainedModel, load, save
from engine.project import Project
from engine.project.corrections import content_keys
from engine.project.findings import ErrorAnalysis
from engine.training import Trainer


@pytest.fixture
def path(tmp_path):
    layers = [engine.Input(), engine.Dense(units=32), engine.Output(task="binary")]
    plan = DataPlan(source={"kind": "moons", "points": 400, "noise": 0.3})
    settings = engine.TrainingSettings(epochs=8, batch_size=16)
    path = tmp_path / "a.netdesign"
    save(Project(engine.Design.sequential(layers, ["x", "h1", "y"]), settings, plan), path)
    return path


def test_it_prints_errors_with_intervals_verdict_and_recipe(path, capsys):
    assert main(["doctor", str(path)]) == 0
    text = capsys.readouterr().out
    assert "training" in text
    assert "of 240 examples" in text
    assert "Avoidable bias" in text
    assert "What to try" in text
    assert "epoch" not in text.split("What to try")[0]


def test_as_json_it_gives_the_engines_verdict(path, capsys):
    assert main(["doctor", str(path), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    project = load(path)
    data = project.build_data()
    run = Trainer(engine.Network(project.design, project.training, data=data), data)
    while not run.finished:
        run.step()
    assert result == json.loads(json.dumps(examine(project, run).to_json()))
    assert list(result["errors"]) == ["dev", "train"]
    assert result["errors"]["dev"]["low"] < result["errors"]["dev"]["error"]


def test_a_model_is_examined_as_it_is_and_trained_on_only_if_asked(path, tmp_path, capsys):
    model = str(tmp_path / "m.safetensors")
    assert main(["train", str(path), "--epochs", "2", "--save", model, "--json"]) == 0
    capsys.readouterr()
    found = []
    for arguments in ([model], [str(path), "--epochs", "2"], [model, "--epochs", "8"], [str(path)]):
        assert main(["doctor", *arguments, "--json"]) == 0
        found.append(json.loads(capsys.readouterr().out)["errors"])
    assert found[0] == found[1]
    assert found[2] == found[3]
    assert found[0] != found[2]


def test_human_error_and_corrected_labels_of_the_project_count(path, capsys):
    assert main(["doctor", str(path), "--json"]) == 0
    before = json.loads(capsys.readouterr().out)
    project = load(path)
    dev = project.raw_data().dev
    analysis = ErrorAnalysis()
    for index, key in enumerate(content_keys(dev.X)):
        analysis = analysis.correct_label(key, dev.classes[1 - dev.labels[index]])
    save(project.replace(human_error=0.05, analysis=analysis), path)
    assert main(["doctor", str(path), "--json"]) == 0
    after = json.loads(capsys.readouterr().out)
    assert after["errors"]["train"] == before["errors"]["train"]
    assert after["errors"]["dev"]["error"] == pytest.approx(1 - before["errors"]["dev"]["error"])
    size = after["gaps"]["avoidable_bias"]["size"]
    assert size == pytest.approx(after["errors"]["train"]["error"] - 0.05)


def test_with_50_dev_examples_it_says_that_it_cannot_tell(path, capsys):
    project = load(path)
    save(project.replace(data=project.data.replace(train=0.8, dev=0.125, test=0.075)), path)
    assert main(["doctor", str(path)]) == 0
    text = capsys.readouterr().out
    assert "With 50 examples in the dev set, the doctor cannot tell whether the variance" in text


def test_a_remedy_for_a_trouble_that_is_not_sure_says_so(path, capsys):
    project = load(path)
    noisy = {"kind": "circles", "points": 600, "noise": 0.12}
    few = project.data.replace(source=noisy, train=0.12, dev=0.02, test=0.86)
    longer = project.training.replace(epochs=200)
    save(project.replace(data=few, training=longer, human_error=0.4), path)
    assert main(["doctor", str(path)]) == 0
    text = capsys.readouterr().out
    assert "Too few examples for a diagnosis" in text
    assert "L2 λ 0.05 for all layers (if the variance is high)." in text


def test_the_test_set_stays_sealed_unless_it_is_opened_and_then_the_file_records_it(
    path, tmp_path, capsys
):
    model = tmp_path / "m.safetensors"
    assert main(["train", str(path), "--save", str(model), "--json"]) == 0
    before = model.read_bytes()
    capsys.readouterr()
    assert main(["doctor", str(model), "--json"]) == 0
    assert "test" not in json.loads(capsys.readouterr().out)["errors"]
    assert model.read_bytes() == before
    for file in (path, model):
        assert main(["doctor", str(file), "--open-test", "--json"]) == 0
        result = json.loads(capsys.readouterr().out)
        assert result["errors"]["test"]["examples"] == 80
        gap = result["errors"]["test"]["error"] - result["errors"]["dev"]["error"]
        assert result["gaps"]["dev_overfitting"]["size"] == pytest.approx(gap)
    (opening,) = load(path).openings
    saved = load(model)
    assert saved.project.openings[0].error == opening.error == result["errors"]["test"]["error"]
    assert saved.arrays.keys() == TrainedModel.of(saved.project, saved.trainer()).arrays.keys()


def test_opening_a_test_set_that_is_not_there_is_status_2(path, capsys):
    project = load(path)
    save(project.replace(data=project.data.replace(dev=0.4, test=0.0)), path)
    assert main(["doctor", str(path), "--open-test"]) == 2
    assert "no test set" in capsys.readouterr().err


def test_bad_input_is_one_line_on_stderr_and_status_2(tmp_path, capsys):
    path = tmp_path / "bad.netdesign"
    path.write_text("{")
    assert main(["doctor", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: 'bad.netdesign' is damaged")
    assert err.count("\n") == 1
    save(Project(), path)
    assert main(["doctor", str(path)]) == 2
    assert "has no input layer" in capsys.readouterr().err


def test_a_diverging_run_is_status_1(path, capsys):
    project = load(path)
    wild = project.training.replace(optimizer={"kind": "gradient_descent", "learning_rate": 1e3})
    design = project.design.replace("y", engine.Output(task="regression"))
    plan = DataPlan(source="curve")
    save(project.replace(training=wild, design=design, data=plan), path)
    assert main(["doctor", str(path)]) == 1
    assert "at iteration" in capsys.readouterr().err


def test_a_regression_says_what_its_errors_are(path, capsys):
    project = load(path)
    design = project.design.replace("y", engine.Output(task="regression"))
    save(project.replace(design=design, data=DataPlan(source="curve")), path)
    assert main(["doctor", str(path)]) == 0
    assert "mean squared error, in percent" in capsys.readouterr().out


def test_a_console_without_greek_letters_shows_the_recipe_all_the_same(path):
    project = load(path)
    sparse = project.data.replace(train=0.1, dev=0.8, test=0.1)
    noisy = sparse.replace(source={"kind": "circles", "points": 600, "noise": 0.12})
    settings = project.training.replace(epochs=100)
    save(project.replace(data=noisy, training=settings, human_error=0.3), path)
    result = subprocess.run(
        [sys.executable, "-m", "engine", "doctor", str(path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert result.stderr == ""
    assert result.returncode == 0
    assert "L2 ? 0.0" in result.stdout
