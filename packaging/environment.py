"""The virtual environment `.venv` beside pyproject.toml: made once, found ready afterwards.

A stamp in it holds what was installed: the hash of pyproject.toml, the versions, the Python, the
folder and the extras. It is removed before pip starts and written after pip succeeds, so an
interrupted installation never looks finished.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from libraries import Library, provide
from preparation import PreparationError, explain, run_quietly, say
from versions import TESTED, Versions

PROJECT = Path(__file__).resolve().parent.parent
STAMP = "backprop-studio.stamp"
UNFINISHED = "backprop-studio.unfinished"
CONSTRAINTS = "backprop-studio.constraints.txt"


@dataclass(frozen=True)
class Environment:
    """`.venv` of the project in `root`, or that of other versions."""

    root: Path = PROJECT
    versions: Versions = TESTED

    @property
    def folder(self) -> Path:
        """Where the environment lies."""
        return self.root / self.versions.folder

    @property
    def scripts(self) -> Path:
        """The folder of its commands."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.scripts / ("python.exe" if os.name == "nt" else "python")

    def prepare(self, extras: Iterable[str] = ()) -> None:
        """Makes the environment ready with the project and these extras; quick when it is ready."""
        try:
            with _alone(self.root):
                if not self.is_ready(extras):
                    self._install(extras)
        except OSError as error:
            raise PreparationError(explain(str(error)), str(error)) from error

    def is_ready(self, extras: Iterable[str] = ()) -> bool:
        """Whether the stamp says that everything asked for is installed, from here, unchanged."""
        if self.versions.is_newest:
            return False
        stamp = self._read_stamp()
        installed = stamp.pop("extras", [])
        return self.python.is_file() and stamp == self._origin() and set(extras) <= set(installed)

    def _install(self, extras: Iterable[str]) -> None:
        say("Preparing the environment, once: about a minute.")
        begun = time.monotonic()
        wanted = sorted({*extras, *self._read_stamp().get("extras", [])})
        if not self._is_usable():
            self._remake()
        (self.folder / UNFINISHED).touch()
        (self.folder / STAMP).unlink(missing_ok=True)
        self._pip_install(wanted)
        self._write_stamp(wanted)
        say(f"The environment is ready after {time.monotonic() - begun:.0f} s.")

    def _origin(self) -> dict[str, Any]:
        pyproject = (self.root / "pyproject.toml").read_bytes()
        return {
            "project": hashlib.sha256(pyproject).hexdigest(),
            "versions": self.versions.constraints(self.root),
            "python": sys.version,
            "root": str(self.root),
        }

    def _read_stamp(self) -> dict[str, Any]:
        try:
            stamp = json.loads((self.folder / STAMP).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) else {}

    def _write_stamp(self, extras: list[str]) -> None:
        fresh = self.folder / (STAMP + ".new")
        fresh.write_text(json.dumps({**self._origin(), "extras": extras}), encoding="utf-8")
        fresh.replace(self.folder / STAMP)
        (self.folder / UNFINISHED).unlink(missing_ok=True)

    def _is_usable(self) -> bool:
        """Whether pip can go on in the folder as it is: finished, not moved, with this Python."""
        moved = self._read_stamp().get("root", str(self.root)) != str(self.root)
        if moved or (self.folder / UNFINISHED).exists() or not self.python.is_file():
            return False
        question = [str(self.python), "-I", "-c", "import pip, sys; print(sys.version)"]
        try:
            answer = subprocess.run(question, capture_output=True, text=True, check=False)
        except OSError:
            return False
        return answer.stdout.strip() == sys.version.strip()

    def _remake(self) -> None:
        if self.folder.is_symlink():
            self.folder.unlink()
        elif self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir()
        (self.folder / UNFINISHED).touch()
        _ensure_venv_module()
        run_quietly([sys.executable, "-I", "-m", "venv", str(self.folder)])

    def _pip_install(self, extras: list[str]) -> None:
        project = f".[{','.join(extras)}]" if extras else "."
        command = [str(self.python), "-I", "-m", "pip", "install", "--quiet", "--no-input"]
        command += ["--disable-pip-version-check", *self._version_options(), "-e", project]
        run_quietly(command, self.root, PIP_USER="0")  # a user's own setting must not lead astray

    def _version_options(self) -> list[str]:
        if self.versions.is_newest:
            return ["--upgrade", "--upgrade-strategy", "eager"]
        constraints = self.folder / CONSTRAINTS
        constraints.write_text(self.versions.constraints(self.root), encoding="utf-8")
        return ["-c", str(constraints)]


def _ensure_venv_module() -> None:
    """Debian keeps ensurepip, which venv needs, in a package of its own."""
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        provide([Library("ensurepip", package, "python3-pip", "python")])


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Two starts at once prepare one after the other: an advisory lock on pyproject.toml."""
    with (root / "pyproject.toml").open("rb") as file:
        try:
            import fcntl
        except ImportError:  # Windows: no advisory locks; a second start at once is on its own
            yield
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is preparing the environment; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:  # some network folders have no locks
            pass
        yield
