"""The room of commands, and what keeps a run that a command line could lose."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import engine
from engine.__main__ import main
from engine.commands import command, command_names
from engine.data import DataPlan
from engine.files import load, save
from engine.project import Project

ROOT = Path(engine.__file__).parents[1]


@pytest.fixture
def design(tmp_path):
    layers = [engine.Input(), engine.Dense(units=6), engine.Output(task="binary")]
    plan = DataPlan(source={"kind": "moons", "points": 100})
    path = tmp_path / "a.netdesign"
    design = engine.Design.sequential(layers, ["x", "h1", "y"])
    save(Project(design, engine.TrainingSettings(epochs=8, batch_size=16), plan), path)
    return path


def run_module(*arguments: str, module: str = "engine", **options) -> subprocess.Popen[str]:
    """A command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def test_every_command_is_one_file_with_a_help_text():
    files = (ROOT / "engine" / "commands").glob("[!_]*.py")
    assert sorted(file.stem for file in files) == list(command_names())
    assert {"check", "describe", "doctor", "train"} <= set(command_names())
    assert all(command(name).HELP for name in command_names())


@pytest.mark.parametrize("name", command_names())
def test_the_windows_program_hands_every_command_to_the_engine(name):
    process = run_module(name, "no.netdesign", module="studio", stdout=subprocess.PIPE)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err == "error: There is no file 'no.netdesign'. Check its name and folder.\n"


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("", "is empty"),
        ("a.netdesign", "must end in .safetensors"),
        ("m.json", "must end in .safetensors"),
        ("m", "must end in .safetensors"),
        ("no/m.safetensors", "cannot be saved: no such file or directory"),
        ("folder.safetensors", "it is a folder"),
        ("pipe.safetensors", "it is a pipe"),
        ("link.safetensors", "is a link to 'a.netdesign'"),
        ("hard.safetensors", "are the same file"),
    ],
)
def test_a_bad_target_is_refused_before_training(design, target, words, capsys, monkeypatch):
    folder, before = design.parent, design.read_bytes()
    (folder / "folder.safetensors").mkdir()
    os.mkfifo(folder / "pipe.safetensors")
    (folder / "link.safetensors").symlink_to("a.netdesign")
    os.link(design, folder / "hard.safetensors")
    monkeypatch.setattr(engine.Trainer, "step", lambda _self: pytest.fail("It trained."))
    monkeypatch.chdir(folder)
    assert main(["train", str(design), "--save", target]) == 2
    out, err = capsys.readouterr()
    assert out == "" and words in err and err.count("\n") == 1
    assert design.read_bytes() == before


def test_ctrl_c_saves_the_run_which_goes_on_to_the_last_bit(design, tmp_path, capsys, monkeypatch):
    sound = engine.Trainer.step

    def interrupted_at_11(self):
        step = sound(self)
        if step.iteration == 11:
            signal.raise_signal(signal.SIGINT)
        return step

    model = tmp_path / "m.safetensors"
    with monkeypatch.context() as patch:
        patch.setattr(engine.Trainer, "step", interrupted_at_11)
        assert main(["train", str(design), "--save", str(model)]) == 130
    assert f"Stopped after 11 iterations. The run is in '{model}'" in capsys.readouterr().err
    opened = load(model)
    assert opened.values["iteration"] == 11
    assert main(["train", str(model), "--save", str(model)]) == 0
    assert main(["train", str(design), "--save", str(tmp_path / "straight.safetensors")]) == 0
    straight = load(tmp_path / "straight.safetensors")
    assert (load(model).arrays["theta"] == straight.arrays["theta"]).all()


def test_a_second_ctrl_c_ends_at_once(design, capsys, monkeypatch):
    def impatient(_self):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        pytest.fail("It went on.")

    monkeypatch.setattr(engine.Trainer, "step", impatient)
    before = signal.getsignal(signal.SIGINT)  # a shell's background jobs ignore it
    assert main(["train", str(design)]) == 130
    assert signal.getsignal(signal.SIGINT) is before


def test_a_reader_that_goes_away_costs_one_sentence_and_not_the_run(design, tmp_path):
    model = tmp_path / "m.safetensors"
    read, write = os.pipe()
    process = run_module("train", str(design), "--save", str(model), stdout=write)
    os.close(write)
    os.close(read)  # as head does when it has seen enough
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err == "error: The output cannot be written: broken pipe.\n"
    assert load(model).values["epoch"] == 8


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("name", ["describe", "train", "check", "doctor"])
def test_a_full_disk_behind_the_output_is_one_sentence_and_status_2(design, name):
    with Path("/dev/full").open("w") as full:
        process = run_module(name, str(design), stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err == "error: The output cannot be written: no space left on device.\n"


def test_a_disk_that_fills_up_during_training_does_not_cost_the_run(
    design, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    sound = os.fsync

    def full_once(_handle):
        monkeypatch.setattr("os.fsync", sound)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_once)
    target = tmp_path / "m.safetensors"
    assert main(["train", str(design), "--save", str(target)]) == 2
    err = capsys.readouterr().err
    assert "cannot be saved: no space left on device. The run is kept in '" in err
    kept = Path(err.split("kept in '")[1].split("'")[0])
    assert load(kept).values["epoch"] == 8
    assert not target.exists()


def test_a_run_that_diverges_leaves_its_last_good_weights(design, tmp_path, capsys):
    project = load(design)
    wild = engine.TrainingSettings(
        optimizer=engine.GradientDescent(learning_rate=1000.0), epochs=30
    )
    layers = [engine.Input(), engine.Dense(units=4), engine.Output(task="regression")]
    path, model = tmp_path / "wild.netdesign", tmp_path / "m.safetensors"
    save(
        project.replace(
            design=engine.Design.sequential(layers), training=wild, data=DataPlan(source="curve")
        ),
        path,
    )
    assert main(["train", str(path), "--save", str(model)]) == 1
    assert "infinite or NaN" in capsys.readouterr().err
    assert load(model).project.training == wild


def test_a_run_in_a_terminal_that_is_stopped_says_so(design, tmp_path):
    model = tmp_path / "m.safetensors"
    process = run_module(
        "train", str(design), "--epochs", "1000000", "--save", str(model), stdout=subprocess.PIPE
    )
    process.stdout.readline()  # it trains
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.startswith("Stopped after ") and f"The run is in '{model}'" in err
    assert load(model).values["iteration"] > 0
