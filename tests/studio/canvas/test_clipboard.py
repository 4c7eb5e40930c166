"""Copy, cut, paste, duplicate; aligning and distributing; the menu of the right button."""

import json
import subprocess
import sys

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu

import engine
from engine import Wire
from engine.errors import FileError
from engine.limits import MAX_CLIPBOARD_CHARACTERS, MAX_NODES
from engine.project import Project
from studio.canvas.alignment import Alignment, DistributionAxis, aligned, distributed
from studio.canvas.clipboard import put_in
from studio.model import edits
from studio.model.document import Document
from studio.model.fragments import FORMAT, Fragment, from_text

CONTROL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


@pytest.fixture(autouse=True)
def empty_clipboard(qapp):
    QGuiApplication.clipboard().clear()
    yield
    QGuiApplication.clipboard().clear()


def put_text(text):
    QGuiApplication.clipboard().setText(text)


def test_copy_and_paste_bring_nodes_with_their_wires(view, document, hand):
    view.select(["h1", "h2"])
    hand.key(Key.Key_C, CONTROL)
    hand.key(Key.Key_V, CONTROL)
    assert view.selected_nodes() == ["h1 2", "h2 2"]
    assert Wire("h1 2", "h2 2") in document.project.design.wires
    assert document.project.design.inputs_of("h1 2") == []
    assert document.project.design.nodes["h2 2"] == document.project.design.nodes["h2"]
    assert document.undo_stack.count() == 1 and document.undo_stack.undoText() == "Paste"


def test_copies_share_parameters_as_their_originals_do(view, document, hand):
    document.try_edit(lambda project: edits.set_field(project, "h2", "shares", "h1"), "Share")
    view.select(["h1", "h2"])
    hand.key(Key.Key_C, CONTROL)
    hand.key(Key.Key_V, CONTROL)
    view.select(["h2"])
    hand.key(Key.Key_C, CONTROL)
    hand.key(Key.Key_V, CONTROL)
    nodes = document.project.design.nodes
    assert nodes["h2"].shares == "h1" and nodes["h1"].shares is None
    assert nodes["h2 2"].shares == "h1 2"  # copied with its owner
    assert nodes["h2 3"].shares == "h1"  # copied alone


def test_what_is_shared_with_nobody_here_is_not_shared(document):
    lonely = engine.Design({"b": engine.Dense(shares="a")})
    after, (name,) = put_in(document.project, Fragment(lonely, {"b": (0.0, 0.0)}), (0.0, 0.0))
    assert after.design.nodes[name].shares is None


def test_deleting_an_owner_and_undoing_it_keeps_what_is_shared(view, document, hand):
    document.try_edit(lambda project: edits.set_field(project, "h2", "shares", "h1"), "Share")
    view.select(["h1"])
    hand.key(Key.Key_Delete)
    assert document.project.design.nodes["h2"].shares is None
    document.undo_stack.undo()
    assert document.project.design.nodes["h2"].shares == "h1"


def test_pasting_again_covers_nobody(view, document, hand):
    view.select(["h1"])
    hand.key(Key.Key_C, CONTROL)
    for _ in range(3):
        hand.key(Key.Key_V, CONTROL)
    places = list(document.project.positions.values())
    assert len(set(places)) == len(places) == 9
    assert {"h1 2", "h1 3", "h1 4"} <= set(document.project.design.nodes)


def test_cut_and_paste(view, document, hand):
    view.select(["free"])
    hand.key(Key.Key_X, CONTROL)
    assert "free" not in document.project.design.nodes
    hand.key(Key.Key_V, CONTROL)
    assert document.project.design.nodes["free"] == engine.Dense(units=3)


def test_nodes_travel_to_another_window(view, make_view, hand):
    view.select(["h1", "h2"])
    view.copy()
    other = make_view(Document(Project()))
    other.paste()
    assert set(other.document.project.design.nodes) == {"h1", "h2"}
    assert other.document.project.design.wires == (Wire("h1", "h2"),)
    assert other.seen().contains(other.canvas.nodes_box())


def test_the_clipboard_holds_readable_json(view):
    view.select(["h1"])
    view.copy()
    values = json.loads(QGuiApplication.clipboard().text())
    assert values["format"] == FORMAT and values["nodes"]["h1"]["units"] == 8


def test_copying_nothing_leaves_the_clipboard_alone(view):
    put_text("dear diary")
    view.select([])
    view.copy()
    assert QGuiApplication.clipboard().text() == "dear diary"


GOOD = {"format": FORMAT, "version": 1, "nodes": {"a": {"kind": "dense"}}}
PLACELESS = GOOD | {"wires": [], "positions": {}}
GARBAGE = [
    "",
    "dear diary",
    "[1, 2, 3]",
    "{",
    "[" * 100_000,
    '{"format": "something else"}',
    json.dumps(GOOD | {"version": 3, "wires": [], "positions": {}}),
    json.dumps(GOOD),
    json.dumps(GOOD | {"wires": [["a", "b", 0]], "positions": {}}),
    json.dumps(GOOD | {"wires": [["a"]], "positions": {}}),
    json.dumps(GOOD | {"wires": [], "positions": {"a": ["x", 0]}}),
    json.dumps(GOOD | {"wires": [], "positions": {"a": [1e300, 0]}}),
    json.dumps(GOOD | {"wires": [], "positions": {}, "nodes": {"a": {"kind": "no such"}}}),
    json.dumps(
        GOOD | {"wires": [], "positions": {}, "nodes": {"a": {"kind": "dense", "units": 0}}}
    ),
    json.dumps(GOOD | {"wires": [], "positions": {}, "nodes": {}}),
    json.dumps(GOOD | {"wires": [], "positions": {}, "nodes": 3}),
    json.dumps(GOOD | {"wires": [], "positions": {"a": [10**400, 0]}}),
    json.dumps(GOOD | {"wires": [], "positions": {"a": [10**30, 0]}}),
    json.dumps(GOOD | {"wires": [], "positions": {"a": [7e7, 0]}}).replace("7e7", "1e999"),
    json.dumps(GOOD | {"wires": [], "positions": {}, "notes": [{"text": "a", "x": None, "y": 0}]}),
    json.dumps(GOOD | {"version": 1, "wires": 3, "positions": {}}),
]


@pytest.mark.parametrize("text", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_on_the_clipboard_is_refused_with_a_sentence(view, document, hand, text):
    before = document.project
    put_text(text)
    hand.key(Key.Key_V, CONTROL)
    assert document.project is before
    assert "clipboard" in view.pointer_hint.text() and view.pointer_hint.isVisible()


def test_a_clipboard_that_was_never_filled_is_refused():
    with pytest.raises(FileError, match="any layers"):
        from_text(QGuiApplication.clipboard().text())


COPY_AND_QUIT = """
from studio.shell.stage import open_stage
with open_stage() as stage:
    stage.do("select_all")
    stage.do("copy")
"""


def test_a_program_that_ends_with_layers_on_the_clipboard_ends_well():
    subprocess.run([sys.executable, "-c", COPY_AND_QUIT], check=True)


def test_duplicate_leaves_the_clipboard_alone(view, document, hand):
    put_text("dear diary")
    view.select(["h1", "h2"])
    hand.key(Key.Key_D, CONTROL)
    assert Wire("h1 2", "h2 2") in document.project.design.wires
    assert document.undo_stack.undoText() == "Duplicate 2 layers"
    assert QGuiApplication.clipboard().text() == "dear diary"


def test_align_and_distribute_are_one_undo_step_each(view, document):
    view.select(["x", "h1", "free"])
    view.align(Alignment.TOP)
    assert {document.project.positions[name][1] for name in ("x", "h1", "free")} == {0.0}
    view.distribute(DistributionAxis.ACROSS)
    assert document.undo_stack.count() <= 2
    document.undo_stack.undo()
    view.select([])
    view.align(Alignment.TOP)
    view.distribute(DistributionAxis.DOWN)


BOXES = {"a": (0, 0, 10, 10), "b": (30, 40, 50, 60), "c": (90, 5, 100, 25)}


@pytest.mark.parametrize(
    ("line", "places"),
    [
        (Alignment.LEFT, {"a": (0, 0), "b": (0, 40), "c": (0, 5)}),
        (Alignment.RIGHT, {"a": (90, 0), "b": (80, 40), "c": (90, 5)}),
        (Alignment.CENTER, {"a": (45, 0), "b": (40, 40), "c": (45, 5)}),
        (Alignment.TOP, {"a": (0, 0), "b": (30, 0), "c": (90, 0)}),
        (Alignment.BOTTOM, {"a": (0, 50), "b": (30, 40), "c": (90, 40)}),
        (Alignment.MIDDLE, {"a": (0, 25), "b": (30, 20), "c": (90, 20)}),
    ],
)
def test_aligned_by_hand(line, places):
    assert aligned(BOXES, line) == places


def test_distributed_by_hand():
    across = distributed(BOXES, DistributionAxis.ACROSS)  # 100 wide, 40 taken: two gaps of 30
    assert across == {"a": (0, 0), "b": (40, 40), "c": (90, 5)}
    down = distributed(BOXES, DistributionAxis.DOWN)  # 60 high, 50 taken: two gaps of 5
    assert down == {"a": (0, 0), "c": (90, 15), "b": (30, 40)}


def test_without_snapping_drags_are_free_and_alt_snaps(view, document, hand):
    view.set_snapping(False)
    hand.drag(hand.node("h1"), hand.node("h1") + QPoint(37, 61))
    x, y = document.project.positions["h1"]
    assert x % 8 or y % 8
    hand.drag(
        hand.node("h1"), hand.node("h1") + QPoint(31, 11), keys=Qt.KeyboardModifier.AltModifier
    )
    x, y = document.project.positions["h1"]
    assert (x % 8, y % 8) == (0, 0)


def open_menu(view, at):
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.viewport().mapToGlobal(at))
    QApplication.sendEvent(view.viewport(), event)
    (menu,) = (m for m in view.findChildren(QMenu) if m.isVisible())
    return menu


def texts(menu):
    return [action.text().split("\t")[0] for action in menu.actions() if action.text()]


def test_the_right_button_offers_what_can_be_done(view, document, hand):
    menu = open_menu(view, hand.node("h1"))
    assert view.selected_nodes() == ["h1"] and "Duplicate" in texts(menu)
    next(a for a in menu.actions() if a.text().startswith("Duplicate")).trigger()
    menu.close()
    assert "h1 2" in document.project.design.nodes


def test_the_right_button_on_empty_canvas_offers_no_deletion(view, hand):
    menu = open_menu(view, hand.nowhere())
    assert "Delete" not in texts(menu) and {"Paste", "Tidy", "Fit"} <= set(texts(menu))
    menu.close()


def test_lines_are_offered_for_several_nodes(view, document, hand):
    view.select(["x", "free", "sum"])
    menu = open_menu(view, hand.node("free"))
    inner = next(a.menu() for a in menu.actions() if a.menu() and a.text() == "Align")
    inner.actions()[0].trigger()
    menu.close()
    assert {document.project.positions[name][0] for name in ("x", "free", "sum")} == {0.0}


def test_tidy_and_zoom_to_selection_by_key(view, document, hand):
    hand.drag(hand.node("h1"), hand.node("h1") + QPoint(0, 90))
    hand.key(Key.Key_L, CONTROL)
    assert document.undo_stack.undoText() == "Arrange"
    view.select(["y"])
    hand.key(Key.Key_F, Qt.KeyboardModifier.ShiftModifier)
    assert view.zoom > 1
    middle = view.mapToScene(view.viewport().rect().center())
    miss = middle - view.canvas.nodes_box(["y"]).center()
    assert QPointF(miss).manhattanLength() < 8


def test_more_layers_than_a_design_may_have_are_not_pasted(view, document, hand):
    layers = {f"n{index}": {"kind": "dense"} for index in range(MAX_NODES + 1)}
    put_text(json.dumps(GOOD | {"nodes": layers, "wires": [], "positions": {}}))
    before = document.project
    hand.key(Key.Key_V, CONTROL)
    assert document.project is before
    assert "10,001 layers; at most 10,000" in view.pointer_hint.text()


def test_a_clipboard_of_more_than_can_be_pasted_is_not_even_parsed():
    with pytest.raises(FileError, match="more than can be pasted"):
        from_text(" " * MAX_CLIPBOARD_CHARACTERS + "{}")


def test_a_piece_is_put_in_by_one_new_design(monkeypatch):
    """With one for each layer, 1,000 layers took half a minute."""
    names = [f"h {index}" for index in range(2, 60)]
    piece = Fragment(
        engine.Design(dict.fromkeys(names, engine.Dense(units=2)), (Wire("h 2", "h 3"),)),
        dict.fromkeys(names, (0.0, 0.0)),
    )
    project = Project(engine.Design({"h 3": engine.Dense(units=2)}))
    made, check = [], engine.Design.__post_init__

    def counted(self):
        made.append(self)
        check(self)

    monkeypatch.setattr(engine.Design, "__post_init__", counted)
    after, new = put_in(project, piece, (0.0, 0.0))
    assert new == ["h", "h 2", *(f"h {index}" for index in range(4, 60))]
    assert after.design.wires == (Wire("h", "h 2"),)
    assert len(made) == 1
