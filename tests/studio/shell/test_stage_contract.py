"""The ids that other people's scripts rely on: every panel, window, command and measure is there,
and what it shows has the keys that were promised."""

import math

import numpy as np
import pytest

from engine.files import save_project
from studio.dashboard import panel_classes
from studio.running.painted_facts import FACTS
from studio.shell.commands import all_commands
from studio.shell.stage import StageError, open_stage
from studio.shell.windows import IDS
from tests.studio.dashboard.test_shown import pictures, points

OF_THE_PROJECT = {"problems", "inspector", "training", "data"}
"""Panels that show no run."""
CURVES = ("curves", "x_axis", "marks")
OVER_TIME = ("nodes", "iterations", "values")
OF_EXAMPLES = ("indices", "predicted", "target", "loss")
PANELS = {
    "cost": CURVES,
    "scores": CURVES,
    "runs": CURVES,
    "boundary": ("x", "y", "values", "points", "labels", "wrong", "axes"),
    "hidden_layer": ("node", "points", "labels", "axes"),
    "metrics": ("names", "values", "matrix", "threshold"),
    "flow": OVER_TIME,
    "gradient_norms": OVER_TIME,
    "histograms": ("h1", "h2", "y"),
    "numbers": ("h1.W/parameter", "y/target", "y.W/gradient"),
    "gradient_check": ("blocks", "verdict", "fault", "blamed"),
    "batch_norm": ("h1",),
    "dropout": ("h2",),
    "images": OF_EXAMPLES,
    "errors": OF_EXAMPLES,
    "doctor": ("figures", "verdict", "remedies"),
    "inputs": ("before", "after"),
    "problems": ("problems",),
    "inspector": ("nodes", "fields"),
    "training": ("task", "fields"),
    "data": ("fields", "counts", "concerns"),
    "canvas": ("nodes", "wires", "selected", "measures", "pictures"),
}
WINDOWS = {
    "race": ("variants", "outcomes"),
    "analyze": ("columns", "rows", "problems"),
    "data_gallery": ("cards", "current"),
    "data_import": ("columns", "rows", "facts", "can_read"),
    "explorer": ("view", "columns", "values", "targets"),
    "painting": ("points", "labels", "classes"),
    "test_set": ("answer", "detail", "openings"),
}
COMMANDS = """
    new open save save_as save_model quit  data_gallery open_table open_pictures paint_points
    explore_data  undo redo cut copy paste duplicate delete select_all quick_add note group ungroup
    toggle_group keep_group align_left align_center align_right align_top align_middle align_bottom
    distribute_across distribute_down snap  play pause step step_epoch stop rewind new_seed race
    check_gradients open_test_set  fit zoom_in zoom_out zoom_reset zoom_selection arrange flow_right
    flow_down enlarge analyze live_off live_norm live_ratio neuron_pictures  command_palette
    shortcuts about
"""
"""Those of workspaces and replay come with them."""
MEASURES = """
    iteration epoch state layers.hidden parameters check.relative_error
    train.cost train.score train.error dev.cost dev.score dev.error
    h1.gradient_norm h1.weight_norm h1.update_ratio h1.dead_share
"""


@pytest.fixture
def stage(qtbot, tmp_path):
    save_project(points(), tmp_path / "points.netdesign")
    with open_stage(tmp_path / "points.netdesign") as stage:
        stage.do("play")
        stage.wait(until="finished")
        stage.do("check_gradients")
        stage.wait(until="idle")
        stage.main.canvas.select(["h1"])
        yield stage


def shown_by(stage, id):
    panel = stage.panel(id)
    panel.show()
    stage.wait(until="idle", seconds=60)
    return panel.shown()


def need(id, shown, keys):
    missing = {*FACTS, *keys} - shown.keys()
    assert not missing, f"{id} does not show {sorted(missing)}"
    assert shown["data"].keys() == {"name", "fingerprint", "set"}
    assert shown["data"]["fingerprint"], id
    kinds = {"run": str, "iteration": int, "epoch": int, "stale": str, "message": str}
    assert all(isinstance(shown[key], kind) for key, kind in kinds.items()), id
    assert not shown["stale"], id


def test_nothing_shows_test_examples_before_the_test_set_was_opened_on_record(stage):
    shown = {id: shown_by(stage, id)["data"]["set"] for id in PANELS.keys() - {"images"}}
    explorer = stage.window("explorer")
    for view in ("table", "scatter", "histograms", "classes"):
        explorer.set("view", view)
        stage.wait(until="idle")
        shown[view] = explorer.shown()["data"]["set"]
    del shown["data"]  # it shows how large the sets are, and no example
    assert not [id for id, of_set in shown.items() if "test" in of_set.split()]
    for id in ("boundary", "hidden_layer"):
        with pytest.raises(StageError, match="must be some of train, dev"):
            stage.panel(id).set("sets", ["test"])
    assert stage.main.document.project.openings == ()


def test_panels_show_the_keys_that_were_promised(stage):
    for id in PANELS.keys() - {"images"}:
        shown = shown_by(stage, id)
        need(id, shown, PANELS[id])
        assert shown["empty"] == (id == "problems"), id
        if id not in OF_THE_PROJECT:
            assert shown["run"] and shown["iteration"] == 300 and shown["epoch"] == 100, id


def test_pictures_show_the_keys_that_were_promised(qtbot, tmp_path):
    save_project(pictures(epochs=1), tmp_path / "pictures.netdesign")
    with open_stage(tmp_path / "pictures.netdesign") as stage:
        stage.do("play")
        stage.wait(until="finished")
        shown = shown_by(stage, "images")
        need("images", shown, PANELS["images"])
        assert len(shown["indices"])


def test_windows_show_the_keys_that_were_promised(stage, tmp_path):
    (tmp_path / "table.csv").write_text("a,kind\n1,x\n2,y\n", encoding="utf-8")
    stage.do("open_table", path=tmp_path / "table.csv")
    race = stage.window("race")
    race.set("vary", "l2")
    race.set("variants", [0.0, 3.0])
    race.set("play", True)
    for id, keys in WINDOWS.items():
        window = stage.window(id)
        stage.wait(until="idle", seconds=60)
        need(id, window.shown(), keys)
        assert window.shown()["empty"] == (id == "painting"), id
        window.widget.close()


def test_the_parts_of_what_is_shown_have_the_promised_forms(stage):
    assert all(len(x) == len(y) for x, y in shown_by(stage, "cost")["curves"].values())
    boundary = shown_by(stage, "boundary")
    assert boundary["values"].shape == (len(boundary["y"]), len(boundary["x"]))
    assert boundary["points"].shape == (2, len(boundary["labels"]))
    assert len(boundary["wrong"]) == len(boundary["labels"])
    edges, counts = shown_by(stage, "histograms")["h1"]
    assert len(edges) == len(counts) + 1
    numbers = shown_by(stage, "numbers")
    assert all(isinstance(numbers[key], np.ndarray) for key in PANELS["numbers"])
    assert set(shown_by(stage, "gradient_check")["blocks"]) >= {"h1.W", "y.W", "y.b"}
    flow = shown_by(stage, "flow")
    assert flow["values"].shape == (len(flow["iterations"]), len(flow["nodes"]))


def test_all_panels_and_windows_are_in_the_contract(stage):
    assert PANELS.keys() - OF_THE_PROJECT - {"canvas"} == {panel.id for panel in panel_classes()}
    assert WINDOWS.keys() == set(IDS)
    assert set(stage.main.docks.ids) >= PANELS.keys() - {"canvas"}


def test_every_command_that_was_promised_is_there():
    assert {command.id for command in all_commands()} >= set(COMMANDS.split())


def test_every_measure_that_was_promised_is_there(stage):
    values = {name: stage.measure(name) for name in MEASURES.split()}
    assert values.pop("state") == "finished"
    assert all(math.isfinite(value) for value in values.values()), values
