"""Selecting, moving, adding and deleting nodes with the mouse."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt

import engine
from engine import Wire
from engine.layers import Layer
from engine.project import Project
from studio.canvas import CanvasView
from studio.canvas.node_item import NodeItem
from studio.model import edits
from studio.model.document import Document

CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def names_on(view: CanvasView):
    return {item.face.name for item in view.canvas.items() if isinstance(item, NodeItem)}


def test_a_click_selects_and_tells_the_window(view, hand, qtbot):
    with qtbot.waitSignal(view.selection_changed) as told:
        hand.click(hand.node("h1"))
    assert told.args == [["h1"]] and view.selected_nodes() == ["h1"]


def test_ctrl_click_toggles_in_the_order_of_selection(view, hand):
    hand.click(hand.node("h2"))
    hand.click(hand.node("x"), CONTROL)
    hand.click(hand.node("h1"), CONTROL)
    hand.click(hand.node("x"), CONTROL)
    assert view.selected_nodes() == ["h2", "h1"]


def test_a_click_on_empty_canvas_selects_nothing(view, hand):
    view.select_all()
    hand.click(hand.nowhere())
    assert view.selected_nodes() == []


def test_a_rubber_band_selects_what_it_touches(view, hand):
    start, end = hand.pixel(QPointF(230, -60)), hand.pixel(QPointF(560, 60))
    hand.drag(start, end)
    assert view.selected_nodes() == ["h1", "h2"]


def test_a_rubber_band_with_ctrl_adds_and_escape_brings_back_what_was(view, hand):
    hand.click(hand.node("x"))
    start, end = hand.pixel(QPointF(230, -60)), hand.pixel(QPointF(560, 60))
    hand.press(start, keys=CONTROL)
    hand.move(end, CONTROL)
    assert view.selected_nodes() == ["x", "h1", "h2"]
    hand.key(Qt.Key.Key_Escape)
    assert view.selected_nodes() == ["x"]


def test_a_drag_moves_on_the_grid_in_one_undo_step(view, document, hand):
    hand.drag(hand.node("h1"), hand.node("h1") + QPoint(37, 61))
    x, y = document.project.positions["h1"]
    assert (x % 8, y % 8) == (0, 0)
    assert abs(x - 256 - 37 / view.zoom) < 12 and abs(y - 61 / view.zoom) < 12
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Move h1"
    document.undo_stack.undo()
    assert document.project.positions["h1"] == (256, 0)
    assert view.canvas.nodes["h1"].pos() == QPointF(256, 0)


def test_alt_moves_off_the_grid(document, hand):
    hand.drag(hand.node("h1"), hand.node("h1") + QPoint(37, 61), keys=ALT)
    x, y = document.project.positions["h1"]
    assert x % 8 or y % 8


def test_the_document_knows_of_a_drag_only_at_its_end(view, document, hand):
    before = document.project
    hand.press(hand.node("h1"))
    hand.move(hand.node("h1") + QPoint(40, 40))
    assert view.canvas.nodes["h1"].y() > 0
    assert document.project is before


def test_escape_brings_dragged_nodes_back(view, document, hand):
    start = hand.node("h1")
    hand.press(start)
    hand.move(start + QPoint(80, 90))
    hand.key(Qt.Key.Key_Escape)
    hand.release(start + QPoint(80, 90))
    assert view.canvas.nodes["h1"].pos() == QPointF(256, 0)
    assert document.undo_stack.count() == 0


def test_all_selected_nodes_move_together(view, document, hand):
    view.select(["h1", "h2"])
    hand.drag(hand.node("h2"), hand.node("h2") + QPoint(0, 80))
    (x1, y1), (x2, y2) = (document.project.positions[name] for name in ("h1", "h2"))
    assert y1 == y2 > 0 and (x1, x2) == (256, 512)
    assert document.undo_stack.undoText() == "Move 2 layers"


def test_wires_follow_a_dragged_node(view, hand):
    item = view.canvas.wires[Wire("h1", "h2")]
    before = item.route
    hand.press(hand.node("h2"))
    hand.move(hand.node("h2") + QPoint(0, 120))
    assert item.route != before
    end = item.route.cubics[-1][3]
    assert end[1] == pytest.approx(view.canvas.nodes["h2"].y() + 40)
    hand.key(Qt.Key.Key_Escape)
    assert item.route == before


def test_an_undo_in_the_middle_of_a_drag_ends_the_drag(view, document, hand):
    hand.drag(hand.node("h1"), hand.node("h1") + QPoint(0, 60))
    hand.press(hand.node("h2"))
    hand.move(hand.node("h2") + QPoint(0, 80))
    document.undo_stack.undo()
    assert view.gesture is None
    assert view.canvas.nodes["h2"].pos() == QPointF(512, 0)


def test_delete_removes_the_selected_nodes_with_their_wires(view, document, hand):
    hand.click(hand.node("h1"))
    hand.key(Qt.Key.Key_Delete)
    assert "h1" not in document.project.design.nodes and "h1" not in names_on(view)
    assert all("h1" not in wire[:2] for wire in view.canvas.wires)
    assert view.selected_nodes() == []
    document.undo_stack.undo()
    assert "h1" in names_on(view) and Wire("h1", "h2") in view.canvas.wires


def test_a_double_click_asks_for_the_settings(view, hand, qtbot):
    with qtbot.waitSignal(view.node_activated) as told:
        hand.double_click(hand.node("h2"))
    assert told.args == ["h2"]


def test_a_layer_is_dragged_in_from_the_palette(view, document, hand):
    at = hand.nowhere()
    assert hand.carry_in(engine.Dense(units=7), at)
    ghosts = [i for i in view.canvas.items() if isinstance(i, NodeItem) and i.opacity() < 1]
    assert len(ghosts) == 1
    hand.carry(at + QPoint(20, 0))
    hand.drop(at + QPoint(20, 0))
    assert document.project.design.nodes["dense"] == engine.Dense(units=7)
    assert document.undo_stack.undoText() == "Add Dense"
    assert view.selected_nodes() == ["dense"]
    item = view.canvas.nodes["dense"]
    miss = view.mapFromScene(item.pos() + item.body.center()) - (at + QPoint(20, 0))
    assert miss.manhattanLength() < 16
    assert (item.x() % 8, item.y() % 8) == (0, 0)
    assert names_on(view) == set(document.project.design.nodes)


def test_a_layer_that_leaves_the_canvas_leaves_nothing(view, document, hand):
    hand.carry_in(engine.Dense(units=7), hand.nowhere())
    hand.carry_away()
    assert names_on(view) == set(document.project.design.nodes)
    assert document.undo_stack.count() == 0


def test_foreign_things_are_not_taken(hand):
    text = QMimeData()
    text.setText("a shopping list")
    assert not hand.carry_in(text, hand.nowhere())


@pytest.mark.parametrize("kind", Layer.kinds())
def test_every_layer_can_be_added(view, document, kind):
    name = view.add_layer(Layer.parse(kind), QPointF(0, 480))
    assert names_on(view) == set(document.project.design.nodes)
    assert view.selected_nodes() == [name]
    assert not view.grab().isNull()


def test_an_added_layer_is_appended_to_the_selected_one(view, document):
    view.select(["free"])
    name = view.add_layer(engine.Dense(units=7))
    assert Wire("free", name) in document.project.design.wires
    assert document.undo_stack.count() == 1
    item, before = view.canvas.nodes[name], view.canvas.nodes["free"]
    assert item.x() > before.x() + before.body.width()


def test_an_added_layer_stands_on_no_other(view, document):
    view.select(["h1"])
    item = view.canvas.nodes[view.add_layer(engine.Dense(units=7))]
    others = [i for i in view.canvas.nodes.values() if i is not item]
    assert not any(item.sceneBoundingRect().intersects(o.sceneBoundingRect()) for o in others)


def test_without_a_selection_a_layer_is_added_in_the_middle_of_the_view(view, document, hand):
    hand.click(hand.nowhere())
    name = view.add_layer(engine.Flatten())
    item = view.canvas.nodes[name]
    middle = view.mapToScene(view.viewport().rect().center())
    assert abs(item.x() + item.body.width() / 2 - middle.x()) < 16
    assert not document.project.design.inputs_of(name)


def test_only_what_differs_is_touched(view, document):
    items, wires = dict(view.canvas.nodes), dict(view.canvas.wires)
    document.try_edit(lambda p: edits.set_field(p, "h1", "units", 5), "Units")
    document.try_edit(lambda p: edits.move(p, {"h2": (512, 80)}), "Move")
    assert all(view.canvas.nodes[name] is item for name, item in items.items())
    assert all(view.canvas.wires[wire] is item for wire, item in wires.items())


def test_a_renamed_node_stays_selected_and_where_it_was(make_view):
    layers = [engine.Input(features=2), engine.Dense(units=3), engine.Output(task="binary")]
    document = Document(Project(design=engine.Design.sequential(layers, ["x", "h", "y"])))
    view = make_view(document)
    place = view.canvas.nodes["h"].pos()
    view.select(["h"])
    document.try_edit(lambda p: edits.rename(p, "h", "hidden"), "Rename")
    assert view.selected_nodes() == ["hidden"]
    assert view.canvas.nodes["hidden"].pos() == place


def test_arranged_nodes_are_no_edit_until_one_is_moved(make_view):
    layers = [engine.Input(features=2), engine.Dense(units=3), engine.Output(task="binary")]
    document = Document(Project(design=engine.Design.sequential(layers, ["x", "h", "y"])))
    view = make_view(document)
    xs = [view.canvas.nodes[name].x() for name in ("x", "h", "y")]
    assert xs == sorted(xs) and len(set(xs)) == 3
    assert document.undo_stack.count() == 0 and not document.project.positions
    view.select(["h"])
    view.commands.nudge(["h"], 0, 8)
    assert set(document.project.positions) == {"x", "h", "y"}


def test_another_project_replaces_everything(view, document):
    layers = [engine.Input(features=2), engine.Output(task="binary")]
    view.select(["h1"])
    document.reset(Project(design=engine.Design.sequential(layers, ["in", "out"])))
    assert names_on(view) == {"in", "out"} and view.selected_nodes() == []
    seen = view.mapToScene(view.viewport().rect()).boundingRect()
    assert all(seen.contains(item.sceneBoundingRect()) for item in view.canvas.nodes.values())


def test_an_empty_canvas_says_what_to_do(make_view):
    document = Document(Project())
    view = make_view(document)
    assert view.empty_hint.isVisible() and "Drag a layer" in view.empty_hint.text()
    view.add_layer(engine.Dense(units=1))
    assert not view.empty_hint.isVisible()
    document.undo_stack.undo()
    assert view.empty_hint.isVisible()


def test_an_undo_in_the_midst_of_a_rubber_band_selects_nobody_who_is_gone(view, document, hand):
    name = view.add_layer(engine.Dense(units=2))
    assert view.selected_nodes() == [name]
    hand.press(hand.nowhere())
    hand.move(hand.nowhere() + QPoint(40, 40))
    document.undo_stack.undo()
    assert view.gesture is None and view.canvas.selection.nodes == ()
