"""The stage drives the whole window by ids; what a person would be told, it raises."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMessageBox

from engine import Trainer, TrainingError, resources
from engine.files import load_project, save_project
from studio.shell.stage import StageError, open_stage
from studio.shell.staging.waiting import until
from tests.studio.conftest import small_project

CIRCLES = next(resources.path("examples").glob("3 *.netdesign"))


@pytest.fixture
def stage(qtbot, tmp_path):
    save_project(small_project(), tmp_path / "small.netdesign")
    with open_stage(tmp_path / "small.netdesign") as stage:
        yield stage


def test_a_run_on_the_stage_trains_as_the_engine_does(stage):
    stage.do("play")
    stage.wait(until="finished", seconds=60)
    history = stage.main.session.history
    assert stage.measure("state") == "finished"
    assert stage.measure("iteration") == len(history) == 40 * 3
    assert stage.measure("epoch") == 40
    assert stage.measure("dev.error") == 1 - history.latest["dev_score"]
    assert stage.measure("train.cost") == history.latest["train_cost"]
    assert stage.measure("layers.hidden") == 1
    assert stage.measure("parameters") == 2 * 8 + 8 + 8 + 1
    assert stage.measure("h1.gradient_norm", iteration=7) == history.gradient_norm.values[6, 0]
    weights = stage.main.session.call(lambda t: t.network.parameters["h1.W"].copy()).result()
    assert stage.measure("h1.weight_norm") == pytest.approx(np.linalg.norm(weights), rel=1e-6)


def test_the_status_names_the_epoch_of_the_newest_step(stage):
    told = stage.main.run_status.labels["epoch"]
    stage.do("step_epoch")
    stage.wait(until="paused")
    assert until(lambda: told.text() == "epoch 1/40", 10)
    stage.do("step")
    stage.wait(until="paused")
    assert until(lambda: told.text() == "epoch 2/40", 10)


def test_a_single_step_is_kept_in_the_run_and_in_every_figure(stage):
    """It comes after a pause, at which the run was kept already."""
    stage.do("step_epoch")
    stage.wait(until="paused")
    for iteration in (4, 5):
        stage.do("step")
        stage.wait(until="paused")
        for id in ("runs", "cost", "gradient_norms", "boundary"):
            panel = stage.panel(id)
            panel.show()
            stage.wait(until="idle")
            shown = panel.shown()
            assert (shown["iteration"], shown["stale"]) == (iteration, ""), id
            ends = [x[-1] for x, _ in shown.get("curves", {}).values()]
            assert all(end == iteration for end in ends), id
    (run,) = stage.main.document.project.runs
    assert run.iteration == stage.measure("iteration", run=1) == 5


def test_a_kept_run_is_measured_by_its_number(stage):
    stage.do("play")
    stage.wait(until="finished")
    first = stage.measure("dev.cost")
    stage.do("new_seed", seed=7)
    stage.do("play")
    stage.wait(until="finished")
    assert stage.measure("dev.cost", run=1) == pytest.approx(first)
    assert stage.measure("dev.cost") != first


def test_fields_are_set_as_in_the_inspector_and_can_be_undone(stage):
    project = stage.main.document.project
    stage.set("training.initializer", "zeros")
    stage.set("h1.keep_prob", 0.5)
    assert stage.main.document.project.training.initializer.kind == "zeros"
    assert stage.main.document.project.design.nodes["h1"].keep_prob == 0.5
    stage.set("h1.keep_prob", None)
    assert stage.main.document.project.design.nodes["h1"].keep_prob is None
    for _ in range(3):
        stage.do("undo")
    assert stage.main.document.project == project


def test_weights_are_drawn_by_the_initializer_that_was_set_last(stage):
    stage.set("training.initializer", "zeros")
    stage.do("step")
    stage.wait(until="paused")
    stage.do("rewind")
    stage.wait(until="ready")
    assert stage.measure("h1.weight_norm") == 0.0


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("training.initialiser", "he", "Did you mean “initializer”"),
        ("h2.units", 3, "Did you mean “h1”"),
        ("h1.keep_probability", 0.5, "Did you mean “keep_prob”"),
        ("h1.units", -3, "must be a whole number between 1 and"),
        ("training.optimizer", "adamw2", "adam"),
    ],
)
def test_a_bad_name_or_value_is_refused_with_a_sentence(stage, name, value, told):
    before = stage.main.document.project
    with pytest.raises(StageError, match=told):
        stage.set(name, value)
    assert stage.main.document.project is before


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda stage: stage.do("plau"), "Did you mean “play”"),
        (lambda stage: stage.do("play", epoch=3), "it takes epochs"),
        (lambda stage: stage.panel("bondary"), "Did you mean “boundary”"),
        (lambda stage: stage.window("races"), "Did you mean “race”"),
        (lambda stage: stage.window("data_import"), "is not open"),
        (lambda stage: stage.measure("dev.eror"), "Did you mean “dev.error”"),
        (lambda stage: stage.measure("dev.error", run=9), "There is no run 9"),
        (lambda stage: stage.wait(until="done"), "Nothing is ever “done”"),
        (lambda stage: stage.panel("cost").set("logarithm", True), "has no option"),
    ],
)
def test_an_unknown_id_is_refused_with_near_ones(stage, act, told):
    with pytest.raises(StageError, match=told):
        act(stage)


def test_a_disabled_command_says_why(stage):
    with pytest.raises(StageError, match="“Stop” is not available now"):
        stage.do("stop")
    stage.set("y.units", 7)
    with pytest.raises(StageError, match=r"“Play” is not available now\. .*units"):
        stage.do("play")


def test_an_unexpected_question_is_cancelled_and_raised(stage, tmp_path):
    save_project(small_project(seed=3), tmp_path / "other.netdesign")
    stage.set("h1.units", 5)
    with pytest.raises(StageError, match="has unsaved changes"):
        stage.open(tmp_path / "other.netdesign")
    assert stage.main.document.project.design.nodes["h1"].units == 5
    with pytest.raises(StageError, match="Save As"):
        stage.do("save_as")
    stage.do("save_as", path=tmp_path / "mine.netdesign")
    assert load_project(tmp_path / "mine.netdesign").design.nodes["h1"].units == 5
    stage.open(tmp_path / "other.netdesign")
    assert stage.main.document.project.training.seed == 3


def test_a_file_that_cannot_be_read_is_told_as_to_a_person(stage, tmp_path):
    (tmp_path / "broken.netdesign").write_text("{", encoding="utf-8")
    with pytest.raises(StageError, match=r"broken\.netdesign"):
        stage.do("open", path=tmp_path / "broken.netdesign")


def test_a_run_that_is_over_asks_unless_epochs_are_given(stage):
    stage.do("play")
    stage.wait(until="finished")
    with pytest.raises(StageError, match="has finished all 40 epochs"):
        stage.do("play")
    stage.do("play", epochs=2)
    stage.wait(until="finished")
    assert stage.measure("epoch") == 42


def test_the_initialization_lab_is_about_the_open_project(stage):
    stage.do("step")
    stage.wait(until="paused")
    panel = stage.panel("histograms")
    panel.show()
    panel.set("view", "lab")
    stage.wait(until="idle", seconds=60)
    before = panel.shown()
    stage.set("data.source", "moons")
    assert until(lambda: not panel.shown()["stale"], 30)
    shown = panel.shown()
    assert (shown["data"]["name"], shown["run"]) == ("Moons", "")
    assert before["data"]["name"] == "Circles"
    (_, mine), (_, theirs) = (each["He"]["h1"] for each in (shown, before))
    assert not np.array_equal(mine, theirs)
    stage.set("y.units", 7)
    assert until(lambda: "project has changed" in panel.shown()["stale"], 30)
    panel.set("view", "now")
    assert until(lambda: "data have changed" in panel.shown()["stale"], 30)


def test_a_gradient_check_of_other_settings_is_grayed(stage):
    stage.do("step")
    stage.wait(until="paused")
    stage.do("check_gradients")
    panel = stage.panel("gradient_check")
    panel.show()
    stage.wait(until="idle", seconds=60)
    stage.do("step")
    stage.wait(until="idle")
    assert panel.shown()["stale"] == ""  # it says of which iteration it is
    stage.set("training.l2", 3.0)
    assert until(lambda: "settings have changed" in panel.shown()["stale"], 10)
    stage.do("undo")
    assert until(lambda: not panel.shown()["stale"], 10)


def test_pictures_are_grayed_while_the_design_cannot_run(stage):
    stage.do("step")
    stage.wait(until="paused")
    boundary, bar = stage.panel("boundary"), stage.main.message_bar
    boundary.show()
    for name, value in (("y.task", "regression"), ("h1.units", 5)):
        stage.set(name, value)
        assert until(lambda: "design has changed" in boundary.shown()["stale"], 10)
        assert not bar.text  # the problems are what there is to tell
    stage.set("y.task", "binary")
    assert until(lambda: bar.text.startswith("Rewind to apply"), 10)
    for _ in range(3):
        stage.do("undo")
    assert until(lambda: not boundary.shown()["stale"] and not bar.text, 10)


def test_a_time_out_and_a_run_that_stands_still_raise(stage):
    stage.set("training.epochs", 100_000)
    stage.do("play")
    with pytest.raises(StageError, match="not finished"):
        stage.wait(until="finished", seconds=0.2)
    stage.do("pause")
    stage.wait(until="paused")
    with pytest.raises(StageError, match="paused at iteration"):
        stage.wait(until="finished", seconds=60)


def test_a_failed_run_raises_what_the_message_bar_says(stage, monkeypatch):
    def fail(_trainer):
        raise TrainingError("The cost became infinite.", hint="Lower the learning rate.")

    monkeypatch.setattr(Trainer, "step", fail)
    with pytest.raises(StageError, match=r"became infinite\. Lower the learning rate"):
        stage.do("play")
        stage.wait(until="finished", seconds=60)
    assert "became infinite" in stage.main.message_bar.text


def test_an_idle_window_has_painted_what_its_panels_show(stage):
    stage.panel("gradient_check").show()
    stage.do("check_gradients")
    stage.wait(until="idle", seconds=60)
    assert stage.measure("check.relative_error") < 1e-6
    assert stage.panel("gradient_check").widget.is_empty is False


def test_panels_and_windows_are_found_by_their_ids(stage):
    from studio.dashboard import panel_classes

    for panel in panel_classes():
        assert type(stage.panel(panel.id).widget) is panel
    for id in ("problems", "inspector", "training", "data", "canvas"):
        stage.panel(id).show()
        assert stage.panel(id).widget.isVisible(), id
    for id in ("race", "analyze", "data_gallery", "explorer"):
        assert stage.window(id).widget.isVisible(), id
        stage.window(id).widget.close()


def test_a_picture_of_the_window_is_written(stage, tmp_path):
    stage.picture(tmp_path / "out.png")
    assert (tmp_path / "out.png").stat().st_size > 10_000
    with pytest.raises(StageError, match="cannot be saved"):
        stage.picture(tmp_path / "no" / "folder" / "out.png")


def test_nothing_of_the_user_is_read_or_written(qtbot, tmp_path):
    before = QSettings().fileName()
    with open_stage(CIRCLES) as stage:
        inside = Path(QSettings().fileName())
        stage.do("live_ratio")
        QSettings().sync()
        assert inside.exists() and inside != Path(before)
        stage.set("h1.units", 3)
    assert not inside.exists()
    assert QSettings().fileName() == before


def test_about_is_no_question(stage):
    stage.do("about")
    box = next(b for b in stage.main.findChildren(QMessageBox))
    assert box.isVisible()
    box.close()


def test_a_panel_is_set_and_says_what_it_shows(qtbot):
    with open_stage(CIRCLES) as stage:
        stage.do("step_epoch")
        stage.wait(until="paused")
        boundary = stage.panel("boundary")
        boundary.show()
        stage.wait(until="idle")
        assert boundary.shown()["iteration"] == stage.measure("iteration")
        boundary.set("axes", ["x2", "x1"])
        boundary.set("sets", ["dev"])
        stage.wait(until="idle")
        assert list(boundary.shown()["axes"]) == ["x2", "x1"]
        assert boundary.shown()["data"]["set"] == "dev"
        with pytest.raises(StageError, match="takes 2 values"):
            boundary.set("axes", "x1")
        with pytest.raises(StageError, match="must be one of"):
            boundary.set("axes", ["x1", "x9"])
        with pytest.raises(StageError, match="must be some of"):
            boundary.set("sets", ["holdout"])


def test_fields_inside_fields_and_whole_owners_are_set(stage):
    stage.set("training.optimizer.learning_rate", 0.25)
    stage.set("training", {"epochs": 7, "batch_size": None})
    stage.set("data", {"source": {"kind": "moons", "points": 100}, "normalize": False})
    stage.set("data.source.noise", 0.4)
    project = stage.main.document.project
    assert project.training.optimizer.learning_rate == 0.25
    assert (project.training.epochs, project.training.batch_size) == (7, None)
    assert (project.data.source.kind, project.data.source.points) == ("moons", 100)
    assert (project.data.source.noise, project.data.normalize) == (0.4, False)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("training.optimizer.learning_rat", 0.1, "Did you mean “learning_rate”"),
        ("training.optimizer.learning_rate", -1, "greater than 0|between|above"),
        ("training.epochs.count", 1, "nothing inside “epochs”"),
        ("data", "moons", "takes a dict of fields"),
        ("data", {"sauce": "moons"}, "Did you mean “source”"),
    ],
)
def test_a_bad_inner_field_is_refused_with_a_sentence(stage, name, value, told):
    before = stage.main.document.project
    with pytest.raises(StageError, match=told):
        stage.set(name, value)
    assert stage.main.document.project is before


def test_a_race_is_set_up_played_and_read(stage):
    stage.set("training.epochs", 6)
    race = stage.window("race")
    race.set("vary", "l2")
    race.set("variants", [0.0, 3.0])
    race.set("play", True)
    stage.wait(until="idle")
    shown = race.shown()
    assert [each["outcome"] for each in shown["outcomes"]] == ["finished", "finished"]
    assert [each["epoch"] for each in shown["outcomes"]] == [6, 6]
    assert len(shown["planes"]) == 2
    race.set("plot", "score")
    assert race.shown()["x_axis"] == "epoch"
    for bad, told in (([0.0], "takes 2 to 4 values"), ([0.0, -1], "l2|L2"), (3, "must be a list")):
        with pytest.raises(StageError, match=told):
            race.set("variants", bad)


def test_quit_closes_the_window_at_once(stage):
    asked = stage.main.session
    stage.do("quit")
    assert not stage.main.isVisible()
    assert asked.call(lambda trainer: trainer).cancelled()  # nobody waits for a thread that ended


def test_neuron_pictures_that_are_off_keep_no_window_busy(stage):
    stage.do("neuron_pictures")
    stage.set("h1.units", 5)
    stage.wait(until="idle", seconds=20)


def test_a_window_that_is_not_idle_says_why(stage):
    stage.set("training.epochs", 100_000)
    stage.do("play")
    with pytest.raises(StageError, match=r"not idle within .* the run is"):
        stage.wait(until="idle", seconds=0.2)
