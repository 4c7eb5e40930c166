"""Designs on images and sequences, in the window: every panel shows something, or says why not."""

import pytest

import engine
from engine.data import DataPlan
from engine.files import save_project
from engine.project import Project
from studio.dashboard import panel_classes
from studio.shell.stage import open_stage
from tests.engine.training.test_images_and_sequences import DESIGNS, PLAN

EMPTY = {
    "images": {"gradient_check", "dropout"},
    "states": {"gradient_check", "batch_norm", "dropout"},
    "attention": {"gradient_check", "batch_norm", "dropout"},
}
"""Panels that say what they would need: a button pressed, batch norm, dropout."""


def played(design, tmp_path, plan=PLAN):
    path = tmp_path / "design.netdesign"
    save_project(Project(design, engine.TrainingSettings(epochs=2, batch_size=64), plan), path)
    return open_stage(path)


@pytest.mark.slow
@pytest.mark.parametrize("name", DESIGNS)
def test_every_panel_shows_a_run_or_says_what_it_needs(name, tmp_path):
    empty = set()
    with played(DESIGNS[name], tmp_path) as stage:
        stage.do("play")
        stage.wait(until="finished", seconds=60)
        for panel_class in panel_classes():
            panel = stage.panel(panel_class.id)
            panel.show()
            stage.wait(until="idle", seconds=60)
            assert not panel.widget.failure, panel.id
            shown = panel.shown()
            if shown["empty"]:
                empty.add(panel.id)
                assert shown["message"]
            else:
                assert shown["iteration"] == 34 or panel.id == "runs"
    assert empty == EMPTY[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", DESIGNS)
def test_the_stepper_walks_through_a_step_line_by_line(name, tmp_path):
    with played(DESIGNS[name], tmp_path) as stage:
        stage.do("step")
        stage.wait(until="idle", seconds=60)
        panel = stage.panel("numbers")
        panel.show()
        stage.wait(until="idle", seconds=60)
        numbers = panel.widget
        for node in DESIGNS[name].nodes:
            panel.set("layer", node)
            for index in range(numbers.quantity.count()):
                numbers.quantity.setCurrentIndex(index)
                numbers.quantity.activated.emit(index)
                assert "= <b>" in numbers.explanation.text()


def test_a_panel_that_cannot_show_a_design_says_why_instead_of_asking_for_a_run(tmp_path):
    design = engine.Design.sequential([engine.Input(), engine.Output(task="binary")])
    with played(design, tmp_path, DataPlan(source="moons")) as stage:
        stage.do("step")
        panel = stage.panel("hidden_layer")
        panel.show()
        stage.wait(until="idle", seconds=60)
        shown = panel.shown()
        assert shown["empty"]
        assert shown["message"].startswith("There is no hidden layer that gives a vector")
        panel = stage.panel("boundary")
        panel.show()
        stage.wait(until="idle", seconds=60)
        assert not panel.shown()["empty"]
