"""test.py's stages: all run, pytest last, and any failure fails the whole."""

import pytest
from environment import Environment
from stages import run_stages, screens_of_tests, stages


@pytest.fixture
def here(tmp_path):
    return Environment(tmp_path)


def run_with(here, failing, code=1):
    """Runs the stages with fake tools. Returns (exit code, names of the tools that ran)."""
    names = {tuple(command): name for name, command in stages(here, []).items()}
    ran = []

    def run(command, _folder):
        ran.append(names[tuple(command)])
        return code if ran[-1] in failing else 0

    return run_stages(here, [], run), ran


ORDER = ["ruff check", "ruff format", "mypy", "import-linter", "pytest"]


def test_all_stages_pass_in_order(here):
    assert run_with(here, failing=[]) == (0, ORDER)


@pytest.mark.parametrize("failing", ORDER)
def test_one_failure_fails_the_whole_and_stops_nothing(here, failing):
    code, ran = run_with(here, failing=[failing])
    assert code != 0
    assert ran == ORDER


def test_pytests_own_exit_code_comes_back(here):
    assert run_with(here, failing=["pytest"], code=5)[0] == 5


def test_what_failed_is_named_before_pytest_begins(here, capsys):
    run_with(here, failing=["mypy", "import-linter"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2:] == ["Failed before pytest: mypy, import-linter.", "== pytest"]


def test_arguments_go_to_pytest_only(here):
    commands = stages(here, ["--oracles", "-k", "adam"])
    assert commands["pytest"][-3:] == ["--oracles", "-k", "adam"]
    assert all("adam" not in commands[name] for name in ORDER[:-1])


def test_where_xvfb_is_the_libraries_of_real_windows_are_wanted(monkeypatch):
    monkeypatch.setattr("stages.shutil.which", lambda _name: None)
    assert screens_of_tests() == {"QT_QPA_PLATFORM": "offscreen"}
    monkeypatch.setattr("stages.shutil.which", lambda name: f"/usr/bin/{name}")
    assert screens_of_tests() == {"QT_QPA_PLATFORM": "xcb"}
