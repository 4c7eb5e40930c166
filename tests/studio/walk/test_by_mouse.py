"""A network with a skip built by mouse alone, in the real program, and trained."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import engine
from engine import Wire
from engine.files import load_project
from studio.look.theme import SERIES
from tests.studio.walk.looks import falls
from tests.studio.walk.screen import Person

TITLE = "Backprop Studio"
pytestmark = [pytest.mark.alone, pytest.mark.slow]


def act(person: Person, acts: list[list[Any]]) -> None:
    """Do what the twin did, where the twin did it."""
    for name, *places in acts:
        getattr(person, name)(*places)


def test_a_network_with_a_skip_is_built_by_mouse_alone(tmp_path, screen, places_of, start):
    places = places_of("skip")
    program = start()
    person = Person(screen)
    person.take_window(TITLE)
    act(person, places["build"])

    at_rest = screen.look(places["button"])
    person.click_and_leave(places["play"])
    screen.wait_for_changes(places["status"], 2)
    screen.wait(lambda: falls(screen.look(places["cost"]), SERIES[0]), "the cost is seen to fall")
    screen.wait(lambda: np.array_equal(screen.look(places["button"]), at_rest), "the run is over")
    act(person, places["save"])
    design_file = tmp_path / "Untitled.netdesign"
    screen.wait(design_file.exists, "the design is saved")
    saved = load_project(design_file)
    act(person, places["quit"])
    person.sees_off(program)

    nodes = {
        "input": engine.Input(),
        "dense": engine.Dense(),
        "dense 2": engine.Dense(),
        "add": engine.Add(),
        "dense 3": engine.Dense(units=65, activation=places["activation"].lower()),
        "output": engine.Output(),
    }
    chain = [Wire(source, target) for source, target in pairwise(nodes)]
    assert dict(saved.design.nodes) == nodes
    assert set(saved.design.wires) == {*chain, Wire("dense", "add", "in2")}
    (run,) = saved.runs
    _, costs = run.curves["cost"].points
    assert run.iteration > 0 and costs[-1] < costs[0]
