"""Random mouse and keys: whatever happens, the canvas shows the document, and undo leads back."""

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

import engine
from engine.files.netdesign import dumps, loads
from engine.layers import Layer
from studio.canvas.blocks import Blocks
from studio.canvas.node_item import NodeItem
from studio.canvas.port import Port
from studio.canvas.quick_menu import QuickMenu

EVENTS = 250
Key = Qt.Key
MODIFIERS = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
BUTTONS = (Qt.MouseButton.LeftButton,) * 5 + (Qt.MouseButton.MiddleButton,)
KEYS = (
    *(Key.Key_Delete, Key.Key_Escape, Key.Key_Return, Key.Key_Tab, Key.Key_Right, Key.Key_Down),
    *(Key.Key_C, Key.Key_F, Key.Key_V, Key.Key_D, Key.Key_A, Key.Key_L, Key.Key_Space),
    *(Key.Key_G, Key.Key_G, Key.Key_N),
)


def somewhere(view, hand, chance):
    """A port, a node, or any place."""
    kind = chance.random()
    names = list(view.canvas.nodes)
    if names and kind < 0.4:
        item = view.canvas.nodes[chance.choice(names)]
        ports = item.ports()  # a group that no wire enters or leaves has none
        return (
            hand.pixel(item.point_of(chance.choice(ports))) if ports else hand.node(item.face.name)
        )
    if names and kind < 0.7:
        return hand.node(chance.choice(names))
    return QPoint(chance.randrange(view.width()), chance.randrange(view.height()))


def act(view, document, hand, chance):
    at, keys = somewhere(view, hand, chance), chance.choice(MODIFIERS)
    match chance.randrange(12):
        case 0 | 1 | 2 | 3:
            hand.drag(at, somewhere(view, hand, chance), chance.choice(BUTTONS), keys)
        case 4:
            hand.press(at, chance.choice(BUTTONS), keys)
        case 5:
            hand.move(at, keys)
        case 6:
            hand.release(at, chance.choice(BUTTONS), keys)
        case 7 | 8:
            hand.key(chance.choice(KEYS), keys)
        case 9:
            hand.carry_in(Layer.parse(chance.choice(Layer.kinds())), at)
            hand.carry(somewhere(view, hand, chance))
            chance.choice((hand.drop, lambda _: hand.carry_away()))(at)
        case 10:
            chance.choice((document.undo_stack.undo, document.undo_stack.redo))()
        case 11:
            hand.double_click(at)
    if view.notes.editor is not None:
        view.notes.editor.setPlainText(chance.choice(("", "a note")))
        view.notes.end()
    for menu in view.findChildren(QuickMenu):
        menu.close()
    if chance.random() < 0.1:
        QApplication.processEvents()


def agrees(view, document):
    design = document.project.design
    scene = view.canvas
    on_scene = sorted(i.face.name for i in scene.items() if isinstance(i, NodeItem))
    blocks = Blocks(document.project)
    assert set(scene.nodes) == set(blocks.shown) and on_scene == sorted(blocks.shown)
    assert sorted(n for key in scene.nodes for n in blocks.members(key)) == sorted(design.nodes)
    assert set(scene.wires) == set(blocks.wires) and set(scene.frames) == set(blocks.frames)
    assert set(scene.selection.nodes) <= set(blocks.shown)
    assert [item.note for item in scene.notes] == list(document.project.remarks)
    assert set(scene.selection.wires) <= set(design.wires)
    for name, item in scene.nodes.items():
        assert (item.x(), item.y()) == scene.place_of(name)
    for wire, item in scene.wires.items():
        start = scene.point_of(Port(wire.source, None, wire.out)).toTuple()
        assert item.route.cubics[0][0] == pytest.approx(start)
    assert loads(dumps(document.project)) == document.project


@pytest.mark.parametrize("seed", range(8))
def test_the_canvas_always_shows_the_document(view, document, hand, seed):
    chance, start = random.Random(seed), document.project
    for _ in range(EVENTS):
        act(view, document, hand, chance)
    view.cancel_gesture()
    agrees(view, document)
    assert isinstance(document.report, engine.Report)
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    agrees(view, document)
    if document.undo_stack.count() < document.undo_stack.undoLimit():
        assert document.project == start
