"""test.py's stages: all run, pytest last, and any failure fails the whole."""

import sys

import pytest
from environment import Environment
from stages import run_command, run_stages, screens_of_tests, stages


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


def test_the_tests_run_on_all_processors(here, monkeypatch):
    monkeypatch.setattr("stages.processors", lambda: 3)
    arguments = stages(here, ["-k", "adam"])["pytest"]
    assert arguments[-6:] == ["--numprocesses", "3", "--dist", "worksteal", "-k", "adam"]


@pytest.mark.parametrize(
    "chosen",
    [["-n", "4"], ["-n0"], ["--numprocesses=2"], ["--pdb"], ["-p", "no:xdist"], ["-s"]],
)
def test_whoever_chooses_the_workers_or_looks_into_a_test_gets_what_they_ask_for(
    here, monkeypatch, chosen
):
    monkeypatch.setattr("stages.processors", lambda: 3)
    assert stages(here, chosen)["pytest"][3:] == chosen


def test_one_processor_needs_no_workers(here, monkeypatch):
    monkeypatch.setattr("stages.processors", lambda: 1)
    assert stages(here, [])["pytest"][1:] == ["-m", "pytest"]


def test_a_worker_uses_one_thread_unless_somebody_says_otherwise(tmp_path, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("MKL_NUM_THREADS", "2")
    script = (
        "import os; names = 'OMP_NUM_THREADS', 'MKL_NUM_THREADS', 'QT_QPA_PLATFORM'; "
        "open('seen', 'w').write(' '.join(os.environ[name] for name in names))"
    )
    assert run_command([sys.executable, "-c", script], tmp_path) == 0
    assert (tmp_path / "seen").read_text() == "1 2 offscreen"


def test_where_xvfb_is_the_libraries_of_real_windows_are_wanted(monkeypatch):
    monkeypatch.setattr("stages.shutil.which", lambda _name: None)
    assert screens_of_tests() == {"QT_QPA_PLATFORM": "offscreen"}
    monkeypatch.setattr("stages.shutil.which", lambda name: f"/usr/bin/{name}")
    assert screens_of_tests() == {"QT_QPA_PLATFORM": "xcb"}
