"""Versions: which ones an environment gets: the tested ones, the oldest allowed, or the newest.

The tested ones stand in constraints.txt: users start with them. The oldest are the floors in
pyproject.toml, and the newest are what the package index has today.
"""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CONSTRAINTS = Path("packaging") / "constraints.txt"
_FLOOR = re.compile(r"([\w.-]+)>=([\w.]+)[^;]*(;.*)?")


@dataclass(frozen=True)
class Versions:
    """folder: of their environment. option: of test.py, or "" for the tested ones."""

    folder: str
    option: str = ""

    @property
    def is_newest(self) -> bool:
        """Whether every preparation looks for newer ones."""
        return self.option == "--newest"

    def constraints(self, root: Path) -> str:
        """Lines for pip's -c option; none for the newest."""
        if self.is_newest:
            return ""
        if self.option == "--floors":
            return "".join(f"{line}\n" for line in floors(root))
        file = root / CONSTRAINTS
        return file.read_text(encoding="utf-8") if file.exists() else ""


TESTED = Versions(".venv")
FLOORS = Versions(".venv-floors", "--floors")
NEWEST = Versions(".venv-newest", "--newest")


def taken_from(arguments: list[str]) -> tuple[Versions, list[str]]:
    """The versions that the arguments of test.py ask for, and the arguments that are left."""
    asked = [versions for versions in (FLOORS, NEWEST) if versions.option in arguments]
    left = [argument for argument in arguments if argument not in (FLOORS.option, NEWEST.option)]
    return (asked[0] if asked else TESTED), left


def requirements(root: Path) -> list[str]:
    """What the program and its tests need, as in pyproject.toml."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project.get("dependencies", []) + project.get("optional-dependencies", {})["test"]


def floors(root: Path) -> list[str]:
    """Each requirement's oldest version: "numpy==1.26"."""
    found = (_FLOOR.fullmatch(requirement) for requirement in requirements(root))
    return [f"{name}=={version}{marker or ''}" for name, version, marker in _groups(found)]


def installed(python: Path, root: Path) -> list[str]:
    """The versions of what is required, as installed: "numpy 1.26.0"."""
    command = [str(python), "-I", "-m", "pip", "list", "--format=freeze"]
    command.append("--disable-pip-version-check")
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    names = {_plain(re.split(r"[^\w.-]", requirement)[0]) for requirement in requirements(root)}
    pairs = (line.split("==") for line in listed if "==" in line)
    return [f"{name} {version}" for name, version in pairs if _plain(name) in names]


def _groups(found: Iterable[re.Match[str] | None]) -> list[tuple[str, ...]]:
    return [match.groups() for match in found if match is not None]


def _plain(name: str) -> str:
    """One spelling of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower()
