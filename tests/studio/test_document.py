"""Document: one writer, named undo, merging, safe files."""

from __future__ import annotations

import pytest

from engine import EngineError, FileError
from engine.files import load_project
from engine.project import Project
from studio import edits
from studio.document import Document


def test_an_edit_is_one_named_undo_step_that_restores_the_very_project(document):
    before = document.project
    assert document.try_edit(lambda p: edits.set_field(p, "h1", "units", 5), "Change units") == ""
    assert document.undo_stack.undoText() == "Change units"
    assert document.project.design.nodes["h1"].units == 5
    document.undo_stack.undo()
    assert document.project is before
    document.undo_stack.redo()
    assert document.project.design.nodes["h1"].units == 5


def test_a_refused_edit_says_why_and_leaves_no_undo_step(document):
    before = document.project
    reason = document.try_edit(lambda p: edits.set_field(p, "h1", "units", 0), "Change units")
    assert "units must be a whole number between 1 and 65536; got 0." in reason
    assert document.project is before
    assert document.undo_stack.count() == 0


def test_an_edit_without_effect_makes_no_undo_step(document):
    document.try_edit(lambda p: edits.set_field(p, "h1", "units", 8), "Change units")
    assert document.undo_stack.count() == 0


def test_ticks_of_one_field_merge_and_those_of_two_fields_do_not(document):
    before = document.project
    for units in (9, 10, 11):
        document.try_edit(lambda p, n=units: edits.set_field(p, "h1", "units", n), "U", "h1.units")
    document.try_edit(lambda p: edits.set_field(p, "h1", "l2", 0.1), "L", "h1.l2")
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    assert document.project.design.nodes["h1"].units == 11
    document.undo_stack.undo()
    assert document.project is before


def test_ticks_that_come_back_to_the_start_leave_nothing_to_undo(document):
    for units in (9, 8):
        document.try_edit(lambda p, n=units: edits.set_field(p, "h1", "units", n), "U", "h1.units")
    assert document.undo_stack.count() == 0
    assert not document.modified


def test_every_tick_is_shown_even_the_one_that_comes_back_to_the_start(document):
    shown = []
    document.changed.connect(lambda _, after: shown.append(after.design.nodes["h1"].units))
    for units in (9, 10, 8):
        document.try_edit(lambda p, n=units: edits.set_field(p, "h1", "units", n), "U", "h1.units")
    assert shown == [9, 10, 8]
    assert document.shown.nodes["h1"].units == 8


def test_a_jump_over_many_steps_is_shown_once(document):
    first, shown = document.project, []
    for units in range(20, 40):
        document.try_edit(lambda p, n=units: edits.set_field(p, "h1", "units", n), "U")
    last = document.project
    document.changed.connect(lambda before, after: shown.append((before, after)))
    document.undo_stack.setIndex(0)
    assert document.project is first
    assert document.shown.nodes["h1"].units == 8
    document.undo_stack.setIndex(20)
    assert shown == [(last, first), (first, last)]


def test_a_recovered_project_is_an_unsaved_change_without_undo(document, tmp_path):
    other = edits.set_field(document.project, "h1", "units", 5)
    document.recover(other, tmp_path / "a.netdesign")
    assert document.project is other and document.name == "a"
    assert document.modified and not document.undo_stack.canUndo()
    document.save(document.path)
    assert not document.modified


def test_slow_ticks_are_steps_of_their_own(document, monkeypatch):
    now = 100.0
    monkeypatch.setattr("studio.document.time.monotonic", lambda: now)
    document.try_edit(lambda p: edits.set_field(p, "h1", "units", 9), "U", "h1.units")
    now += 10.0
    document.try_edit(lambda p: edits.set_field(p, "h1", "units", 10), "U", "h1.units")
    assert document.undo_stack.count() == 2


def test_changed_tells_before_and_after_for_edit_and_undo(document, qtbot):
    first = document.project
    with qtbot.waitSignal(document.changed) as edit:
        document.try_edit(lambda p: edits.rename(p, "h1", "hidden"), "Rename")
    assert edit.args == [first, document.project]
    second = document.project
    with qtbot.waitSignal(document.changed) as undo:
        document.undo_stack.undo()
    assert undo.args == [second, first]


def test_the_report_follows_every_edit(document):
    assert document.report.ok
    document.try_edit(lambda p: edits.remove(p, ["h1"]), "Delete")
    assert not document.report.ok
    document.undo_stack.undo()
    assert document.report.ok


def test_a_mere_move_needs_no_check(document):
    report = document.report
    document.try_edit(lambda p: edits.move(p, {"h1": (8.0, 8.0)}), "Move")
    assert document.report is report
    document.try_edit(lambda p: edits.set_field(p, "h1", "units", 3), "Units")
    assert document.report is not report


def test_blanks_are_shown_as_the_data_fill_them(document):
    assert document.project.design.nodes["x"].shape is None
    assert document.shown.nodes["x"].shape == (2,)


def test_saving_clears_the_star_and_undo_brings_it_back(document, tmp_path):
    document.try_edit(lambda p: edits.set_field(p, "h1", "units", 5), "U")
    assert document.modified
    document.save(tmp_path / "a.netdesign")
    assert not document.modified
    assert document.name == "a"
    document.undo_stack.undo()
    assert document.modified


def test_save_and_open_give_the_same_project(document, tmp_path, qtbot):
    document.try_edit(lambda p: edits.move(p, {"h1": (16.0, -8.0)}), "Move")
    path = tmp_path / "a.netdesign"
    document.save(path)
    other = Document(Project())
    with qtbot.waitSignal(other.opened):
        other.open(path)
    assert other.project == document.project
    assert not other.modified


def test_a_damaged_file_leaves_the_open_project_as_it_was(document, tmp_path):
    path = tmp_path / "bad.netdesign"
    path.write_text('{"format": "backprop-studio", "version": 1, "design"')
    before = document.project
    with pytest.raises(FileError, match="damaged at line 1"):
        document.open(path)
    assert document.project is before


def test_a_save_that_fails_leaves_the_old_file_and_the_star(document, tmp_path, monkeypatch):
    path = tmp_path / "a.netdesign"
    document.save(path)
    saved = document.project
    document.try_edit(lambda p: edits.set_field(p, "h1", "units", 5), "U")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.files.disk.os.fsync", full)
    with pytest.raises(EngineError, match="no space left on device"):
        document.save(path)
    assert document.modified
    assert load_project(path) == saved
    assert [p.name for p in tmp_path.iterdir()] == ["a.netdesign"]
