"""FilesMenu: open and save with the real dialogs; nothing is lost without a question."""

import json

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from engine.files import TrainedModel, load, load_project, save_model, save_project
from engine.project import Project
from studio.model import edits
from studio.running.session import State
from studio.shell.files_menu import example_files
from tests.studio.answers import Answers
from tests.studio.conftest import small_project
from tests.studio.hands import answer_file_dialog, press_keys
from tests.studio.shell.test_run_control import theta, wait_for


@pytest.fixture
def questions(qapp):
    """Answers every question with `questions.answer`, and keeps what was asked."""
    answers = Answers(qapp)
    yield answers
    qapp.removeEventFilter(answers)


@pytest.fixture
def complaints(monkeypatch):
    """Keeps the text of every complaint."""
    told = []
    monkeypatch.setattr(
        "studio.shell.files_menu.tell_failure", lambda _parent, *words: told.append(" ".join(words))
    )
    return told


def change(window, seed=7):
    window.document.edit(edits.set_training(window.document.project, "seed", seed), "Change seed")


def test_ctrl_s_asks_for_a_name_once_and_then_saves_without_a_question(window, tmp_path):
    path = tmp_path / "mine.netdesign"
    change(window)
    assert window.isWindowModified()
    answer_file_dialog(path)
    press_keys("Ctrl+S")
    assert load_project(path) == window.document.project
    assert window.windowTitle() == "mine[*] – Backprop Studio"
    assert not window.isWindowModified()
    change(window, 8)
    assert window.isWindowModified()
    press_keys("Ctrl+S")
    assert load_project(path).training.seed == 8
    assert not window.isWindowModified()


def test_undo_back_to_what_was_saved_takes_the_star_away(window):
    change(window)
    press_keys("Ctrl+Z")
    assert not window.isWindowModified()
    press_keys("Ctrl+Shift+Z")
    assert window.isWindowModified()
    assert window.document.project.training.seed == 7


def test_a_name_without_an_ending_gets_ours(window, tmp_path):
    answer_file_dialog(tmp_path / "plain")
    press_keys("Ctrl+Shift+S")
    assert load_project(tmp_path / "plain.netdesign") == window.document.project


def test_a_cancelled_dialog_saves_nothing(window, tmp_path):
    change(window)
    answer_file_dialog("")
    press_keys("Ctrl+S")
    assert window.document.path is None
    assert window.isWindowModified()


def test_a_save_that_fails_says_why_and_keeps_the_star(window, complaints, tmp_path):
    folder = tmp_path / "taken.netdesign"
    folder.mkdir()
    change(window)
    window.document.path = folder
    press_keys("Ctrl+S")
    assert "The design was not saved." in complaints[0]
    assert "taken.netdesign" in complaints[0]
    assert window.isWindowModified()


def test_ctrl_o_opens_what_was_saved(qtbot, window, tmp_path):
    path = tmp_path / "other.netdesign"
    save_project(small_project(seed=3), path)
    answer_file_dialog(path)
    press_keys("Ctrl+O")
    assert window.document.project.training.seed == 3
    assert window.windowTitle().startswith("other")
    qtbot.waitUntil(lambda: window.session.project_in_training == window.document.project)


@pytest.mark.parametrize(
    ("answer", "goes_on", "saves"),
    [("Cancel", False, False), ("Discard", True, False), ("Save", True, True)],
)
@pytest.mark.parametrize("loses", ["close", "new", "open", "example"])
def test_unsaved_changes_are_never_lost_without_a_question(
    window, questions, tmp_path, answer, goes_on, saves, loses
):
    path, other = tmp_path / "mine.netdesign", tmp_path / "other.netdesign"
    save_project(small_project(seed=3), other)
    window.document.save(path)
    change(window)
    changed = window.document.project
    questions.answer = answer
    {
        "close": window.close,
        "new": lambda: press_keys("Ctrl+N"),
        "open": lambda: window.files.open_path(other),
        "example": window.files.examples.actions()[0].trigger,
    }[loses]()
    assert questions.asked == ["“mine” has unsaved changes. Do you want to save them?"]
    assert (load_project(path) == changed) is saves
    if loses == "close":
        assert window.isVisible() is not goes_on
    else:
        assert (window.document.project != changed) is goes_on


def test_a_question_answered_by_save_stays_when_the_name_is_refused(window, questions, tmp_path):
    change(window)
    questions.answer = "Save"
    answer_file_dialog("")
    window.close()
    assert window.isVisible()
    assert window.isWindowModified()


def test_without_changes_nobody_asks(window, questions, tmp_path):
    press_keys("Ctrl+N")
    assert window.document.project == Project()
    assert questions.asked == []


def test_after_ctrl_n_in_a_field_the_keys_go_to_the_canvas(window):
    window.canvas.select(["h1"])
    window.inspector.focus_field("units")
    press_keys("Ctrl+N")
    assert QApplication.focusWidget() is window.canvas
    batch_size = window.document.project.training.batch_size
    press_keys("8")
    assert window.document.project.training.batch_size == batch_size


NEWER = {"format": "backprop-studio design", "version": 99}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.netdesign", b"", "empty.netdesign"),
        ("cut.netdesign", b'{"format": "backprop', "line 1"),
        ("foreign.netdesign", b'{"cells": []}', "foreign.netdesign"),
        ("newer.netdesign", json.dumps(NEWER).encode(), "newer"),
        ("binary.netdesign", bytes(range(256)), "binary.netdesign"),
        ("cut.safetensors", b"\xff" * 40, "cut.safetensors"),
        ("letter.txt", b"Dear teacher", "letter.txt"),
        ("missing.netdesign", None, "no file"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason_and_nothing_changes(
    window, complaints, questions, tmp_path, name, content, says
):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    change(window)
    before, steps = window.document.project, window.document.undo_stack.count()
    assert not window.files.open_path(path)
    assert complaints[0].startswith("The file cannot be opened.")
    assert says in complaints[0]
    assert questions.asked == []
    assert window.document.project is before
    assert window.document.undo_stack.count() == steps
    assert window.windowTitle() == "Untitled[*] – Backprop Studio"


def test_a_newer_design_is_refused_with_its_version(window, complaints, tmp_path):
    path = tmp_path / "newer.netdesign"
    save_project(window.document.project, path)
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | {"version": 99}), encoding="utf-8")
    assert not window.files.open_path(path)
    assert "99" in complaints[0]


@pytest.mark.slow
@pytest.mark.parametrize("path", example_files(), ids=lambda path: path.stem)
def test_every_example_opens_and_trains(qtbot, window, path):
    titles = [action.text() for action in window.files.examples.actions()]
    window.files.examples.actions()[example_files().index(path)].trigger()
    assert path.stem.split(" ", 1)[1] in titles
    assert window.document.report.ok
    assert window.document.path is None
    assert not window.isWindowModified()
    qtbot.waitUntil(
        lambda: window.session.project_in_training == window.document.project, timeout=30_000
    )
    for count in (1, 2, 3):
        qtbot.waitUntil(window.commands["step"].isEnabled)
        press_keys("F6")
        qtbot.waitUntil(
            lambda count=count: window.session.progress.iteration == count, timeout=30_000
        )
    assert np.isfinite(window.session.history.cost.values).all()


def test_a_trained_model_goes_on_exactly_where_it_was_saved(qtbot, open_window, tmp_path):
    path = tmp_path / "half.safetensors"
    first = open_window(small_project(epochs=200))
    wait_for(qtbot, first, State.READY)
    first.session.limit_speed(200)  # so that it is not over before it is paused
    press_keys("F5")
    qtbot.waitUntil(lambda: first.session.progress.iteration > 30)
    press_keys("F5")
    wait_for(qtbot, first, State.PAUSED)
    first.session.limit_speed(None)
    answer_file_dialog(path)
    press_keys("Ctrl+M")
    qtbot.waitUntil(lambda: "half.safetensors" in first.statusBar().currentMessage())
    qtbot.waitUntil(first.commands["play"].isEnabled)
    press_keys("F5")
    wait_for(qtbot, first, State.FINISHED)

    second = open_window(Project())
    assert second.files.open_path(path)
    wait_for(qtbot, second, State.PAUSED)
    assert second.session.progress.iteration == len(second.session.history)
    without_runs = [w.document.project.replace(runs=()) for w in (first, second)]
    assert without_runs[0] == without_runs[1]
    qtbot.waitUntil(second.commands["play"].isEnabled)
    press_keys("F5")
    wait_for(qtbot, second, State.FINISHED)
    assert np.array_equal(theta(second), theta(first))
    ours, theirs = second.session.history, first.session.history
    assert np.array_equal(ours.cost.values, theirs.cost.values)
    assert ours.latest == theirs.latest


def test_another_file_in_mid_run_takes_the_place_of_the_run(
    qtbot, open_window, tmp_path, questions
):
    window = open_window(small_project(epochs=100_000))
    wait_for(qtbot, window, State.READY)
    press_keys("F5")
    qtbot.waitUntil(lambda: window.session.progress.iteration > 20)
    other = tmp_path / "other.netdesign"
    save_project(small_project(seed=3), other)
    assert window.files.open_path(other)
    qtbot.waitUntil(lambda: window.session.project_in_training == window.document.project)
    wait_for(qtbot, window, State.READY)
    assert window.message_bar.text == ""
    assert questions.asked == []
    press_keys("F5")
    qtbot.waitUntil(lambda: window.session.progress.iteration > 20)
    questions.answer = "Discard"
    press_keys("Ctrl+N")
    assert len(questions.asked) == 1  # the file lacks this run
    wait_for(qtbot, window, State.EMPTY)
    assert window.session.progress.iteration == 0
    qtbot.waitUntil(lambda: not window.commands["play"].isEnabled())


def test_a_model_whose_run_does_not_fit_its_design_says_so(qtbot, window, tmp_path):
    path = tmp_path / "odd.safetensors"
    window.commands.all["save_model"].run(window, path=path)
    qtbot.waitUntil(lambda: "odd" in window.statusBar().currentMessage())
    model = load(path)
    wrong = TrainedModel(
        model.project, {**model.arrays, "theta": np.zeros(3, np.float32)}, model.values
    )
    save_model(wrong, path)
    window.files.open_path(path)
    qtbot.waitUntil(lambda: window.message_bar.text != "")
    assert window.session.state is State.FAILED


def test_recent_files_come_newest_first_and_lose_those_that_are_gone(window, complaints, tmp_path):
    paths = [tmp_path / f"{letter}.netdesign" for letter in "abc"]
    for path in paths:
        save_project(small_project(), path)
        assert window.files.open_path(path)
    assert shown(window) == ["c.netdesign", "b.netdesign", "a.netdesign"]
    assert window.files.recent.actions()[0].toolTip() == str(paths[2])
    window.files.recent.actions()[2].trigger()
    assert window.document.path == paths[0]
    assert shown(window) == ["a.netdesign", "c.netdesign", "b.netdesign"]
    paths[2].unlink()
    window.files.recent.actions()[1].trigger()
    assert "no file" in complaints[0]
    assert shown(window) == ["a.netdesign", "b.netdesign"]


def test_recent_files_say_so_when_there_are_none(window):
    QSettings().remove("recent")
    assert shown(window) == ["No recent files"]
    assert not window.files.recent.actions()[0].isEnabled()


def shown(window):
    window.files.recent.aboutToShow.emit()
    return [action.text() for action in window.files.recent.actions()]
