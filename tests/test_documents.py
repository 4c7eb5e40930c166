"""README, CONTRIBUTING and ARCHITECTURE are true: their code runs, and what they name exists."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.layers import Layer
from engine.spec import setting

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md")


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


def python_in(name):
    """The only Python example of a document."""
    (code,) = re.findall(r"```python\n(.*?)```", text_of(name), re.DOTALL)
    return code


@pytest.mark.slow
def test_the_example_of_the_readme_runs_and_finds_right_gradients(capsys):
    exec(compile(python_in("README.md"), "README.md", "exec"), {})
    said = capsys.readouterr().out
    assert said.count("Every gradient agrees with the numerical one.") == 2
    assert "50,890 parameters" in said


def test_the_layer_of_contributing_works_and_has_right_gradients():
    names = {"Layer": Layer, "setting": setting, "__name__": "contributing"}
    try:
        exec(compile(python_in("CONTRIBUTING.md"), "CONTRIBUTING.md", "exec"), names)
        layers = [engine.Input(features=3), names["Scale"](factor=-0.5), engine.Output(units=3)]
        network = engine.Network(engine.Design.sequential(layers), dtype="float64")
        X = Y = np.eye(3)
        assert engine.check_gradients(network, X, Y).relative_error < 1e-7
    finally:
        Layer.registry.pop("scale", None)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_that_a_document_names_exists(name):
    paths = re.findall(r"[`(]((?:engine|studio|tests|packaging|resources)/[\w./-]*)", text_of(name))
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_architecture_names_every_room():
    text = text_of("ARCHITECTURE.md")
    rooms = [
        path.parent.relative_to(ROOT)
        for package in ("engine", "studio")
        for path in (ROOT / package).glob("*/__init__.py")
    ]
    unnamed = [str(room) for room in rooms if not re.search(rf"`{room.name}[`/]", text)]
    assert unnamed == []


def test_the_readme_and_architecture_give_the_same_reading_order():
    def order(name):
        (rest,) = re.findall(r"Read in this\s+order: (.*?)\.\s", text_of(name), re.DOTALL)
        return re.findall(r"`([\w/]+\.py)`", rest)

    assert order("README.md") == order("ARCHITECTURE.md")
    assert len(order("README.md")) == 5
