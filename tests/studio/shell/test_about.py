"""Help > About says which version runs, for whoever reports a bug."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

from PySide6.QtWidgets import QMessageBox

PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"


def about(window) -> str:
    window.commands["about"].trigger()
    (box,) = (box for box in window.findChildren(QMessageBox) if box.isVisible())
    box.close()
    return box.text()


def test_about_names_the_version_of_the_installed_program(window, monkeypatch):
    expected = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["version"]
    monkeypatch.setattr(metadata, "version", lambda name: {"backprop-studio": expected}[name])
    assert f"Backprop Studio {expected} shows" in about(window)


def test_about_opens_where_the_program_is_not_installed(window, monkeypatch):
    def version(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", version)
    assert about(window).startswith("Backprop Studio shows how")
