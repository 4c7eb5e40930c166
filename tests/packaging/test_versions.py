"""Versions: the tested, the oldest, and the newest ones, each in an environment of its own."""

import re
import sys

import environment
import pytest
from environment import Environment
from stages import stages
from versions import FLOORS, NEWEST, TESTED, floors, installed, requirements, taken_from

PYPROJECT = """
[project]
dependencies = ["numpy>=1.26", "qt>=6.8.3,<6.12; python_version < '3.12'", "exact==2.0"]
[project.optional-dependencies]
test = ["pytest-qt>=4.4"]
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging" / "constraints.txt").write_text("numpy==2.0\n")
    return tmp_path


@pytest.fixture
def commands(monkeypatch):
    """What would be run: the environment is never made."""
    asked = []
    monkeypatch.setattr(environment, "run_quietly", lambda command, *_, **__: asked.append(command))
    return asked


def test_the_floors_are_the_oldest_versions_that_pyproject_allows(root):
    assert floors(root) == ["numpy==1.26", "qt==6.8.3; python_version < '3.12'", "pytest-qt==4.4"]


def test_each_option_has_an_environment_and_constraints_of_its_own(root, commands):
    for versions, lines in (
        (TESTED, "numpy==2.0\n"),
        (FLOORS, "".join(f"{line}\n" for line in floors(root))),
    ):
        made = Environment(root, versions)
        made.prepare(["test"])
        place = commands[-1][commands[-1].index("-c") + 1]
        assert (made.folder / "backprop-studio.constraints.txt").read_text() == lines
        assert place == str(made.folder / "backprop-studio.constraints.txt")
    newest = Environment(root, NEWEST)
    newest.prepare(["test"])
    assert "-c" not in commands[-1] and "--upgrade" in commands[-1]
    folders = {Environment(root, v).folder.name for v in (TESTED, FLOORS, NEWEST)}
    assert folders == {".venv", ".venv-floors", ".venv-newest"}


def test_other_constraints_run_pip_again_and_the_newest_are_looked_for_each_time(root, commands):
    made, newest = Environment(root, TESTED), Environment(root, NEWEST)
    for each in (made, newest):
        each.python.parent.mkdir(parents=True)
        each.python.symlink_to(sys.executable)
        each.prepare()
    count = len(commands)
    made.prepare()
    assert len(commands) == count
    newest.prepare()
    (root / "packaging" / "constraints.txt").write_text("numpy==2.1\n")
    made.prepare()
    assert len(commands) == count + 2


def test_the_options_are_no_arguments_of_pytest():
    assert taken_from(["--floors", "-x"]) == (FLOORS, ["-x"])
    assert taken_from(["--newest"]) == (NEWEST, [])
    assert taken_from(["-k", "name"]) == (TESTED, ["-k", "name"])


def test_other_versions_run_the_tests_and_no_linter(root):
    assert list(stages(Environment(root, FLOORS), [])) == ["pytest"]
    assert "mypy" in stages(Environment(root, TESTED), [])


def test_the_versions_that_ran_are_told(project):
    told = installed(sys.executable, project)
    assert any(line.startswith("numpy ") for line in told)
    assert any(line.lower().startswith("pyside6") for line in told)
    assert not any(line.startswith("pip ") for line in told)


def test_every_requirement_has_a_tested_version_within_its_limits(project):
    """Also, that PySide6 has an upper bound on every Python: each of its releases needs a look."""
    tested = TESTED.constraints(project)
    for requirement in requirements(project):
        name = re.match(r"[\w.-]+", requirement)[0]
        spelled = re.sub(r"[-_.]", "[-_.]", name)
        assert re.search(rf"^{spelled}==", tested, re.MULTILINE | re.IGNORECASE), name
    bounds = [line for line in requirements(project) if line.startswith("PySide6")]
    assert bounds and all(">=6.8.3,<" in line for line in bounds)
