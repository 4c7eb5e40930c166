"""The search menu on the canvas, layers dropped on wires, and gaps that close."""

import itertools

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

import engine
from engine import Design, Wire
from engine.layers import Layer
from engine.project import Project
from studio.canvas.gestures import Pointer
from studio.canvas.insertion import remove
from studio.canvas.quick_menu import QuickMenu
from studio.canvas.search import likely
from studio.model.document import Document
from studio.model.layer_search import matching

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier


def the_menu(view):
    (menu,) = (m for m in view.findChildren(QuickMenu) if m.isVisible())
    return menu


def no_menu(view):
    return not any(m.isVisible() for m in view.findChildren(QuickMenu))


def type_and_enter(view, words):
    menu = the_menu(view)
    QTest.keyClicks(menu.search, words)
    QTest.keyClick(menu.search, Key.Key_Return)


def test_a_double_click_on_empty_canvas_opens_the_menu_there(view, document, hand):
    at = hand.pixel(QPointF(200, 150))
    hand.double_click(at)
    menu = the_menu(view)
    assert (menu.pos() - view.viewport().mapToGlobal(at)).manhattanLength() < 8
    assert len(menu.titles()) == len(Layer.registry)
    type_and_enter(view, "flat")
    assert no_menu(view) and "flatten" in document.project.design.nodes
    item = view.canvas.nodes["flatten"]
    miss = hand.pixel(item.pos() + item.body.center()) - at
    assert miss.manhattanLength() < 16 and view.selected_nodes() == ["flatten"]
    assert document.undo_stack.undoText() == "Add Flatten"


def test_escape_leaves_the_menu_without_a_trace(view, document, hand):
    hand.double_click(hand.nowhere())
    QTest.keyClick(the_menu(view), Key.Key_Escape)
    assert no_menu(view) and document.undo_stack.count() == 0


def test_arrow_keys_choose_in_the_menu(view, document, hand):
    hand.double_click(hand.nowhere())
    menu = the_menu(view)
    second = menu.titles()[1]
    QTest.keyClick(menu.search, Key.Key_Down)
    QTest.keyClick(menu.search, Key.Key_Return)
    (name,) = view.selected_nodes()
    assert document.project.design.nodes[name].title == second


def test_a_click_takes_a_layer(view, document, hand):
    hand.double_click(hand.nowhere())
    rows = the_menu(view).list
    box = rows.visualItemRect(rows.item(2))
    title = rows.item(2).text()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    (name,) = view.selected_nodes()
    assert document.project.design.nodes[name].title == title and no_menu(view)


def test_words_that_match_nothing_say_so(view, document, hand):
    hand.double_click(hand.nowhere())
    menu = the_menu(view)
    QTest.keyClicks(menu.search, "zzzz")
    assert menu.titles() == [] and menu.nothing.isVisible()
    QTest.keyClick(menu.search, Key.Key_Return)
    assert document.undo_stack.count() == 0
    menu.close()


def test_space_without_a_mouse_appends_to_the_current_node(view, document, hand, monkeypatch):
    monkeypatch.setattr(view, "underMouse", lambda: False)
    view.select(["free"])
    hand.key(Key.Key_Space)
    type_and_enter(view, "flat")
    assert Wire("free", "flatten") in document.project.design.wires


def test_space_is_about_what_was_used_last_the_mouse_or_the_keyboard(
    view, document, hand, monkeypatch
):
    monkeypatch.setattr(view, "underMouse", lambda: True)
    monkeypatch.setattr(view, "pointer", lambda: Pointer(QPointF(200, 350), QPoint(300, 400), NONE))
    hand.move(QPoint(300, 400))
    hand.key(Key.Key_Space)
    type_and_enter(view, "flat")
    assert not document.project.design.inputs_of("flatten"), "it was put under the mouse"
    view.select(["x"])
    hand.key(Key.Key_Tab)
    hand.move(QPoint(300, 400))  # Qt repeats this when the menu closes; the mouse has not moved
    hand.key(Key.Key_Space)
    type_and_enter(view, "flat")
    assert Wire("h1", "flatten 2") in document.project.design.wires


def test_space_behind_the_last_layer_finds_a_free_place(view, document, hand):
    view.select(["y"])
    hand.key(Key.Key_Space)
    type_and_enter(view, "flat")
    nodes = view.canvas.nodes
    new = nodes["flatten"].sceneBoundingRect()
    assert not any(new.intersects(nodes[name].sceneBoundingRect()) for name in ("x", "y", "h1"))


def test_a_wire_let_go_on_empty_canvas_offers_what_fits_and_wires_it(view, document, hand):
    hand.drag(hand.port("h1"), hand.nowhere())
    menu = the_menu(view)
    edges = [layer for layer in Layer.registry.values() if not layer.inputs]
    assert edges and not {layer.title for layer in edges} & set(menu.titles())
    assert menu.titles()[0] == "Dense"  # in this design a Dense follows a Dense
    QTest.keyClick(menu.search, Key.Key_Return)
    (name,) = view.selected_nodes()
    assert Wire("h1", name) in document.project.design.wires
    assert document.undo_stack.count() == 1


def test_from_an_input_the_menu_offers_what_may_come_before(view, document, hand):
    hand.drag(hand.port("free", "in"), hand.pixel(QPointF(100, 320)))
    menu = the_menu(view)
    ends = {layer.title for layer in Layer.registry.values() if not layer.outputs}
    assert ends and not ends & set(menu.titles())
    type_and_enter(view, "dense")
    (name,) = view.selected_nodes()
    assert Wire(name, "free") in document.project.design.wires


def test_layers_whose_shape_does_not_fit_are_not_offered(make_view, hand):
    design = Design({"x": engine.Input(shape=(3, 8, 8))})
    view = make_view(Document(Project(design=design)))
    other = type(hand)(view)
    other.drag(other.port("x"), other.port("x") + QPoint(60, 90))
    titles = the_menu(view).titles()
    assert "Flatten" in titles and "Dense" not in titles
    the_menu(view).close()


def test_a_double_click_on_a_wire_inserts(view, document, hand):
    hand.double_click(hand.wire("h1", "h2"))
    type_and_enter(view, "dropout")
    assert {Wire("h1", "dropout"), Wire("dropout", "h2")} <= set(document.project.design.wires)


def test_a_layer_dropped_on_a_wire_is_inserted_as_one_step_and_finds_room(view, document, hand):
    at = hand.wire("h1", "h2")
    hand.carry_in(engine.Dropout(keep_prob=0.7), at)
    assert view.canvas.wires[Wire("h1", "h2")].hovered
    hand.drop(at)
    wires = set(document.project.design.wires)
    assert {Wire("h1", "dropout"), Wire("dropout", "h2")} <= wires
    assert Wire("h1", "h2") not in wires
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Insert Dropout"
    row = [view.canvas.nodes[name].x() for name in ("x", "h1", "dropout", "h2", "y")]
    assert all(b - a >= 176 + 64 for a, b in itertools.pairwise(row))
    document.undo_stack.undo()
    assert Wire("h1", "h2") in document.project.design.wires
    assert document.project.positions["y"] == (768, 0)


def test_what_was_all_in_view_stays_all_in_view(view, hand):
    at = hand.wire("h1", "h2")
    for _ in range(3):
        hand.carry_in(engine.Dropout(keep_prob=0.7), at)
        hand.drop(at)
        assert view.seen().contains(view.canvas.nodes_box())
        at = hand.wire("h1", view.selected_nodes()[0])


def test_what_has_no_output_is_not_inserted_and_says_why(view, document, hand):
    at = hand.wire("h1", "h2")
    hand.carry_in(engine.Output(task="binary"), at)
    assert "has no output" in view.pointer_hint.text() and view.pointer_hint.isVisible()
    hand.drop(at)
    assert Wire("h1", "h2") in document.project.design.wires


def test_deleting_a_node_closes_the_gap(view, document, hand):
    view.select(["h2"])
    hand.key(Key.Key_Delete)
    assert Wire("h1", "y") in document.project.design.wires
    assert document.undo_stack.count() == 1


def test_deleting_a_chain_closes_the_gap(view, document):
    view.select(["h1", "h2"])
    view.delete_selection()
    assert Wire("x", "y") in document.project.design.wires


def test_a_gap_with_two_ways_out_stays_open(view, document, hand):
    hand.drag(hand.port("h1"), hand.node("free"))
    view.select(["h1"])
    view.delete_selection()
    assert document.project.design.inputs_of("h2") == []
    assert document.project.design.inputs_of("free") == []


def test_a_closed_gap_keeps_the_order_of_inputs(document):
    nodes = {"x": engine.Input(features=3), "a": engine.Dense(units=3)}
    nodes |= {"b": engine.Dense(units=4), "c": engine.Concatenate()}
    wires = (Wire("x", "a"), Wire("x", "b"), Wire("a", "c"), Wire("b", "c", "in2"))
    document.reset(Project(design=Design(nodes, wires)))
    after = remove(document.project, ["a"], [], document.fit)
    assert after.design.inputs_of("c") == [Wire("x", "c"), Wire("b", "c", "in2")]


def test_a_gap_whose_ends_do_not_fit_stays_open(document):
    layers = [engine.Input(shape=(1, 4, 4)), engine.Flatten(), engine.Output(task="binary")]
    document.reset(Project(design=Design.sequential(layers, ["x", "f", "y"])))
    assert remove(document.project, ["f"], [], document.fit).design.wires == ()


@pytest.mark.parametrize("layer", Layer.registry.values(), ids=Layer.registry)
def test_every_layer_is_found_by_its_title(layer):
    assert matching(Layer.registry.values(), layer.title)[0].title == layer.title


def test_guesses_hold_every_layer_once(document):
    for after in (None, "h1"):
        guesses = likely(document, after=after)
        assert sorted(g.kind for g in guesses) == sorted(Layer.registry)
