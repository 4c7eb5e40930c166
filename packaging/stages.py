"""The checks of test.py: linters first, pytest last, so that its summary ends the output."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from environment import Environment

Run = Callable[[Sequence[str], Path], int]


def stages(environment: Environment, pytest_arguments: Sequence[str]) -> dict[str, list[str]]:
    """Each stage's name and command, in order."""
    module = [str(environment.python), "-m"]
    return {
        "ruff check": [*module, "ruff", "check", "."],
        "ruff format": [*module, "ruff", "format", "--check", "."],
        "mypy": [*module, "mypy"],
        "import-linter": [str(environment.scripts / "lint-imports"), "--no-cache"],
        "pytest": [*module, "pytest", *pytest_arguments],
    }


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
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.call(command, cwd=folder, env=variables, stdin=subprocess.DEVNULL)


def screens_of_tests() -> dict[str, str]:
    """The variables that stand for the tests' screens: where Xvfb is, some open real windows."""
    return {"QT_QPA_PLATFORM": "xcb" if shutil.which("Xvfb") else "offscreen"}
