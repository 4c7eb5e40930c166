"""The checks of test.py: linters first, pytest last, so that its summary ends the output."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from environment import Environment
from versions import TESTED

THREAD_COUNTS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
Run = Callable[[Sequence[str], Path], int]


def stages(environment: Environment, pytest_arguments: Sequence[str]) -> dict[str, list[str]]:
    """Each stage's name and command, in order; the linters look at the tested versions only."""
    module = [str(environment.python), "-m"]
    commands = {
        "ruff check": [*module, "ruff", "check", "."],
        "ruff format": [*module, "ruff", "format", "--check", "."],
        "mypy": [*module, "mypy"],
        "import-linter": [str(environment.scripts / "lint-imports"), "--no-cache"],
        "pytest": [*module, "pytest", *workers(pytest_arguments), *pytest_arguments],
    }
    return commands if environment.versions == TESTED else {"pytest": commands["pytest"]}


def workers(pytest_arguments: Sequence[str]) -> list[str]:
    """The arguments that run the tests side by side, one worker for each processor.

    None where somebody chooses for themselves, or wants to look into a test while it runs.
    """
    count = processors()
    if count == 1 or any(_runs_alone(argument) for argument in pytest_arguments):
        return []
    return ["--numprocesses", str(count), "--dist", "worksteal"]


def _runs_alone(argument: str) -> bool:
    known = ("--numprocesses", "--maxprocesses", "--dist", "--pdb", "--trace", "--capture=no")
    short = argument.startswith("-n") or argument in ("-s", "no:xdist", "-pno:xdist")
    return short or argument.startswith(known)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_stages(environment: Environment, pytest_arguments: Sequence[str], run: Run) -> int:
    """Runs all stages. Returns 0 when all pass, else pytest's exit code, or 1 if pytest passed."""
    failed: list[str] = []
    code = 0
    for name, command in stages(environment, pytest_arguments).items():
        if name == "pytest":
            print(f"Failed before pytest: {', '.join(failed) or 'nothing'}.", flush=True)
        print(f"== {name}", flush=True)
        code = run(command, environment.root)
        if code:
            failed.append(name)
    return code or int(bool(failed))


def run_command(command: Sequence[str], folder: Path) -> int:
    """Runs one stage without a screen. Returns its exit code."""
    one_thread = dict.fromkeys(THREAD_COUNTS, "1")  # the tests' workers fill the processors
    variables = {**one_thread, **os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.call(command, cwd=folder, env=variables, stdin=subprocess.DEVNULL)


def screens_of_tests() -> dict[str, str]:
    """The variables that stand for the tests' screens: where Xvfb is, some open real windows."""
    return {"QT_QPA_PLATFORM": "xcb" if shutil.which("Xvfb") else "offscreen"}
