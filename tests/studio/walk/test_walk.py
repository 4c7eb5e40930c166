"""The real program on a real X server, used as a person does: build, set, train, save, quit."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.files import load_model, load_project, loads
from studio.files_menu import default_project
from tests.studio.walk.screen import Person, Screen

ROOT = Path(__file__).parents[3]
TITLE = "Backprop Studio"
UNITS = 32

missing = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
pytestmark = pytest.mark.skipif(
    bool(missing), reason=f"the walk through the real program needs {' and '.join(missing)}"
)


@pytest.fixture
def screen(tmp_path) -> Iterator[Screen]:
    folder = tmp_path / "screen"
    folder.mkdir()
    screen = Screen(folder)
    yield screen
    screen.close()


@pytest.fixture
def environment(screen, tmp_path) -> dict[str, str]:
    """A user who has just come: no settings, no files, this screen."""
    home = {"HOME": str(tmp_path), "DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        home[name] = str(tmp_path / name.lower())
    return clean | home | {"PYTHONPATH": str(ROOT)}


@pytest.fixture
def program(environment, screen, tmp_path) -> Iterator[subprocess.Popen]:
    program = subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-m", "studio"],
        cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    yield program
    screen.save(tmp_path / "last-seen.png")
    if program.poll() is None:
        program.send_signal(signal.SIGABRT)  # says where it was
    _, errors = program.communicate()
    print(f"The program ended with {program.returncode}.", errors)


def places_of(environment) -> dict:
    twin = subprocess.run(
        [sys.executable, "-m", "tests.studio.walk.twin"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return json.loads(twin.stdout)


def save_as(person, screen, keys: str, path: Path) -> None:
    """Answer the file dialog that these keys open. The list of proposals may take one Return."""
    person.press(keys)
    person.press("ctrl+a")
    person.type(str(path))
    for _ in range(2):
        if not path.exists():
            person.press("Return")
    screen.wait(path.exists, f"{path.name} is saved")
    person.take_window(TITLE)  # where there is no window manager, nobody gives the focus back


def test_a_person_builds_trains_and_saves_a_network(tmp_path, screen, environment, request):
    places = places_of(environment)
    program = request.getfixturevalue("program")  # after its twin has left the screen
    person = Person(screen)
    person.take_window(TITLE)

    person.click(places["wire"])
    person.press("Delete")
    person.drag(places["entry"], places["drop"])
    person.press("ctrl+l")
    for source, target in places["ports"]:
        person.drag(source, target)
    person.click(places["node"])
    person.press("Return")  # leads from a layer to its first setting
    person.press("ctrl+a")
    person.type(str(UNITS))
    person.press("Return")

    play, status = places["play"], places["status"]
    at_rest = screen.look(play)
    person.press_at_once("F5")
    screen.wait_for_changes(status, 5)
    assert not np.array_equal(screen.look(play), at_rest)
    person.press_at_once("F5")
    screen.wait(lambda: np.array_equal(screen.look(play), at_rest), "Play is on show again")

    design_file, model_file = tmp_path / "walk.netdesign", tmp_path / "walk.safetensors"
    save_as(person, screen, "ctrl+s", design_file)
    save_as(person, screen, "ctrl+m", model_file)
    person.press_at_once("ctrl+q")
    assert program.wait(timeout=15) == 0
    assert program.stderr is not None
    assert program.stderr.read() == ""

    saved = load_project(design_file)
    assert saved == loads(places["project"])
    built = default_project().design
    built = built.disconnect([wire for wire in built.wires if wire[:2] == ("h1", "h2")])
    built = built.add("dense", engine.Dense(units=UNITS))
    assert saved.design == built.connect("h1", "dense").connect("dense", "h2")
    model = load_model(model_file)
    assert model.project.design == saved.design
    trainer = model.trainer()
    assert trainer.iteration == len(trainer.history) > 0
    assert trainer.network.parameters["dense.W"].shape == (UNITS, 128)
