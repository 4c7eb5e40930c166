"""The application: the program as it is started, without a screen, and the engine's numbers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from engine.__main__ import main as run_engine
from engine.files import TrainedModel, load_project, save_model, save_project
from engine.network import Network
from engine.project import Project
from engine.training import Trainer
from studio.running.session import State
from studio.shell.app import has_screen, make_window
from studio.shell.files_menu import default_project, example_files
from tests.studio.conftest import small_project
from tests.studio.hands import press_keys
from tests.studio.shell.test_run_control import wait_for

ROOT = Path(__file__).parents[3]
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


OLD_FONTS = ("-W", "ignore:path is deprecated:DeprecationWarning")
"""ziamath finds its font by importlib of old, where a run lasts until formulas are typeset."""


def start(*arguments, **variables) -> subprocess.CompletedProcess:
    """Run `python -m studio` to its end where there is no screen."""
    environment = {name: value for name, value in os.environ.items() if name not in SCREENS}
    return subprocess.run(
        [sys.executable, "-W", "error", *OLD_FONTS, "-m", "studio", *map(str, arguments)],
        cwd=ROOT,
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_without_a_screen_a_design_is_trained_and_drawn(tmp_path):
    design, picture = tmp_path / "small.netdesign", tmp_path / "window.png"
    save_project(small_project(epochs=30), design)
    ended = start(design, "--screenshot", picture)
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    drawn, scores = ended.stdout.splitlines()
    assert str(picture) in drawn
    assert scores == expected_scores(small_project(epochs=30))
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1366, 768)
    assert len({image.pixel(x, y) for x in range(0, 1366, 7) for y in range(0, 768, 7)}) > 50


def test_a_picture_without_a_name_goes_to_a_private_new_file(tmp_path):
    design, shared = tmp_path / "small.netdesign", tmp_path / "shared"
    shared.mkdir()
    save_project(small_project(epochs=1), design)
    treasure = tmp_path / "treasure"
    treasure.write_text("old")
    (shared / "backprop-studio.png").symlink_to(treasure)  # somebody else's trap
    for _ in range(2):
        ended = start(design, TMPDIR=str(shared))
        assert ended.returncode == 0, ended.stderr
    assert treasure.read_text() == "old"
    pictures = [path for path in shared.glob("*.png") if not path.is_symlink()]
    assert len(pictures) == 2
    assert str(pictures[0]) in ended.stdout or str(pictures[1]) in ended.stdout
    for picture in pictures:
        assert picture.stat().st_mode & 0o077 == 0
        assert QImage(str(picture)).width() == 1366


def expected_scores(project: Project) -> str:
    data = project.data.build()
    trainer = Trainer(Network(project.design, project.training, data=data), data)
    while not trainer.finished:
        trainer.step()
    latest = trainer.history.latest
    return (
        f"Train accuracy {latest['train_score']:.4f}, dev accuracy {latest['dev_score']:.4f} "
        f"after {trainer.iteration} iterations."
    )


def test_without_a_screen_a_trained_model_goes_on(tmp_path):
    project = small_project(epochs=3)
    data = project.data.build()
    trainer = Trainer(Network(project.design, project.training, data=data), data)
    trainer.step()
    path = tmp_path / "model.safetensors"
    save_model(TrainedModel.of(project, trainer), path)
    ended = start(path, "--screenshot", tmp_path / "window.png")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[1] == expected_scores(project)


def test_without_a_screen_a_broken_design_says_what_is_wrong(tmp_path):
    path = tmp_path / "broken.netdesign"
    project = small_project()
    save_project(project.replace(design=project.design.remove(["y"])), path)
    ended = start(path, "--screenshot", tmp_path / "window.png")
    assert ended.returncode == 1
    assert "output" in ended.stderr
    assert (tmp_path / "window.png").exists()


def test_a_picture_that_cannot_be_saved_is_an_error(tmp_path):
    path = tmp_path / "small.netdesign"
    save_project(small_project(epochs=1), path)
    ended = start(path, "--screenshot", tmp_path / "nowhere" / "window.png")
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: The picture cannot be saved")


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\x00\xff"])
def test_a_bad_file_is_one_line_and_exit_2(tmp_path, content):
    path = tmp_path / "bad.netdesign"
    if content is not None:
        path.write_bytes(content)
    ended = start(path)
    assert ended.returncode == 2
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert line.startswith("error: ") and "bad.netdesign" in line


def test_the_engines_commands_need_no_window(tmp_path):
    path = tmp_path / "small.netdesign"
    save_project(small_project(epochs=1), path)
    without_qt = "import sys; sys.modules['PySide6'] = None; "
    program = without_qt + "from studio.__main__ import main; sys.exit(main())"
    ended = subprocess.run(
        [sys.executable, "-c", program, "describe", str(path)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "h1" in ended.stdout


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ({"QT_QPA_PLATFORM": "vnc:size=800x600"}, True),
        ({"DISPLAY": ""}, False),
    ],
)
def test_a_screen_is_known_by_its_variables(monkeypatch, variables, expected):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in SCREENS:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert has_screen() is expected


def test_the_window_opens_with_the_first_example_unnamed(qtbot):
    window = make_window(None, None, keeps_layout=False)
    qtbot.addWidget(window)
    assert window.document.project == load_project(example_files()[0])
    assert window.document.path is None
    assert not window.document.modified
    window.close()


def test_the_default_design_learns_the_digits_with_the_command_lines_very_numbers(
    qtbot, open_window, capsys
):
    assert run_engine(["train", str(example_files()[0]), "--json"]) == 0
    expected = json.loads(capsys.readouterr().out)
    window = open_window(default_project())
    wait_for(qtbot, window, State.READY)
    press_keys("F5")
    qtbot.waitUntil(lambda: window.session.state is State.FINISHED, timeout=120_000)
    assert window.document.project.training.seed == 0
    assert expected["dev_score"] >= 0.96
    assert expected["epochs"] <= 20
    ours = window.session.history.evaluations
    assert {name: list(column.values) for name, column in ours.items()} == expected["evaluations"]
