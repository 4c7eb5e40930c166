"""Document: one writer, named undo, merging, safe files."""

from __future__ import annotations

import pytest

from engine import EngineError, FileError
from engine.data import TableSource
from engine.data.tables.options import Column
from engine.errors import DataError
from engine.files import SeenFile, load_project
from engine.project import Project
from engine.project.held_out import Opening
from engine.project.runs import Run
from studio.model import edits
from studio.model.document import Document
from tests.studio.conftest import small_project


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
    document.recover(other, SeenFile.now(tmp_path / "a.netdesign"))
    assert document.project is other and document.name == "a"
    assert document.modified and not document.undo_stack.canUndo()
    document.save(document.path)
    assert not document.modified


def test_slow_ticks_are_steps_of_their_own(document, monkeypatch):
    now = 100.0
    monkeypatch.setattr("studio.model.undo_steps.time.monotonic", lambda: now)
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


def a_run(key="k", **facts) -> Run:
    project = small_project()
    values = {"started": "2026-01-02T03:04:05", "state": "finished", "iteration": 9, "epoch": 3}
    return Run(key, project.design, project.training, project.data, **{**values, **facts})


def keys(document) -> list[str]:
    return [run.key for run in document.project.runs]


def set_units(document, units, merge=""):
    document.try_edit(lambda p: edits.set_field(p, "h1", "units", units), "Units", merge)


def test_runs_are_numbered_as_they_come_and_no_number_comes_twice(document):
    for key in ("a", "b"):
        document.keep_run(a_run(key))
    document.try_edit(lambda p: edits.remove_runs(p, ["b"]), "Delete")
    document.keep_run(a_run("c"))
    document.undo_stack.undo()
    assert [(run.key, run.number) for run in document.project.runs] == [
        ("a", 1), ("b", 2), ("c", 3),
    ]  # fmt: skip


def test_a_run_is_no_undo_step_and_outlives_undo_and_redo_of_edits(document):
    before = document.project
    set_units(document, 5)
    document.keep_run(a_run("a"))
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.project.design == before.design
    assert keys(document) == ["a"]
    document.keep_run(a_run("b"))
    document.undo_stack.redo()
    assert document.project.design.nodes["h1"].units == 5
    assert keys(document) == ["a", "b"]


def test_a_run_between_two_ticks_of_one_field_outlives_their_one_undo(document):
    set_units(document, 5, "h1.units")
    document.keep_run(a_run("a"))
    set_units(document, 6, "h1.units")
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.project.design.nodes["h1"].units == 8
    assert keys(document) == ["a"]


def test_name_pin_and_deletion_of_runs_are_edits_that_undo_takes_back_alone(document):
    document.keep_run(a_run("a"))
    document.try_edit(lambda p: edits.name_run(p, "a", "wide"), "Name")
    document.try_edit(lambda p: edits.pin_runs(p, ["a"], True), "Pin")
    document.keep_run(a_run("a", iteration=77))
    run = document.project.runs[0]
    assert (run.name, run.pinned, run.iteration) == ("wide", True, 77)
    document.undo_stack.undo()
    document.undo_stack.undo()
    run = document.project.runs[0]
    assert (run.name, run.pinned, run.iteration) == ("", False, 77)


def remove(document, key):
    document.try_edit(lambda p: edits.remove_runs(p, [key]), "Delete")


def test_undo_brings_a_deleted_run_back_as_it_is_now_however_often_it_was_deleted(document):
    undo_stack = document.undo_stack
    document.keep_run(a_run("a"))
    document.try_edit(lambda p: edits.name_run(p, "a", "wide"), "Name")
    remove(document, "a")
    document.keep_run(a_run("a", iteration=77))
    remove(document, "a")
    undo_stack.setIndex(0)
    undo_stack.setIndex(undo_stack.count())
    assert keys(document) == []
    undo_stack.undo()
    undo_stack.undo()
    (run,) = document.project.runs
    assert (run.name, run.iteration) == ("wide", 77)
    undo_stack.redo()
    undo_stack.undo()
    assert document.project.runs[0].iteration == 77


def test_undoing_a_deletion_leaves_a_run_that_went_on_and_names_it_again(document):
    document.keep_run(a_run("a"))
    document.try_edit(lambda p: edits.name_run(p, "a", "wide"), "Name")
    remove(document, "a")
    document.keep_run(a_run("a", iteration=77))
    document.undo_stack.undo()
    (run,) = document.project.runs
    assert (run.name, run.iteration) == ("wide", 77)


def test_a_name_of_two_lines_is_refused_with_a_sentence(document):
    document.keep_run(a_run("a"))
    refusal = document.try_edit(lambda p: edits.name_run(p, "a", "two\nlines"), "Name")
    assert refusal.endswith("characters.")
    assert document.project.runs[0].name == ""


def test_restoring_the_design_of_a_run_is_one_edit_that_keeps_the_rest(document):
    document.keep_run(a_run("a"))
    set_units(document, 5)
    document.try_edit(lambda p: edits.set_training(p, "l2", 0.5), "L2")
    document.try_edit(lambda p: p.replace(notes="mine"), "Notes")
    count = document.undo_stack.count()
    document.try_edit(lambda p: edits.restore_run(p, "a"), "Restore")
    assert document.undo_stack.count() == count + 1
    assert document.project.design == a_run().design
    assert document.project.training == a_run().training
    assert document.project.notes == "mine"
    document.undo_stack.undo()
    assert document.project.training.l2 == 0.5
    assert keys(document) == ["a"]


def test_a_new_run_of_a_saved_file_is_an_unsaved_change_and_comes_back_with_it(document, tmp_path):
    path = tmp_path / "a.netdesign"
    document.save(path)
    told = []
    document.file_changed.connect(lambda: told.append(document.modified))
    document.keep_run(a_run("a"))
    assert document.modified and told == [True]
    document.save(path)
    assert not document.modified
    document.try_edit(lambda p: edits.pin_runs(p, ["a"], True), "Pin")
    assert document.modified
    document.undo_stack.undo()
    assert not document.modified
    other = Document()
    other.open(path)
    assert other.project.runs == document.project.runs
    assert not other.modified


def test_the_run_of_an_untouched_example_is_no_unsaved_change_until_something_is_edited(document):
    document.keep_run(a_run("a"))
    assert not document.modified
    set_units(document, 5)
    document.undo_stack.undo()
    assert document.modified


def test_another_project_has_only_its_own_runs(document):
    document.keep_run(a_run("a"))
    document.reset(small_project())
    assert keys(document) == []
    document.keep_run(a_run("b"))
    assert document.project.runs[0].number == 1


def opening(at="2026-11-21T14:05:00"):
    return Opening(at, 24, 0.125, 0.4)


def test_an_opening_of_the_test_set_is_no_undo_step_and_outlives_undo_and_redo(document):
    document.edit(edits.set_training(document.project, "epochs", 3), "Change epochs")
    document.keep_opening(opening())
    document.edit(edits.set_training(document.project, "epochs", 4), "Change epochs")
    steps = document.undo_stack.count()
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
        assert document.project.openings == (opening(),)
    while document.undo_stack.canRedo():
        document.undo_stack.redo()
        assert document.project.openings == (opening(),)
    assert document.undo_stack.count() == steps
    assert document.project.training.epochs == 4


def test_an_opening_is_an_unsaved_change_and_comes_back_with_the_file(document, tmp_path):
    assert not document.modified
    document.keep_opening(opening())
    assert document.modified
    document.save(tmp_path / "opened.netdesign")
    assert not document.modified
    document.reset(Project())
    document.open(tmp_path / "opened.netdesign")
    assert document.project.openings == (opening(),)


def unsound(project) -> Project:
    """A project whose data cannot be examined: no column is a feature."""
    source = TableSource(file="a.csv", columns=(Column(name="a"),), rows=2, sizes=(1, 1))
    return project.replace(data=project.data.replace(source=source), notes="other")


@pytest.mark.parametrize("way", ["reset", "recover", "edit"])
def test_a_project_that_cannot_be_examined_leaves_all_as_it_was(document, tmp_path, way):
    set_units(document, 5)
    before, report, path = document.project, document.report, tmp_path / "a.netdesign"
    ways = {
        "reset": lambda: document.reset(unsound(before), SeenFile.now(path)),
        "recover": lambda: document.recover(unsound(before), SeenFile.now(path)),
        "edit": lambda: document.edit(unsound(before), "Restore"),
    }
    with pytest.raises(DataError):
        ways[way]()
    assert document.project is before and document.report is report and document.path is None
    assert document.undo_stack.count() == 1
    document.save(path)
    assert load_project(path) == before


def test_an_edit_that_cannot_be_examined_is_refused_with_its_sentence(document):
    before = document.project
    assert "No column is" in document.try_edit(unsound, "Restore")
    assert document.project is before and document.undo_stack.count() == 0
