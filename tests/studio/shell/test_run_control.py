"""RunControl: what each command does to the run, when it may, and how it meets the edits."""

from concurrent import futures

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolBar

import engine
from engine.files import load_project
from engine.project import Project
from studio.dashboard.gradient_check import GradientCheckPanel
from studio.model import edits
from studio.running.session import State
from studio.shell.window import PREPARE_AFTER_MS
from tests.studio.conftest import small_project
from tests.studio.hands import buttons_in, press_keys

LONG = 100_000


@pytest.fixture
def project():
    """Long enough that nothing ends by itself."""
    return small_project(epochs=LONG)


def wait_for(qtbot, window, *states):
    """Wait until the run is in one of these states, and the window knows."""
    qtbot.waitUntil(lambda: window.session.state in states)
    futures.wait([window.session.call(id)])  # the session has said so
    QApplication.processEvents()


def theta(window) -> np.ndarray:
    return window.session.call(lambda trainer: trainer.network.theta.copy()).result(timeout=30)


def change(window, edit, text="Change"):
    assert window.document.try_edit(edit, text) == ""


def set_units(window, units):
    change(window, lambda project: edits.set_field(project, "h1", "units", units))


def run_some(qtbot, window):
    press_keys("F5")
    wait_for(qtbot, window, State.RUNNING)
    qtbot.waitUntil(lambda: window.session.progress.iteration > 20)


def button(window, name):
    return window.findChild(QToolBar).widgetForAction(window.commands[name])


def check_panel(window):
    return window.docks.widget(GradientCheckPanel.id)


def test_f5_plays_and_pauses_and_the_button_says_which(qtbot, window):
    assert button(window, "play").isVisible() and not button(window, "pause").isVisible()
    run_some(qtbot, window)
    qtbot.waitUntil(button(window, "pause").isVisible)
    assert not button(window, "play").isVisible()
    press_keys("F5")
    wait_for(qtbot, window, State.PAUSED)
    held = window.session.progress.iteration
    qtbot.waitUntil(button(window, "play").isVisible)
    press_keys("F5")
    qtbot.waitUntil(lambda: window.session.progress.iteration > held)


def test_f6_takes_exactly_one_step_each_time(qtbot, window):
    for count in (1, 2, 3):
        press_keys("F6")
        qtbot.waitUntil(lambda count=count: window.session.progress.iteration == count)
        wait_for(qtbot, window, State.PAUSED)
        qtbot.waitUntil(window.commands["step"].isEnabled)


def test_shift_f5_stops_and_the_next_play_begins_anew(qtbot, window):
    run_some(qtbot, window)
    first = window.session.history
    press_keys("Shift+F5")
    wait_for(qtbot, window, State.STOPPED)
    qtbot.waitUntil(lambda: not window.commands["stop"].isEnabled())
    run_some(qtbot, window)
    assert window.session.history is not first


def test_f4_brings_back_the_very_initial_weights_in_mid_run(qtbot, window):
    initial = theta(window)
    run_some(qtbot, window)
    press_keys("F4")
    wait_for(qtbot, window, State.READY)
    assert np.array_equal(theta(window), initial)
    assert len(window.session.history) == 0


def test_shift_f4_draws_other_weights_and_the_seed_is_an_undoable_edit(qtbot, window):
    initial = theta(window)
    press_keys("Shift+F4")
    seed = window.document.project.training.seed
    assert seed != 0
    assert window.run_bar.seed.text() == f"seed {seed}"
    qtbot.waitUntil(lambda: window.session.project_in_training == window.document.project)
    assert not np.array_equal(theta(window), initial)
    press_keys("Ctrl+Z")
    assert window.document.project.training.seed == 0
    assert window.run_bar.seed.text() == "seed 0"


def test_a_new_seed_never_says_that_the_run_is_out_of_date(qtbot, window):
    told = []
    window.session.stale_changed.connect(told.append)
    for _ in range(5):
        press_keys("Shift+F4")
        wait_for(qtbot, window, State.READY)
        theta(window)  # the session has done all that it was told
    qtbot.wait(20)
    assert told == []


def test_the_undone_seed_is_that_of_the_next_rewind(qtbot, window):
    initial = theta(window)
    press_keys("Shift+F4")
    press_keys("Ctrl+Z")
    qtbot.waitUntil(lambda: window.session.stale)
    press_keys("F4")
    qtbot.waitUntil(lambda: not window.session.stale)
    assert np.array_equal(theta(window), initial)


def test_f7_raises_the_gradient_check_and_gives_a_verdict(qtbot, window):
    press_keys("F7")
    panel = check_panel(window)
    assert panel.isVisible()
    qtbot.waitUntil(lambda: panel.result is not None)
    assert panel.result.report.passed


def test_play_is_disabled_with_the_first_problem_as_its_tooltip(qtbot, window):
    wire = window.document.project.design.wires[0]
    change(window, lambda project: edits.disconnect(project, [wire]))
    problem = str(window.document.report.problems[0])
    assert not button(window, "play").isEnabled()
    assert button(window, "play").toolTip() == problem
    press_keys("F5", "F6")
    theta(window)
    assert window.session.progress.iteration == 0
    press_keys("Ctrl+Z")
    assert button(window, "play").isEnabled()
    assert "F5" in button(window, "play").toolTip()


@pytest.mark.parametrize(
    ("state", "enabled"),
    [
        (State.READY, {"play", "step", "rewind", "new_seed", "save_model", "check_gradients"}),
        (State.RUNNING, {"pause", "stop", "rewind", "new_seed", "save_model", "check_gradients"}),
        (
            State.PAUSED,
            {"play", "step", "stop", "rewind", "new_seed", "save_model", "check_gradients"},
        ),
    ],
)
def test_only_what_makes_sense_now_is_enabled(qtbot, window, state, enabled):
    if state is not State.READY:
        run_some(qtbot, window)
    if state is State.PAUSED:
        press_keys("F5")
    wait_for(qtbot, window, state)
    names = ("play", "step", "pause", "stop", "rewind", "new_seed", "save_model", "check_gradients")
    qtbot.waitUntil(lambda: {n for n in names if window.commands[n].isEnabled()} == enabled)


def test_a_change_that_the_run_can_take_over_goes_on_without_a_word(qtbot, window):
    run_some(qtbot, window)
    change(window, lambda project: edits.set_training(project, "l2", 0.5))
    qtbot.waitUntil(lambda: window.session.project_in_training == window.document.project)
    assert window.message_bar.text == ""
    assert window.session.state is State.RUNNING


def test_an_initializer_changed_in_mid_run_says_that_it_waits_for_rewind(qtbot, window):
    run_some(qtbot, window)
    change(window, lambda project: edits.set_training(project, "initializer", "zeros"))
    told = "Rewind to use the new initializer."
    qtbot.waitUntil(lambda: window.message_bar.text.startswith(told))
    assert window.session.state is State.RUNNING
    window.run_control.pause()
    wait_for(qtbot, window, State.PAUSED)
    window.run_control.play()
    wait_for(qtbot, window, State.RUNNING)
    assert window.message_bar.text.startswith(told)  # it still holds
    window.document.undo_stack.undo()
    qtbot.waitUntil(lambda: window.message_bar.text == "")


def test_an_initializer_changed_before_the_first_step_is_used_without_a_word(qtbot, window):
    change(window, lambda project: edits.set_training(project, "initializer", "zeros"))
    window.run_control.play()
    wait_for(qtbot, window, State.RUNNING, State.FINISHED)
    assert window.message_bar.text == ""
    weights = window.session.call(lambda t: t.network.parameters["h1.W"].copy()).result(timeout=5)
    assert (weights == weights[:1]).all()  # symmetry was never broken


def test_another_design_in_mid_run_shows_a_message_whose_button_rewinds(qtbot, window):
    run_some(qtbot, window)
    set_units(window, 5)
    qtbot.waitUntil(lambda: "Rewind" in window.message_bar.text)
    assert window.session.state is State.RUNNING
    qtbot.mouseClick(buttons(window)["Rewind"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.project_in_training == window.document.project)
    wait_for(qtbot, window, State.READY)
    assert window.message_bar.text == ""


def test_before_a_run_the_weights_follow_the_design_without_a_word(qtbot, window):
    told = []
    window.message_bar.tell = lambda *what: told.append(what)
    set_units(window, 5)
    qtbot.waitUntil(lambda: window.session.project_in_training == window.document.project)
    press_keys("Ctrl+Z")
    qtbot.waitUntil(lambda: window.session.project_in_training == window.document.project)
    assert window.session.state is State.READY
    assert told == []


def test_undo_in_mid_run_takes_the_message_away_and_the_run_goes_on(qtbot, window):
    run_some(qtbot, window)
    set_units(window, 5)
    qtbot.waitUntil(lambda: window.message_bar.text != "")
    before = window.session.progress.iteration
    press_keys("Ctrl+Z")
    qtbot.waitUntil(lambda: window.message_bar.text == "")
    qtbot.waitUntil(lambda: window.session.progress.iteration > before)
    assert window.session.state is State.RUNNING


def test_a_broken_design_in_mid_run_leaves_the_run_alone(qtbot, window):
    run_some(qtbot, window)
    set_units(window, 5)
    qtbot.waitUntil(lambda: window.message_bar.text != "")
    change(window, lambda project: edits.remove(project, ["h1"]))
    before = window.session.progress.iteration
    qtbot.mouseClick(buttons(window)["Rewind"], Qt.MouseButton.LeftButton)
    press_keys("F4")
    qtbot.waitUntil(lambda: window.session.progress.iteration > before)
    assert not window.commands["rewind"].isEnabled()
    press_keys("F5")
    wait_for(qtbot, window, State.PAUSED)


def test_play_after_a_change_of_the_design_begins_with_the_new_one(qtbot, window):
    run_some(qtbot, window)
    press_keys("F5")
    wait_for(qtbot, window, State.PAUSED)
    set_units(window, 5)
    qtbot.waitUntil(lambda: window.message_bar.text != "")
    run_some(qtbot, window)
    assert window.session.project_in_training.design == window.document.project.design
    assert window.message_bar.text == ""


def test_a_design_built_on_an_empty_canvas_runs_when_it_is_whole(qtbot, open_window, project):
    window = open_window(Project())
    qtbot.wait(2 * PREPARE_AFTER_MS)  # the first preparation has nothing to prepare
    assert window.session.state is State.EMPTY
    assert not window.commands["check_gradients"].isEnabled()
    window.document.edit(project, "Build")
    press_keys("F7")
    panel = check_panel(window)
    qtbot.waitUntil(lambda: panel.result is not None)
    run_some(qtbot, window)


def test_a_very_large_design_gets_its_weights_at_play_and_not_before(
    qtbot, open_window, project, monkeypatch
):
    monkeypatch.setattr("studio.shell.run_control.MOST_PREPARED", 5)
    window = open_window(project)
    qtbot.wait(2 * PREPARE_AFTER_MS)
    assert window.session.state is State.EMPTY
    press_keys("F6")
    wait_for(qtbot, window, State.PAUSED)
    assert window.session.progress.iteration == 1


def test_a_run_that_breaks_names_the_layer_and_the_window_lives(qtbot, open_window):
    rash = engine.GradientDescent(learning_rate=1000)  # with so much decay W grows at each step
    project = small_project(epochs=LONG, batch_size=None, optimizer=rash, l2=100)
    window = open_window(project)
    wait_for(qtbot, window, State.READY)
    press_keys("F5")
    wait_for(qtbot, window, State.FAILED)
    qtbot.waitUntil(lambda: window.message_bar.text != "")
    named = next(n for n in project.design.nodes if f"'{n}'" in window.message_bar.text)
    qtbot.mouseClick(buttons(window)[f"Show '{named}'"], Qt.MouseButton.LeftButton)
    assert window.canvas.selected_nodes() == [named]
    optimizer = engine.GradientDescent(learning_rate=0.01)
    change(window, lambda project: edits.set_training(project, "optimizer", optimizer))
    run_some(qtbot, window)


def finish(qtbot, window):
    press_keys("F5")
    wait_for(qtbot, window, State.FINISHED)
    qtbot.waitUntil(lambda: window.document.project.runs != ())


def buttons(window):
    return buttons_in(window.message_bar)


def short(qtbot, open_window, **training):
    window = open_window(small_project(**{"epochs": 4, **training}))
    wait_for(qtbot, window, State.READY)
    qtbot.waitUntil(window.commands["play"].isEnabled)
    return window


def test_one_epoch_is_told_in_the_singular(qtbot, open_window):
    window = short(qtbot, open_window, epochs=1)
    finish(qtbot, window)
    press_keys("F5")
    assert window.message_bar.text == "This run has finished its only epoch."
    assert list(buttons(window)) == ["Train 1 More Epoch", "Rewind"]
    qtbot.mouseClick(buttons(window)["Train 1 More Epoch"], Qt.MouseButton.LeftButton)
    wait_for(qtbot, window, State.FINISHED)
    assert window.document.undo_stack.undoText() == "Train 1 more epoch"


def test_play_on_a_finished_run_asks_and_can_train_as_long_again(qtbot, open_window):
    window = short(qtbot, open_window)
    finish(qtbot, window)
    weights, history = theta(window), window.session.history
    press_keys("F5")
    assert window.message_bar.text == "This run has finished all 4 epochs."
    assert window.message_bar.sign == "note"  # nothing is wrong
    assert np.array_equal(theta(window), weights)
    assert list(buttons(window)) == ["Train 4 More Epochs", "Rewind"]
    qtbot.mouseClick(buttons(window)["Train 4 More Epochs"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.progress.epoch == 8)
    wait_for(qtbot, window, State.FINISHED)
    assert window.session.history is history
    assert window.document.undo_stack.undoText() == "Train 4 more epochs"
    qtbot.waitUntil(lambda: window.document.project.runs[-1].epoch == 8)
    assert len(window.document.project.runs) == 1
    assert window.document.project.runs[0].marks[-1].text == "epochs 4 → 8"


def test_rewind_from_that_question_begins_the_same_run_anew(qtbot, open_window):
    window = short(qtbot, open_window)
    initial = theta(window)
    finish(qtbot, window)
    press_keys("F6")
    qtbot.mouseClick(buttons(window)["Rewind"], Qt.MouseButton.LeftButton)
    wait_for(qtbot, window, State.READY)
    assert np.array_equal(theta(window), initial)
    assert window.message_bar.text == ""
    finish(qtbot, window)
    qtbot.waitUntil(lambda: len(window.document.project.runs) == 2)
    first, second = window.document.project.runs
    assert first.curves == second.curves


def test_a_run_that_was_stopped_early_offers_to_rewind_only(qtbot, open_window):
    window = short(qtbot, open_window, epochs=5_000, stopping={"kind": "early", "patience": 1})
    finish(qtbot, window)
    assert window.session.stopped_early
    press_keys("F5")
    assert "stopped early" in window.message_bar.text
    assert list(buttons(window)) == ["Rewind"]


def test_play_on_a_finished_run_of_another_design_begins_the_open_one(qtbot, open_window):
    window = short(qtbot, open_window)
    finish(qtbot, window)
    set_units(window, 5)
    qtbot.waitUntil(lambda: window.session.stale)
    press_keys("F5")
    qtbot.waitUntil(lambda: window.session.project_in_training.design.nodes["h1"].units == 5)
    wait_for(qtbot, window, State.FINISHED)


def test_shift_f6_takes_one_epoch_each_time(qtbot, window):
    for epochs in (1, 2):
        press_keys("Shift+F6")
        qtbot.waitUntil(lambda epochs=epochs: window.session.progress.epoch == epochs)
        wait_for(qtbot, window, State.PAUSED)
        qtbot.waitUntil(window.commands["step_epoch"].isEnabled)
    assert window.session.progress.iteration == 6


def test_the_speed_is_chosen_by_keyboard_and_pause_acts_at_once_at_one_step_a_second(qtbot, window):
    box = window.run_bar.speed
    box.setFocus()
    press_keys("End")
    assert box.currentText() == "1 step/s"
    press_keys("F5")
    qtbot.waitUntil(lambda: window.session.progress.iteration == 1)
    qtbot.waitUntil(window.commands["pause"].isEnabled)
    press_keys("F5")
    wait_for(qtbot, window, State.PAUSED)
    assert window.session.progress.iteration < 5
    box.setFocus()
    press_keys("Home")
    press_keys("F5")
    qtbot.waitUntil(lambda: window.session.progress.iteration > 100)  # not at one step a second


def test_each_run_is_kept_when_it_is_rewound_in_mid_run(qtbot, window):
    run_some(qtbot, window)
    press_keys("F4")
    wait_for(qtbot, window, State.READY)
    qtbot.waitUntil(lambda: len(window.document.project.runs) == 1)
    (run,) = window.document.project.runs
    assert (run.state, run.number) == ("stopped", 1)
    assert run.iteration > 20


def test_what_is_saved_in_mid_run_holds_the_run_as_it_stands(qtbot, window, tmp_path):
    path = tmp_path / "a.netdesign"
    window.document.save(path)
    run_some(qtbot, window)
    press_keys("Ctrl+S")
    (run,) = load_project(path).runs
    assert 20 < run.iteration <= window.session.progress.iteration
    assert not window.document.modified
    press_keys("F5")
    wait_for(qtbot, window, State.PAUSED)
    assert window.document.modified and window.isWindowModified()


def test_a_run_of_a_project_that_was_closed_does_not_enter_the_next_one(qtbot, window, project):
    run_some(qtbot, window)
    window.document.reset(project)
    wait_for(qtbot, window, State.READY)
    theta(window)
    QApplication.processEvents()
    assert window.document.project.runs == ()
    run_some(qtbot, window)
    press_keys("F5")
    wait_for(qtbot, window, State.PAUSED)
    assert len(window.document.project.runs) == 1


def test_the_toolbar_says_in_words_whether_the_run_is_over(qtbot, open_window):
    window = short(qtbot, open_window)
    word = window.run_status.labels["state"]
    qtbot.waitUntil(lambda: word.text() == "ready")
    press_keys("F6")
    qtbot.waitUntil(lambda: word.text() == "paused")
    finish(qtbot, window)
    qtbot.waitUntil(lambda: word.text() == "finished")
