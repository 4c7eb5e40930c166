"""Undo holds a bounded number of bytes: the oldest steps go, all others stay exact."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from PySide6.QtWidgets import QUndoView

from engine.data import PaintedSource
from studio.model import edits
from studio.model.undo_steps import UndoStep, added_bytes

NOTES = 10_000
STROKES = 200
LONG = 100_000  # characters
MB = 1_000_000


@pytest.fixture
def small_budget(monkeypatch):
    """Fifty thousand bytes."""
    monkeypatch.setattr("studio.model.undo_steps.MOST_BYTES", 50_000)


def note(document, number):
    """An edit that shares nothing of its ten thousand characters with the one before."""
    text = f"{number:06d}" * (NOTES // 6)
    document.edit(document.project.replace(notes=text), f"Note {number}")


def states(document):
    """All states that undo can reach, from the newest to the oldest."""
    stack = document.undo_stack
    found = [document.project.notes[:6]]
    for _ in range(stack.count()):
        stack.undo()
        found.append(document.project.notes[:6])
    stack.setIndex(stack.count())
    return found


@pytest.mark.usefixtures("small_budget")
def test_the_oldest_steps_go_and_all_others_can_be_undone_and_redone(document):
    for number in range(30):
        note(document, number)
    count = document.undo_stack.count()
    assert 2 <= count <= 5
    assert states(document) == [f"{n:06d}" for n in range(29, 28 - count, -1)]
    assert document.project.notes.startswith("000029")
    assert document.undo_stack.undoText() == "Note 29"


@pytest.mark.usefixtures("small_budget")
def test_the_newest_step_stays_however_large_it_is(document):
    before = document.project
    document.edit(before.replace(notes="x" * LONG), "Paste")
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.project == before


@pytest.mark.usefixtures("small_budget")
def test_what_was_saved_is_known_while_its_step_is_held_and_never_mistaken(document, tmp_path):
    note(document, 0)
    document.save(tmp_path / "a.netdesign")
    told = []
    document.undo_stack.cleanChanged.connect(told.append)
    note(document, 1)
    document.undo_stack.undo()
    assert not document.modified
    for number in range(2, 30):
        note(document, number)
        assert document.modified
    assert told == [False, True, False]  # it never seemed to be saved in between
    document.undo_stack.setIndex(0)
    assert document.modified  # the saved state is beyond reach


@pytest.mark.usefixtures("small_budget")
def test_a_saved_state_that_is_still_held_is_found_again(document, tmp_path):
    for number in range(30):
        note(document, number)
        if number == 28:
            document.save(tmp_path / "a.netdesign")
    note(document, 30)
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert not document.modified


@pytest.mark.usefixtures("small_budget")
def test_a_list_of_steps_shows_those_that_are_left(qtbot, document):
    view = QUndoView(document.undo_stack)
    qtbot.addWidget(view)
    for number in range(30):
        note(document, number)
    assert view.model().rowCount() == document.undo_stack.count() + 1


def test_a_step_counts_what_its_projects_do_not_share(document):
    before = document.project
    moved = edits.move(before, {"h1": (1.0, 2.0)})
    noted = before.replace(notes="x" * LONG)
    assert added_bytes(before, before) == 0
    assert added_bytes(before, moved) < 5_000
    assert LONG <= added_bytes(before, noted) < LONG + 5_000
    step = UndoStep(noted, before, "Delete", "", lambda *_: None)
    assert step.bytes >= LONG  # what only undo holds counts as well


def test_strokes_of_painted_points_share_the_points_before_them(document):
    rng = np.random.default_rng(0)
    source = PaintedSource()
    tracemalloc.start()
    try:
        for number in range(STROKES):
            source = source.sprayed(number / 100, 0.0, number % 3, 0.5, 10, rng)
            plan = document.project.data.replace(source=source)
            document.edit(edits.set_data(document.project, plan), f"Paint {number}")
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    strokes = [step.bytes for step in map(document.undo_stack.command, range(STROKES))]
    assert held < 4 * MB  # a copy of the points for each stroke took 24 MB
    assert held / 3 < sum(strokes) < 3 * held
    assert source.replace().points[0] is source.points[0]
