"""A network with a skip built by keyboard alone, in the real program; where the keyboard is can
always be seen."""

from __future__ import annotations

from itertools import pairwise

import pytest

import engine
from engine import Wire
from engine.files import load_model, load_project
from studio.look.theme import GRID_PX, LIGHT, SERIES
from tests.studio.walk.looks import changed, falls, longest_line
from tests.studio.walk.screen import Box, Person, Screen

TITLE = "Backprop Studio"
pytestmark = [pytest.mark.alone, pytest.mark.slow]
UNITS = 24
LINE_PX = 60
"""A frame around what has the keyboard is at least so wide."""


class Typist(Person):
    """Has no mouse: it rests over the canvas, which must not matter. After each key the screen
    shows where the keyboard is."""

    def __init__(self, screen: Screen, canvas: Box) -> None:
        super().__init__(screen)
        self.screen, self.canvas = screen, canvas

    def on_canvas(self) -> bool:
        """Whether the frame around the canvas says that it has the keyboard."""
        left, top, width, _ = self.canvas
        return longest_line(self.screen.look((left, top, width, 2)), LIGHT.accent) > width - 8

    def sees_focus_in(self, box: Box) -> bool:
        """Whether something in a part of the screen has a frame that says so."""
        return longest_line(self.screen.look(box), LIGHT.accent) >= LINE_PX

    def add(self, words: str) -> None:
        """Append a layer by the search menu, which opens with the keyboard in its field."""
        assert self.on_canvas()
        before = self.screen.look()
        self.press("space")
        assert self.sees_focus_in(changed(before, self.screen.look()))
        self.type(words)
        self.press("Return")
        assert self.on_canvas()

    def press_on_canvas(self, *keys: str) -> None:
        """Press keys one by one; each does something, and the canvas keeps the keyboard."""
        for key in keys:
            self.press(key)
            assert self.on_canvas(), key


def test_a_network_with_a_skip_is_built_by_keyboard_alone(tmp_path, screen, places_of, start):
    places = places_of("parts")
    program = start()
    typist = Typist(screen, places["canvas"])
    typist.take_window(TITLE)

    typist.press("ctrl+n")
    for words in ("input", "dense", "dense", "add", "dense", "output"):
        typist.add(words)
    typist.press_on_canvas("alt+Left", "alt+Left", "alt+Left", "alt+Left")
    typist.press_on_canvas("c", "Right", "Return")

    for _ in range(2):  # both layers that the sum adds
        typist.press("Return")  # leads to the first setting, ready to be typed over
        assert typist.sees_focus_in(places["inspector"]) and not typist.on_canvas()
        typist.type(str(UNITS))
        typist.press("Escape")
        typist.press_on_canvas("alt+Right")
    typist.press_on_canvas("alt+Right", "Delete", "ctrl+z", "ctrl+l")

    design_file, model_file = tmp_path / "keys.netdesign", tmp_path / "keys.safetensors"
    typist.save_as("ctrl+s", design_file, TITLE)
    tidy = load_project(design_file)
    typist.press_on_canvas("shift+Tab", "Tab", "Up", "Up")
    typist.press_at_once("ctrl+s")
    screen.wait(lambda: load_project(design_file) != tidy, "the moved layer is saved")
    moved = load_project(design_file)

    typist.press_at_once("F5")
    screen.wait_for_changes(places["status"], 2)
    typist.press_at_once("F5")
    screen.wait_until_quiet()
    assert typist.on_canvas()
    assert falls(screen.look(places["cost"]), SERIES[0]), "the cost is seen to fall"
    typist.save_as("ctrl+m", model_file, TITLE)
    typist.press_at_once("ctrl+s")
    screen.wait(lambda: load_project(design_file).runs, "the run is saved")
    typist.quit(program)

    nodes = {
        "input": engine.Input(),
        "dense": engine.Dense(units=UNITS),
        "dense 2": engine.Dense(units=UNITS),
        "add": engine.Add(),
        "dense 3": engine.Dense(),
        "output": engine.Output(),
    }
    chain = [Wire(source, target) for source, target in pairwise(nodes)]
    assert dict(moved.design.nodes) == nodes
    assert set(moved.design.wires) == {*chain, Wire("dense", "add", "in2")}
    x, y = tidy.positions["dense 3"]
    assert moved == tidy.replace(positions={**tidy.positions, "dense 3": (x, y - 2 * GRID_PX)})
    history = load_model(model_file).trainer().history
    assert history.cost.values[-1] < history.cost.values[0]
