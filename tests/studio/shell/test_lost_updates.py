"""Lost updates: what others wrote is never overwritten, and nothing of your own is lost by it."""

from __future__ import annotations

import os
import shutil

import pytest
from PySide6.QtCore import QEvent, QFileSystemWatcher
from PySide6.QtWidgets import QApplication

from engine.files import FileState, load_project, save_project
from studio.model import edits
from studio.shell.stage import StageError, open_stage
from tests.studio.answers import Answers
from tests.studio.conftest import small_project
from tests.studio.hands import answer_file_dialog, buttons_in


@pytest.fixture
def answers(qapp):
    answers = Answers(qapp)
    yield answers
    qapp.removeEventFilter(answers)


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "designs"
    folder.mkdir()
    save_project(small_project(seed=1), folder / "mine.netdesign")
    return folder / "mine.netdesign"


@pytest.fixture
def opened(window, path):
    """A window on that file, with a change that is not saved."""
    assert window.files.open_path(path)
    change(window, 2)
    return window


def change(window, seed):
    window.document.edit(edits.set_training(window.document.project, "seed", seed), "Change seed")


def save(window):
    window.commands["save"].trigger()


def theirs(path, seed=3):
    save_project(small_project(seed=seed), path)


def same_size_and_time(path):
    """Another program that writes as many bytes within one tick of the clock."""
    before = path.stat()
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"seed": 1,', '"seed": 3,'), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size


def seed_of(path):
    return load_project(path).training.seed


@pytest.mark.parametrize("change_it", [theirs, same_size_and_time])
@pytest.mark.parametrize(
    ("answer", "in_file", "in_window", "saved"),
    [
        ("Cancel", 3, 2, False),
        ("Keep Mine", 2, 2, True),
        ("Take Theirs", 3, 3, True),
        ("Save As", 3, 2, True),
    ],
)
def test_a_file_that_others_changed_is_overwritten_only_by_an_answer(
    opened, answers, path, change_it, answer, in_file, in_window, saved
):
    change_it(path)
    answers.answer = answer
    other = path.with_name("other.netdesign")
    if answer == "Save As":
        answer_file_dialog(other)
    save(opened)
    assert len(answers.asked) == 1 and "changed “mine”" in answers.asked[0]
    assert seed_of(path) == in_file
    assert opened.document.project.training.seed == in_window
    assert opened.isWindowModified() is not saved
    if answer == "Save As":
        assert seed_of(other) == 2 and opened.document.path == other
    asked = len(answers.asked)
    change(opened, 9)
    answers.answer = "Cancel"
    save(opened)
    assert len(answers.asked) - asked == (answer == "Cancel")  # nobody is asked twice


def test_a_change_while_somebody_thinks_is_asked_about_again(opened, answers, path):
    changes = iter([4])

    def meanwhile():
        for seed in changes:
            theirs(path, seed)

    theirs(path)
    answers.answer, answers.before = "Keep Mine", meanwhile
    save(opened)
    assert len(answers.asked) == 2
    assert seed_of(path) == 2


def test_a_change_between_reading_and_the_question_about_unsaved_changes_is_noticed(
    window, answers, path
):
    change(window, 5)
    answers.answer, answers.before = "Discard", lambda: theirs(path)
    assert window.files.open_path(path)
    assert window.document.project.training.seed == 1
    answers.answer, answers.before = "Cancel", lambda: None
    change(window, 6)
    save(window)
    assert seed_of(path) == 3


def test_closing_with_save_keeps_the_window_open_until_the_question_is_answered(opened, qapp, path):
    theirs(path)

    class SaveThenCancel(Answers):
        def _click(self, box):
            self.answer = "Save" if len(self.asked) == 1 else "Cancel"
            super()._click(box)

    answers = SaveThenCancel(qapp)
    opened.close()
    qapp.removeEventFilter(answers)
    assert len(answers.asked) == 2
    assert opened.isVisible() and opened.isWindowModified() and seed_of(path) == 3


def test_two_windows_on_one_file_lose_nothing_of_each_other(opened, open_window, answers, path):
    second = open_window(load_project(path), path)
    change(second, 7)
    assert second.files.save()
    assert not opened.files.save()
    assert seed_of(path) == 7
    assert "Another program or window changed" in answers.asked[0]


def test_our_own_saves_and_a_mere_touch_ask_nothing(opened, answers, path):
    for seed in (3, 4):
        change(opened, seed)
        save(opened)
        path.touch()
    save(opened)
    assert answers.asked == [] and seed_of(path) == 4


@pytest.mark.parametrize("away", [os.unlink, lambda p: shutil.move(p, f"{p}.moved")])
def test_a_file_that_is_gone_is_noticed_told_and_written_again(qtbot, opened, answers, path, away):
    save(opened)
    assert not opened.isWindowModified()
    away(path)
    qtbot.waitUntil(opened.isWindowModified)
    assert opened.message_bar.text == "“mine” was moved or deleted. Save to write it again."
    opened.close()
    assert opened.isVisible() and "has unsaved changes" in answers.asked[0]
    save(opened)
    assert seed_of(path) == 2 and not opened.isWindowModified()
    assert opened.message_bar.text == "" and len(answers.asked) == 1


def test_a_folder_that_is_gone_is_a_file_that_is_gone(opened, path):
    save(opened)
    shutil.rmtree(path.parent)
    assert opened.document.look_at_file() is FileState.GONE
    assert opened.isWindowModified()


def test_a_change_is_told_at_once_and_theirs_can_be_taken(qtbot, opened, path):
    save(opened)
    theirs(path, 8)
    qtbot.waitUntil(lambda: "changed “mine”" in opened.message_bar.text)
    assert not opened.isWindowModified()
    next(iter(buttons_in(opened.message_bar).values())).click()
    assert opened.document.project.training.seed == 8


def test_a_window_that_becomes_active_looks_even_where_the_system_tells_nothing(
    qtbot, opened, path, monkeypatch
):
    opened.findChild(QFileSystemWatcher).removePaths([str(path), str(path.parent)])
    path.unlink()
    QApplication.sendEvent(opened, QEvent(QEvent.Type.WindowActivate))
    qtbot.waitUntil(lambda: opened.document.file_state is FileState.GONE)


@pytest.mark.parametrize("answer", ["Cancel", "Save As"])
def test_a_read_only_template_is_offered_as_save_as(opened, answers, path, answer):
    before = path.read_bytes()
    path.chmod(0o444)
    copy = path.with_name("my copy.netdesign")
    answers.answer = answer
    if answer == "Save As":
        answer_file_dialog(copy)
    save(opened)
    assert answers.asked == ["“mine” is read-only. Save your changes under another name?"]
    assert path.read_bytes() == before
    assert opened.isWindowModified() is (answer == "Cancel")
    assert copy.exists() is (answer == "Save As")


def test_save_as_onto_a_read_only_file_is_refused(opened, path, monkeypatch):
    told = []
    monkeypatch.setattr(
        "studio.shell.files_menu.tell_failure", lambda *texts: told.append(texts[-1])
    )
    template = path.with_name("template.netdesign")
    save_project(small_project(seed=5), template)
    template.chmod(0o444)
    assert not opened.files.save_as(template)
    assert "it is read-only" in told[0]
    assert seed_of(template) == 5


def test_saving_through_a_link_writes_the_target_and_notices_its_changes(window, answers, path):
    link = path.with_name("link.netdesign")
    link.symlink_to(path)
    assert window.files.open_path(link)
    change(window, 2)
    save(window)
    assert link.is_symlink() and seed_of(path) == 2 and answers.asked == []
    theirs(path, 6)
    change(window, 4)
    save(window)
    assert seed_of(path) == 6 and len(answers.asked) == 1
    assert not window.files.save_as(path)  # the same file by its other name
    assert seed_of(path) == 6 and len(answers.asked) == 2


def test_the_stage_raises_the_question(path):
    with open_stage(path) as stage:
        stage.set("h1.units", 5)
        theirs(path)
        with pytest.raises(StageError, match="Another program or window changed “mine”"):
            stage.do("save")
    assert seed_of(path) == 3
