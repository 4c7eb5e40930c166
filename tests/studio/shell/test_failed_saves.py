"""Closing, saving and opening where something fails: nothing is lost, and a sentence says why."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from engine.errors import SpecError
from engine.files import load_project, save_project
from studio.data_window.data_views import is_data
from studio.model import edits
from tests.studio.answers import Answers
from tests.studio.conftest import small_project
from tests.studio.hands import press_keys

HALF = "half a pair: \ud800"


@pytest.fixture
def complaints(monkeypatch, qapp):
    """Every question is answered by Save; keeps the text of every complaint."""
    told = []
    monkeypatch.setattr(
        "studio.shell.files_menu.tell_failure", lambda _parent, *words: told.append(" ".join(words))
    )
    answers = Answers(qapp)
    answers.answer = "Save"
    yield told
    qapp.removeEventFilter(answers)


def change(window, seed=7):
    window.document.edit(edits.set_training(window.document.project, "seed", seed), "Change seed")


@pytest.mark.parametrize("error", [ValueError, MemoryError, RecursionError, OSError, SpecError])
def test_a_window_stays_open_with_its_changes_whatever_makes_saving_fail(
    window, complaints, tmp_path, monkeypatch, error
):
    def fails(_project, _path):
        raise error("something went wrong")

    change(window)
    window.document.path = tmp_path / "a.netdesign"
    monkeypatch.setattr("studio.model.document.save_project", fails)
    window.close()
    assert window.isVisible() and window.isWindowModified()
    assert "The design was not saved." in complaints[0] and "something went wrong" in complaints[0]


def test_a_window_stays_open_when_the_question_itself_fails(window, monkeypatch, qtbot):
    def fails():
        raise RuntimeError("no question could be asked")

    with monkeypatch.context() as patch, qtbot.captureExceptions():
        patch.setattr(window.files, "may_lose_changes", fails)
        with contextlib.suppress(RuntimeError):  # some versions of PySide6 let it through
            window.close()
    assert window.isVisible()


@pytest.mark.parametrize("name", ["a\0b.netdesign", "a\ud800.netdesign"])
def test_a_path_that_no_file_can_have_is_refused_and_the_window_stays_open(
    window, complaints, tmp_path, name, monkeypatch
):
    change(window)
    monkeypatch.setattr("studio.shell.files_menu.ask_file_name", lambda *_: tmp_path / name)
    window.close()
    assert window.isVisible()
    assert "is not the name of a file" in complaints[0]


TOO_LONG = "n" * 300


def test_a_name_too_long_for_the_file_system_is_refused_without_a_stack_trace(
    window, complaints, tmp_path, monkeypatch, capfd
):
    change(window)
    path = tmp_path / f"{TOO_LONG}.netdesign"
    monkeypatch.setattr("studio.shell.files_menu.ask_file_name", lambda *_: path)
    assert not window.files.save()
    assert not window.files.open_path(path)
    assert [told.partition(" '")[0] for told in complaints] == [
        "The design was not saved.",
        "The file cannot be opened.",
    ]
    assert all("file name too long" in told for told in complaints)
    assert capfd.readouterr().err == ""


def test_data_with_a_name_too_long_for_the_file_system_are_no_folder(tmp_path):
    assert is_data(tmp_path / f"{TOO_LONG}.csv")
    assert not is_data(tmp_path / TOO_LONG)


def test_notes_with_half_of_a_surrogate_pair_are_saved_and_come_back(window, complaints, tmp_path):
    path = tmp_path / "a.netdesign"
    window.document.edit(window.document.project.replace(notes=HALF), "Write notes")
    window.document.path = path
    press_keys("Ctrl+S")
    assert complaints == [] and not window.isWindowModified()
    assert load_project(path).notes == HALF
    assert path.read_bytes().decode("utf-8").count("\\ud800") == 1


def test_an_open_that_fails_in_an_unforeseen_way_leaves_all_as_it_was(
    window, complaints, tmp_path, monkeypatch
):
    path = tmp_path / "other.netdesign"
    save_project(small_project(seed=3), path)
    before = window.document.project

    def fails(_path):
        raise OverflowError("int too large to convert to float")

    monkeypatch.setattr("studio.shell.files_menu.load", fails)
    assert not window.files.open_path(Path(path))
    assert "The file cannot be opened." in complaints[0]
    assert window.document.project is before and window.document.path is None
