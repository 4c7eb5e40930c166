"""The real program on a real X server, used as a person does: build, set, train, save, reopen."""

from __future__ import annotations

import numpy as np
import pytest

import engine
from engine.files import load_model, load_project, loads
from studio.shell.files_menu import default_project
from tests.studio.walk.screen import Box, Person, Screen

TITLE = "Backprop Studio"
pytestmark = [pytest.mark.alone, pytest.mark.slow]
UNITS = 32


def look_at(person: Person, screen: Screen, bodies: list[Box]) -> list[np.ndarray]:
    """The layers as they look when all are in view, none is selected and the mouse is elsewhere.
    What is drawn around them lives: it follows the weights."""
    person.go_to((2, 2))
    person.press_at_once("Escape", "Escape", "Escape", "f")
    screen.wait_until_quiet()
    return [screen.look(box) for box in bodies]


def test_a_person_builds_trains_and_saves_a_network(tmp_path, screen, places_of, start):
    places = places_of("wired")
    program = start()
    person = Person(screen)
    person.take_window(TITLE)

    person.click(places["wire"])
    person.press("Delete")
    person.drag(places["entry"], places["drop"])
    person.press("ctrl+l")
    for source, target in places["ports"]:
        person.drag(source, target)
    person.click(places["node"])
    person.press("Return")  # leads from a layer to its first setting
    person.press("ctrl+a")
    person.type(str(UNITS))
    person.press("Return")
    looks = look_at(person, screen, places["bodies"])
    assert all(len(np.unique(layer)) > 20 for layer in looks)

    play, status = places["play"], places["status"]
    at_rest = screen.look(play)
    person.press_at_once("F5")
    screen.wait_for_changes(status, 2)
    assert not np.array_equal(screen.look(play), at_rest)
    person.press_at_once("F5")
    screen.wait(lambda: np.array_equal(screen.look(play), at_rest), "Play is on show again")

    design_file, model_file = tmp_path / "walk.netdesign", tmp_path / "walk.safetensors"
    person.save_as("ctrl+s", design_file, TITLE)
    person.save_as("ctrl+m", model_file, TITLE)
    person.quit(program)

    saved = load_project(design_file)
    assert len(saved.runs) == 1 and saved.replace(runs=()) == loads(places["project"])
    built = default_project().design
    built = built.disconnect([wire for wire in built.wires if wire[:2] == ("h1", "h2")])
    built = built.add("dense", engine.Dense(units=UNITS))
    assert saved.design == built.connect("h1", "dense").connect("dense", "h2")
    model = load_model(model_file)
    assert model.project.design == saved.design
    trainer = model.trainer()
    assert trainer.iteration == len(trainer.history) > 0
    assert trainer.network.parameters["dense.W"].shape == (UNITS, 128)

    again = start(design_file)
    person.take_window(TITLE)
    for layer, before in zip(look_at(person, screen, places["bodies"]), looks, strict=True):
        np.testing.assert_array_equal(layer, before)
    person.quit(again)
