"""A design with a main and a side output, in the window: panels work, and say whose they are."""

import numpy as np
import pytest

import engine
from engine.data import DataPlan
from engine.files import save_project
from engine.project import Project
from studio.dashboard import panel_classes
from studio.shell.stage import StageError, open_stage

OF_ONE_OUTPUT = {"boundary", "doctor", "errors", "hidden_layer", "metrics"}


def project() -> Project:
    layers = [engine.Input(), engine.Dense(units=6), engine.Output(task="binary")]
    design = engine.Design.sequential(layers, ["x", "h1", "y"])
    side = engine.Output(task="binary", weight=0.3)
    design = design.add("side", side).connect("h1", "side")
    settings = engine.TrainingSettings(batch_size=24, epochs=10)
    return Project(design, settings, DataPlan(source={"kind": "circles", "points": 120}))


@pytest.fixture
def stage(tmp_path):
    path = tmp_path / "two.netdesign"
    save_project(project(), path)
    with open_stage(path) as stage:
        stage.do("play")
        stage.wait(until="finished", seconds=60)
        yield stage


@pytest.mark.slow
def test_panels_show_a_run_with_two_outputs_and_say_which_of_them_is_judged(stage):
    says = set()
    for panel_class in panel_classes():
        panel = stage.panel(panel_class.id)
        panel.show()
        stage.wait(until="idle", seconds=60)
        if "Output “y”, the first of several." in panel.shown()["message"]:
            says.add(panel_class.id)
            assert not panel.shown()["empty"]
    assert says == OF_ONE_OUTPUT


def test_the_gradient_check_covers_both_outputs(stage):
    panel = stage.panel("gradient_check")
    panel.show()
    stage.do("check_gradients")
    stage.wait(until="idle", seconds=60)
    blocks = panel.shown()["blocks"]
    assert {"y.W", "side.W"} <= set(blocks)
    assert panel.shown()["verdict"] == "great"


def test_measures_name_the_output_and_bare_ones_are_of_all_or_of_the_first(stage):
    costs = [stage.measure(name) for name in ("y.dev.cost", "side.dev.cost", "dev.cost")]
    assert costs[2] == pytest.approx(costs[0] + 0.3 * costs[1])
    assert stage.measure("dev.score") == stage.measure("y.dev.score")
    assert stage.measure("side.dev.error") == pytest.approx(1 - stage.measure("side.dev.score"))
    assert np.isfinite(stage.measure("side.gradient_norm"))
    with pytest.raises(StageError, match="no measure"):
        stage.measure("h1.dev.score")
