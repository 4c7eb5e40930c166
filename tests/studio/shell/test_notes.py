"""What a file says about itself is seen when it is opened, and looks like no warning."""

from __future__ import annotations

from engine import resources
from engine.files import load_project
from tests.studio.conftest import small_project

EXAMPLE = "2 Logistic regression on two blobs.netdesign"


def test_the_notes_of_a_file_are_shown_when_it_is_opened(window):
    path = resources.path("examples", EXAMPLE)
    assert window.files.open_path(path)
    assert window.message_bar.text == load_project(path).notes
    assert window.message_bar.sign == "note"


def test_a_window_that_begins_with_a_file_shows_its_notes(qtbot, open_window):
    window = open_window(small_project().replace(notes="Watch the border bend."))
    qtbot.waitUntil(lambda: window.message_bar.text == "Watch the border bend.")


def test_the_next_file_brings_its_own_notes_or_none(window):
    window.message_bar.tell("The disk is full.")
    assert window.message_bar.sign == "problem"
    window.document.reset(small_project().replace(notes="About circles."))
    assert window.message_bar.text == "About circles."
    window.document.reset(small_project())
    assert window.message_bar.text == ""
