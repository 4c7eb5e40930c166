"""Pure edits: Project in, Project out."""

from __future__ import annotations

import pytest

import engine
from engine import DesignError, SpecError, Wire
from engine.data import DataPlan, DataSource
from engine.project import Project
from studio.model import edits


def test_a_new_layer_gets_a_free_name_and_its_place(project):
    once, first = edits.add_layer(project, engine.Dense(units=3), (10.0, 20.0))
    twice, second = edits.add_layer(once, engine.Dense(units=3), (30.0, 20.0))
    assert (first, second) == ("dense", "dense 2")
    assert twice.positions["dense 2"] == (30.0, 20.0)
    assert "dense" not in project.design.nodes


def test_removing_a_layer_removes_its_wires_and_its_place(project):
    placed = edits.move(project, {"h1": (1.0, 2.0)})
    after = edits.remove(placed, ["h1"])
    assert after.design.wires == ()
    assert "h1" not in after.positions


def test_removing_layers_and_a_wire_of_theirs_at_once_is_no_error(project):
    after = edits.remove(project, ["h1"], [Wire("x", "h1")])
    assert list(after.design.nodes) == ["x", "y"]


def test_renaming_keeps_wires_and_place(project):
    placed = edits.move(project, {"h1": (1.0, 2.0)})
    after = edits.rename(placed, "h1", "hidden")
    assert after.positions["hidden"] == (1.0, 2.0)
    assert Wire("x", "hidden") in after.design.wires
    with pytest.raises(DesignError, match="already a layer named 'y'"):
        edits.rename(after, "hidden", "y")


def test_early_stopping_follows_the_new_name_of_its_output(project):
    watched = engine.stopping.EarlyStopping(output="y")
    project = edits.set_training(project, "stopping", watched)
    assert edits.rename(project, "h1", "hidden").training is project.training
    assert edits.rename(project, "y", "end").training.stopping.output == "end"


def test_outputs_follow_the_targets_of_other_data(project):
    design = project.design.edit("y", target="gone", task="regression")
    before = project.replace(design=design.add("y2", engine.Output(task="regression")))
    after = edits.set_data(before, DataPlan(source="iris")).design.nodes
    assert (after["y"].target, after["y"].task.kind) == (None, "multi_class")
    assert after["y2"].task.kind == "multi_class"


def test_a_bad_setting_is_refused_with_a_sentence(project):
    with pytest.raises(SpecError, match="batch_size must be"):
        edits.set_training(project, "batch_size", 0)


def test_one_change_is_made_to_several_layers_or_to_none(project):
    project, _ = edits.add_layer(project, engine.Dense(units=3), (0.0, 0.0))
    names = ["h1", "dense"]
    after = edits.change_layers(project, names, lambda layer: layer.replace(units=5))
    assert [after.design.nodes[name].units for name in names] == [5, 5]
    assert after.design.nodes["y"] is project.design.nodes["y"]
    with pytest.raises(SpecError, match="must be a whole number between 1 and 65536"):
        edits.change_layers(project, names, lambda layer: layer.replace(units=layer.units - 3))


def test_other_data_bring_their_task_and_clear_sizes_that_no_longer_fit(project):
    fixed = edits.set_field(project, "x", "shape", (2,))
    after = edits.set_data(fixed, DataPlan(source="mnist-10k"))
    assert after.design.nodes["x"].shape is None
    assert after.design.nodes["y"].task.kind == "multi_class"
    assert engine.check(after.design, after.training, after.data.source.fit()).ok


def test_more_points_of_the_same_data_leave_the_design_alone(project):
    plan = DataPlan(source={"kind": "circles", "points": 200})
    fixed = edits.set_field(project, "x", "shape", (2,))
    assert edits.set_data(fixed, plan).design == fixed.design


def test_the_task_without_an_output_layer_is_refused(project):
    bare = edits.remove(project, ["y"])
    with pytest.raises(DesignError, match="no output layer"):
        edits.set_task(bare, "binary")


def test_a_layer_goes_behind_another_and_serves_all_that_it_served():
    project = Project(
        engine.Design(
            {
                "x": engine.Input(),
                "a": engine.Dense(),
                "b": engine.Dense(),
                "s": engine.layers.Add(),
            },
            (engine.Wire("x", "a"), engine.Wire("x", "b"), engine.Wire("a", "s")),
        )
    )
    after = edits.insert_behind(project, "x", engine.Dropout()).design
    (new,) = set(after.nodes) - set(project.design.nodes)
    assert [w.source for w in after.inputs_of(new)] == ["x"]
    assert after.inputs_of("a")[0].source == after.inputs_of("b")[0].source == new


@pytest.mark.parametrize(("kind", "normalized"), [("iris", True), ("digits-8x8", False)])
def test_what_suited_pixels_alone_does_not_stay_for_other_features(kind, normalized):
    layers = [engine.Input(keep_prob=0.8), engine.Dense(), engine.Output(task="multi_class")]
    plan = DataPlan(source="mnist-10k", normalize=False)
    project = Project(engine.Design.sequential(layers, ["x", "h", "y"]), data=plan)
    after = edits.set_source(project, DataSource.parse(kind))
    assert after.data.source.kind == kind and after.data.normalize is normalized
    assert after.design.nodes["x"].keep_prob == (1.0 if normalized else 0.8)
    again = edits.set_source(
        edits.set_data(after, after.data.replace(normalize=False)), after.data.source
    )
    assert not again.data.normalize  # chosen for these data
