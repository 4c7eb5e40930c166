"""Nodes, ports and wires for screen readers, asked as a screen reader asks."""

import gc

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from studio.canvas import CanvasView
from studio.model import edits

Key, Text = Qt.Key, QAccessible.Text


@pytest.fixture
def spoken(view):
    return QAccessible.queryAccessibleInterface(view)


def parts(interface):
    return {part.text(Text.Name): part for part in children(interface)}


def children(interface):
    return [interface.child(index) for index in range(interface.childCount())]


def test_the_canvas_offers_its_nodes_in_order_and_its_wires(spoken, view, document):
    names = [part.text(Text.Name) for part in children(spoken)]
    order = document.project.design.order()
    assert spoken.text(Text.Name) == view.accessibleName()
    assert [name.split(",")[0] for name in names[: len(order)]] == order
    assert names[len(order) :] == [
        "Wire from 'x' to 'h1'",
        "Wire from 'h1' to 'h2'",
        "Wire from 'h2' to 'y'",
    ]


def test_every_part_has_a_name_a_description_a_parent_and_a_place(spoken, view):
    room = view.rect().translated(view.mapToGlobal(view.rect().topLeft()))
    for part in children(spoken):
        assert part.isValid() and part.text(Text.Name) and part.text(Text.Description)
        assert spoken.indexOfChild(part) >= 0 and part.parent() is spoken
        assert room.intersects(part.rect()) and not part.state().offscreen
        for port in children(part):
            assert port.text(Text.Name) and port.text(Text.Description)
            assert port.parent() is part and part.indexOfChild(port) >= 0


def test_a_node_tells_its_settings_and_its_ports_what_they_are_wired_to(spoken):
    node = parts(spoken)["h1, Dense"]
    assert "40 parameters" in node.text(Text.Description)
    assert {name: port.text(Text.Description) for name, port in parts(node).items()} == {
        "Input 1 of 'h1'": "Fed by 'x'.",
        "Output of 'h1'": "Leads to 'h2'.",
    }
    assert "Problem:" in parts(spoken)["sum, Add"].text(Text.Description)


def test_a_wire_tells_what_it_carries(spoken):
    assert "8 × m" in parts(spoken)["Wire from 'h1' to 'h2'"].text(Text.Description)


def test_what_is_selected_by_key_has_the_focus(spoken, view, hand):
    hand.key(Key.Key_Tab)
    hand.key(Key.Key_Tab)
    node = parts(spoken)["h1, Dense"]
    assert node.state().selected and node.state().focused
    assert spoken.focusChild() is node
    assert not parts(spoken)["x, Input"].state().selected


def test_a_point_of_the_screen_leads_to_the_node(spoken, view, hand):
    at = view.viewport().mapToGlobal(hand.node("h2"))
    assert spoken.childAt(at.x(), at.y()).key == "h2"


def test_what_is_deleted_is_no_longer_valid(spoken, view, document):
    node = parts(spoken)["h1, Dense"]
    port = node.child(0)
    document.edit(edits.remove(document.project, ["h1"]), "Delete")
    assert not node.isValid() and not port.isValid()
    assert node.text(Text.Name) == "" and node.rect().isEmpty() and node.childCount() == 0
    assert "h1, Dense" not in parts(spoken) and not shiboken6.isValid(node)


def test_names_follow_a_rename(spoken, document):
    children(spoken)
    document.edit(edits.rename(document.project, "h1", "first"), "Rename")
    assert "first, Dense" in parts(spoken) and "Wire from 'x' to 'first'" in parts(spoken)


def test_an_active_screen_reader_survives_editing_and_closing(qtbot, document, hand, view):
    QAccessible.setActive(True)
    try:
        for name in ("h1", "h2", "sum"):
            view.select([name])
            hand.key(Key.Key_Delete)
            children(QAccessible.queryAccessibleInterface(view))
        for _ in range(3):
            document.undo_stack.undo()
        other = CanvasView(document)
        told = children(QAccessible.queryAccessibleInterface(other))
        other.deleteLater()
        qtbot.waitUntil(lambda: not shiboken6.isValid(other))
        assert not any(part.isValid() for part in told if shiboken6.isValid(part))
        gc.collect()
    finally:
        QAccessible.setActive(False)
