"""The frozen program's recipe agrees with the wheel's."""

import os
import tomllib
from itertools import pairwise

import bundle
import pytest


@pytest.fixture
def wheel_target(project):
    pyproject = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    return pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]


def values(command, option):
    """What follows each appearance of `option`."""
    return [after for before, after in pairwise(command) if before == option]


def test_the_same_packages_are_collected(project, wheel_target):
    command = bundle.command("python", project)
    assert values(command, "--collect-submodules") == wheel_target["packages"]


def test_the_resources_lie_where_the_wheel_has_them(project, wheel_target):
    [(source, target)] = wheel_target["force-include"].items()
    command = bundle.command("python", project)
    assert values(command, "--add-data") == [f"{project / source}{os.pathsep}{target}"]


def test_everything_is_written_below_the_ignored_folders(project):
    command = bundle.command("python", project)
    written = [values(command, option)[0] for option in ("--distpath", "--workpath", "--specpath")]
    assert written == [str(project / name) for name in ("dist", "build", "build")]
