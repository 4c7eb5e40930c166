"""Notes on the canvas: written, moved, widened, copied, deleted, saved and undone."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from engine.errors import DesignError, FileError
from engine.files.netdesign import dumps, loads
from engine.project import Note, Project
from engine.project.project import MAX_COORDINATE
from studio.canvas import CanvasView, ink
from studio.canvas.note_editor import NoteEditor
from studio.model import edits
from studio.model.document import Document

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NOTE = Note("Two hidden layers", 256, 400, 240)


@pytest.fixture
def noted(document, view):
    document.edit(edits.add_remark(document.project, NOTE), "Add Note")
    document.undo_stack.clear()
    view.fit()
    return document


def middle(view, hand, index=0):
    return hand.pixel(view.canvas.notes[index].box().center())


def write(view, words):
    QTest.keyClicks(view.notes.editor, words)


def test_n_writes_a_note_and_escape_ends(view, document, hand):
    hand.key(Key.Key_N)
    assert view.notes.editor.hasFocus() and not document.modified
    write(view, "Why two?")
    QTest.keyClick(view.notes.editor, Key.Key_Escape)
    assert [note.text for note in document.project.remarks] == ["Why two?"]
    assert view.notes.editor is None and view.hasFocus()
    assert view.canvas.selection.notes == (0,)
    assert document.undo_stack.undoText() == "Add Note"
    document.undo_stack.undo()
    assert document.project.remarks == () and view.canvas.notes == []


def test_a_note_without_words_never_was(view, document, hand):
    hand.key(Key.Key_N)
    write(view, "  ")
    QTest.keyClick(view.notes.editor, Key.Key_Escape)
    assert document.project.remarks == () and document.undo_stack.count() == 0


def test_double_click_edits_and_a_click_elsewhere_ends(view, noted, hand):
    hand.double_click(middle(view, hand))
    assert view.notes.editor.toPlainText() == NOTE.text
    assert not view.canvas.notes[0].isVisible()
    write(view, "Three f layers")
    hand.click(hand.nowhere())
    assert noted.project.remarks[0].text == "Three f layers"
    assert view.notes.editor is None and view.canvas.notes[0].isVisible()
    assert noted.undo_stack.undoText() == "Edit Note"
    assert noted.project.remarks[0].x == NOTE.x


def test_a_note_that_loses_all_words_is_deleted(view, noted, hand):
    hand.double_click(middle(view, hand))
    QTest.keyClick(view.notes.editor, Key.Key_Delete)
    QTest.keyClick(view.notes.editor, Key.Key_Return, CONTROL)
    assert noted.project.remarks == () and noted.undo_stack.undoText() == "Delete Note"


def test_typing_is_no_command_of_the_canvas(view, noted, hand):
    before = noted.project
    view.select(["h1"])
    hand.key(Key.Key_N)
    write(view, "fcn")
    QTest.keyClick(view.notes.editor, Key.Key_Backspace)
    QTest.keyClick(view.notes.editor, Key.Key_A, CONTROL)
    assert noted.project is before and view.gesture is None
    QTest.keyClick(view.notes.editor, Key.Key_Escape)
    assert noted.project.remarks[-1].text == "fc"


def test_undo_of_the_note_that_is_written_ends_the_writing(view, noted, hand):
    changed = edits.change_remarks(noted.project, {0: {"text": "other"}})
    noted.edit(changed, "Edit Note")
    view.edit_note(0)
    noted.undo_stack.undo()
    assert view.notes.editor is None and view.canvas.notes[0].isVisible()
    assert noted.project.remarks == (NOTE,)


def test_writing_goes_on_while_something_else_changes(view, noted, hand):
    view.edit_note(0)
    noted.edit(edits.move(noted.project, {"h1": (256, 8)}), "Move h1")
    write(view, "new")
    QTest.keyClick(view.notes.editor, Key.Key_Escape)
    assert noted.project.remarks[0].text == "new"


def test_the_text_field_follows_the_zoom(view, noted):
    view.edit_note(0)
    view.zoom_in()
    assert view.notes.editor.pos() == view.mapFromScene(QPointF(NOTE.x, NOTE.y))


def test_writing_leaves_the_size_of_other_words_alone(view, noted):
    before = ink.metrics(ink.NOTE_PX).height(), ink.font(ink.NOTE_PX).pixelSize()
    view.zoom_in()
    view.edit_note(0)
    assert view.notes.editor.font().pixelSize() > ink.NOTE_PX
    assert (ink.metrics(ink.NOTE_PX).height(), ink.font(ink.NOTE_PX).pixelSize()) == before


def test_a_click_selects_and_a_drag_moves_in_one_step(view, noted, hand):
    start = middle(view, hand)
    hand.click(start)
    assert view.canvas.selection.notes == (0,) and view.selected_nodes() == []
    hand.drag(start, start + QPoint(80, 40))
    moved = noted.project.remarks[0]
    assert (moved.x, moved.y) != (NOTE.x, NOTE.y) and moved.x % 8 == moved.y % 8 == 0
    assert noted.undo_stack.count() == 1 and noted.undo_stack.undoText() == "Move the note"
    noted.undo_stack.undo()
    assert view.canvas.notes[0].pos() == QPointF(NOTE.x, NOTE.y)


def test_nodes_and_notes_move_together(view, noted, hand):
    view.select_all()
    hand.drag(hand.node("h1"), hand.node("h1") + QPoint(0, 64))
    dy = noted.project.positions["h1"][1]
    assert dy > 0 and noted.project.remarks[0].y == NOTE.y + dy
    assert noted.undo_stack.undoText() == "Move 6 layers and the note"


def test_a_cancelled_drag_leaves_the_note_where_it_was(view, noted, hand):
    start = middle(view, hand)
    hand.press(start)
    hand.move(start + QPoint(60, 60))
    hand.key(Key.Key_Escape)
    assert view.canvas.notes[0].pos() == QPointF(NOTE.x, NOTE.y) and not noted.modified


def test_the_right_side_can_be_dragged(view, noted, hand):
    box = view.canvas.notes[0].box()
    side = hand.pixel(QPointF(box.right(), box.center().y()))
    hand.drag(side, side + QPoint(96, 0))
    assert noted.project.remarks[0].width > NOTE.width
    assert (noted.project.remarks[0].x, noted.undo_stack.undoText()) == (NOTE.x, "Widen Note")
    side = hand.pixel(view.canvas.notes[0].box().topRight() + QPointF(0, 30))
    hand.drag(side, hand.pixel(QPointF(NOTE.x, NOTE.y)))
    assert noted.project.remarks[0].width == 64


def test_a_narrow_note_is_higher(view, noted):
    before = view.canvas.notes[0].body.height()
    view.notes.widen(0, 64)
    assert view.canvas.notes[0].body.height() > before


def test_the_rubber_band_takes_notes_and_delete_deletes_them(view, noted, hand):
    box = view.canvas.notes[0].box().adjusted(-40, -40, 40, 40)
    hand.drag(hand.pixel(box.bottomLeft()), hand.pixel(box.topRight()))
    assert view.canvas.selection.notes == (0,)
    hand.key(Key.Key_Delete)
    assert noted.project.remarks == () and noted.undo_stack.undoText() == "Delete the note"
    noted.undo_stack.undo()
    assert noted.project.remarks == (NOTE,)


def test_copy_paste_and_duplicate(view, noted, hand, make_view):
    view.canvas.selection.set(["h1"], notes=[0])
    hand.key(Key.Key_C, CONTROL)
    hand.key(Key.Key_V, CONTROL)
    assert len(noted.project.remarks) == 2 and "h1 2" in noted.project.design.nodes
    copy = noted.project.remarks[1]
    assert copy.text == NOTE.text and (copy.x, copy.y) != (NOTE.x, NOTE.y)
    assert view.canvas.selection.notes == (1,) and view.selected_nodes() == ["h1 2"]
    hand.key(Key.Key_D, CONTROL)
    assert noted.undo_stack.undoText() == "Duplicate h1 2 and the note"
    other = make_view(Document(Project()))
    other.paste()
    assert other.document.project.remarks[0].text == NOTE.text
    QGuiApplication.clipboard().clear()


def test_keyboard_walks_to_notes_nudges_and_edits_them(view, noted, hand):
    for _ in range(len(noted.project.design.nodes) + 1):
        hand.key(Key.Key_Tab)
    assert view.canvas.selection.notes == (0,) and view.selected_nodes() == []
    assert NOTE.text in view.accessibleDescription()
    hand.key(Key.Key_Right)
    hand.key(Key.Key_Down, SHIFT)
    assert (noted.project.remarks[0].x, noted.project.remarks[0].y) == (NOTE.x + 8, NOTE.y + 1)
    hand.key(Key.Key_Return)
    assert view.notes.editor.hasFocus()


def test_screen_readers_read_notes(view, noted):
    spoken = QAccessible.queryAccessibleInterface(view)
    note = spoken.child(spoken.childCount() - 1)
    assert note.text(QAccessible.Text.Name) == "Note 1"
    assert note.text(QAccessible.Text.Description) == NOTE.text


def test_the_menu_offers_notes(view, noted, hand):
    at = view.canvas.notes[0].box().center()
    menus = _menu_texts(view, at)
    assert "Add Note" in menus and "Edit Note" in menus and "Delete" in menus


def _menu_texts(view, at):
    from PySide6.QtGui import QContextMenuEvent

    pixel = view.mapFromScene(at)
    where = pixel, view.viewport().mapToGlobal(pixel)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, *where)
    QApplication.sendEvent(view.viewport(), event)
    menu = next(menu for menu in view.findChildren(QMenu) if menu.isVisible())
    texts = [action.text().split("\t")[0] for action in menu.actions()]
    menu.close()
    return texts


def test_fit_shows_notes_far_away(view, noted, hand):
    view.commands.move({}, {0: (3000, 1200)})
    view.fit()
    assert view.seen().contains(view.canvas.notes[0].box())


def test_closing_the_canvas_while_writing_is_harmless(document, qtbot):
    view = CanvasView(document)
    qtbot.addWidget(view)
    view.show()
    view.add_note(QPointF(0, 0))
    assert view.findChildren(NoteEditor)
    view.close()


numbers = st.floats(-MAX_COORDINATE, MAX_COORDINATE)
notes = st.builds(
    Note,
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip),
    numbers,
    numbers,
    st.floats(64, 2048),
)


@given(st.lists(notes, max_size=4))
def test_saving_and_loading_is_the_identity(remarks):
    project = Project(remarks=tuple(remarks))
    assert loads(dumps(project)) == project


def test_a_file_without_notes_opens_and_says_nothing_of_them():
    text = dumps(Project())
    assert "notes" not in json.loads(text)["view"] and loads(text).remarks == ()


@pytest.mark.parametrize(
    "note",
    [
        {"text": "", "x": 0, "y": 0},
        {"text": 3, "x": 0, "y": 0},
        {"text": "a", "x": 1e9, "y": 0},
        {"text": "a", "x": "left", "y": 0},
        {"text": "a", "x": 0, "y": 0, "width": 1},
        {"text": "a", "x": 0},
        {"text": "a", "x": 0, "y": 0, "color": "red"},
        "words",
    ],
)
def test_damaged_notes_are_refused_with_a_sentence(note):
    values = json.loads(dumps(Project()))
    values["view"]["notes"] = [note]
    with pytest.raises(FileError):
        loads(json.dumps(values))


def test_a_note_must_have_words():
    with pytest.raises(DesignError, match="must have a text"):
        Note(" ", 0, 0)
