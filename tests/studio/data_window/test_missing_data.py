"""Data beside the project that are gone or changed: a question, and nothing is lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.data.tables import open_table, preview
from engine.files import save_project
from studio.data_window.import_dialog import with_source
from tests.studio.conftest import small_project
from tests.studio.hands import answer_file_dialog

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def saved(tmp_path, flowers, monkeypatch):
    """A saved project whose table lies beside it, as tables above 5 MB do."""
    monkeypatch.setattr("engine.data.sources.embedding.MAX_TEXT", 10)
    found = preview(flowers)
    source = open_table(flowers, found.options, found.columns).source
    assert source.path
    path = tmp_path / "project.netdesign"
    save_project(with_source(small_project(), source), path)
    return path


def asked(window, path, qtbot):
    """Open the project, and wait for the question."""
    window.files.open_path(path)
    qtbot.waitUntil(lambda: window.data_views.missing.box is not None)
    return window.data_views.missing.box


def press(box, words):
    button = next(b for b in box.buttons() if b.text().replace("&", "") == words)
    QTest.mouseClick(button, LEFT)


def test_data_that_are_as_they_were_are_not_asked_about(window, saved, qtbot):
    window.files.open_path(saved)
    qtbot.waitUntil(lambda: not window.data_views.missing.busy)
    assert window.data_views.missing.box is None


def test_a_file_that_is_gone_can_be_located(window, saved, flowers, qtbot):
    place = flowers.parent / "elsewhere.csv"
    flowers.rename(place)
    box = asked(window, saved, qtbot)
    assert "gone" in box.text()
    before = window.document.project
    answer_file_dialog(place)
    press(box, "Locate…")
    qtbot.waitUntil(lambda: window.document.project.data.source.path == str(place))
    assert window.document.project.design == before.design
    assert window.document.undo_stack.undoText() == "Locate the data"
    assert window.document.project.data.build().train.m == 42


def test_a_changed_file_can_be_used_as_it_is_now(window, saved, flowers, qtbot):
    flowers.write_text(flowers.read_text() + "1.0,1.0,red,b\n")
    box = asked(window, saved, qtbot)
    assert "changed" in box.text()
    press(box, "Use Current Data")
    qtbot.waitUntil(lambda: window.document.project.data.source.rows == 61)
    assert window.document.undo_stack.count() == 1


def test_cancel_leaves_the_project_whole(window, saved, flowers, qtbot):
    flowers.unlink()
    box = asked(window, saved, qtbot)
    before = window.document.project
    press(box, "Cancel")
    assert window.document.project is before
    assert before.data.source.file == "flowers.csv"
    assert not window.document.modified
