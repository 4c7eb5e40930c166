"""The stamp of `.venv`: when it says "ready", what makes it again, and what survives a failure."""

import json
import sys
from pathlib import Path

import environment
import pytest
from environment import STAMP, UNFINISHED, Environment
from preparation import PreparationError


class Tools:
    """Stands in for `python -m venv` and pip: keeps the commands, makes the interpreter's file."""

    def __init__(self):
        self.commands = []
        self.failure = None

    def run(self, command, folder=None, **_variables):
        self.commands.append(command)
        if "venv" in command:
            link_python(command[-1])
        elif self.failure:
            raise self.failure

    def kinds(self):
        """ "venv" and "pip", as they were run; forgets them."""
        kinds = ["venv" if "venv" in command else "pip" for command in self.commands]
        self.commands = []
        return kinds


def link_python(folder):
    """A `.venv` whose interpreter is the one that runs the tests."""
    python = Environment.python.fget(Environment(environment.Path(folder).parent))
    python.parent.mkdir(parents=True, exist_ok=True)
    python.symlink_to(sys.executable)


@pytest.fixture
def tools(monkeypatch):
    tools = Tools()
    monkeypatch.setattr(environment, "run_quietly", tools.run)
    return tools


@pytest.fixture
def here(tmp_path, tools):
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return Environment(tmp_path)


def test_the_first_start_makes_the_environment_and_the_second_finds_it_ready(here, tools):
    here.prepare()
    assert tools.kinds() == ["venv", "pip"]
    assert here.is_ready()
    here.prepare()
    assert tools.kinds() == []


def test_the_first_start_says_what_it_does_and_the_second_is_silent(here, capsys):
    here.prepare()
    assert "Preparing the environment, once: about a minute." in capsys.readouterr().err
    here.prepare()
    assert capsys.readouterr() == ("", "")


def test_pip_installs_the_project_editable_with_its_extras(here, tools):
    here.prepare(["test", "oracles"])
    assert tools.commands[-1][-2:] == ["-e", ".[oracles,test]"]


def test_a_changed_pyproject_runs_pip_again_in_the_same_environment(here, tools):
    here.prepare()
    tools.kinds()
    (here.root / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    here.prepare()
    assert tools.kinds() == ["pip"]


def test_extras_are_added_and_stay(here, tools):
    here.prepare()
    here.prepare(["test"])
    assert here.is_ready(["test"])
    assert not here.is_ready(["test", "oracles"])
    here.prepare(["oracles"])
    assert here.is_ready(["test", "oracles"])
    assert tools.kinds() == ["venv", "pip", "pip", "pip"]


def test_another_python_makes_the_environment_anew(here, tools, monkeypatch):
    here.prepare()
    tools.kinds()
    monkeypatch.setattr(environment.sys, "version", "3.99.0 (a newer one)")
    assert not here.is_ready()
    here.prepare()
    assert tools.kinds() == ["venv", "pip"]


def test_a_missing_interpreter_makes_the_environment_anew(here, tools):
    here.prepare()
    tools.kinds()
    here.python.unlink()
    here.python.symlink_to(here.root / "gone")
    here.prepare()
    assert tools.kinds() == ["venv", "pip"]


def test_an_interpreter_that_does_not_start_makes_the_environment_anew(here, tools):
    here.prepare()
    (here.folder / STAMP).unlink()
    here.python.unlink()
    here.python.write_text("not a program")
    tools.kinds()
    here.prepare()
    assert tools.kinds() == ["venv", "pip"]


def test_a_moved_folder_makes_the_environment_anew(here, tools, tmp_path_factory):
    here.prepare()
    tools.kinds()
    moved = Environment(here.root.rename(tmp_path_factory.mktemp("elsewhere") / "project"))
    moved.prepare()
    assert tools.kinds() == ["venv", "pip"]
    assert moved.is_ready()


def test_a_failed_installation_leaves_no_stamp_and_the_next_start_begins_anew(here, tools):
    here.prepare()
    tools.kinds()
    tools.failure = PreparationError("The disk is full.")
    with pytest.raises(PreparationError):
        here.prepare(["test"])
    assert not (here.folder / STAMP).exists()
    assert (here.folder / UNFINISHED).exists()
    tools.failure = None
    tools.kinds()
    here.prepare()
    assert tools.kinds() == ["venv", "pip"]
    assert here.is_ready()


def test_an_interrupted_installation_leaves_no_stamp(here, tools):
    tools.failure = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        here.prepare()
    assert not (here.folder / STAMP).exists()
    assert not here.is_ready()


@pytest.mark.parametrize("damage", ["", "[]", "null", "{", '{"extras": []}'])
def test_a_damaged_stamp_is_no_stamp(here, tools, damage):
    here.prepare()
    tools.kinds()
    (here.folder / STAMP).write_text(damage)
    assert not here.is_ready()
    here.prepare()
    assert tools.kinds() == ["pip"]


def test_an_environment_of_ones_own_is_kept_and_filled(here, tools):
    link_python(here.folder)
    (here.folder / "precious.txt").touch()
    here.prepare()
    assert tools.kinds() == ["pip"]
    assert (here.folder / "precious.txt").exists()


def test_a_folder_that_cannot_be_written_is_explained(here, tools, monkeypatch):
    def refuse(folder):
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(PreparationError, match="cannot be written"):
        here.prepare()


def test_a_python_without_ensurepip_asks_for_its_venv_package(here, tools, monkeypatch):
    asked = []
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(environment, "provide", asked.extend)
    here.prepare()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert [library.apt for library in asked] == [f"python{version}-venv"]


def test_the_stamp_says_what_it_stands_for(here):
    here.prepare(["test"])
    stamp = json.loads((here.folder / STAMP).read_text())
    assert stamp["root"] == str(here.root)
    assert stamp["python"] == sys.version
    assert stamp["extras"] == ["test"]
    assert len(stamp["project"]) == 64
