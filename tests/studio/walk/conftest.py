"""A screen, a home without settings, and the real program in it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.studio.walk.screen import Screen

ROOT = Path(__file__).parents[3]

_missing = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]


@pytest.fixture
def screen(tmp_path) -> Iterator[Screen]:
    if _missing:
        pytest.skip(f"the walk through the real program needs {' and '.join(_missing)}")
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
def start(environment, screen, tmp_path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Starts the program, with a file if one is named. Whoever still runs at the end is stopped,
    and says where it was."""
    programs = []

    def start_one(*arguments: Path) -> subprocess.Popen:
        program = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", "-m", "studio", *map(str, arguments)],
            cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        programs.append(program)
        return program

    yield start_one
    screen.save(tmp_path / "last-seen.png")
    for program in programs:
        if program.poll() is None:
            program.send_signal(signal.SIGABRT)
        _, errors = program.communicate()
        print(f"The program ended with {program.returncode}.", errors)


@pytest.fixture
def places_of(environment) -> Callable[[str], dict[str, Any]]:
    """Where everything is on the way of a walk, told by a twin of the program."""

    def ask(walk: str) -> dict[str, Any]:
        twin = subprocess.run(
            [sys.executable, "-m", "tests.studio.walk.twin", walk],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, timeout=60, check=True,
        )  # fmt: skip
        return json.loads(twin.stdout)

    return ask
