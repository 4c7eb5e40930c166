"""Mouse and keys, without knowing what they do."""

from __future__ import annotations

from random import Random

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from studio.canvas.port import Port
from tests.monkey.operation import Arguments, Operation
from tests.monkey.world import World
from tests.studio.canvas.conftest import Hand

KEYS = (
    *("Tab", "Shift+Tab", "Return", "Escape", "Space", "Del", "Backspace", "F2", "Home", "End"),
    *("Left", "Right", "Up", "Down", "Shift+Right", "Ctrl+Right", "PgDown", "Menu"),
    *("A", "C", "D", "E", "F", "G", "L", "N", "P", "V", "1", "2", "7", ".", "-"),
    *("Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+D", "Ctrl+G", "Ctrl+Shift+G", "Ctrl+Z"),
    *("F5", "F6", "F11", "Ctrl+K"),
)
BUTTONS = ("LeftButton", "LeftButton", "LeftButton", "MiddleButton", "RightButton")
MODIFIERS = ("NoModifier", "NoModifier", "ControlModifier", "ShiftModifier", "AltModifier")
Place = tuple[int, int]


class Press(Operation):
    """A key, wherever the keyboard is."""

    weight = 4.0

    def choose(self, world: World, chance: Random) -> Arguments:
        return {"keys": chance.choice(KEYS)}

    def perform(self, world: World, keys: str) -> None:
        with world.cancelling():
            QTest.keySequence(QApplication.focusWidget() or world.stage.main, QKeySequence(keys))
            QApplication.processEvents()


class Click(Operation):
    """Any button that a person sees, in any window, by the way that leads to it."""

    weight = 4.0

    def choose(self, world: World, chance: Random) -> Arguments | None:
        buttons = [way for way, button in _buttons(world).items() if button.isEnabled()]
        return {"button": chance.choice(buttons)} if buttons else None

    def perform(self, world: World, button: str) -> None:
        found = _buttons(world).get(button)
        if found is not None:
            with world.cancelling():
                QTest.mouseClick(found, Qt.MouseButton.LeftButton)
                QApplication.processEvents()


class SelectOnCanvas(Operation):
    """Layers, wires and notes, or nothing."""

    weight = 3.0

    def choose(self, world: World, chance: Random) -> Arguments:
        scene = world.stage.main.canvas.canvas
        nodes, wires = list(scene.nodes), list(scene.wires)
        return {
            "nodes": chance.sample(nodes, min(len(nodes), chance.randrange(4))),
            "wires": chance.sample(range(len(wires)), min(len(wires), chance.choice((0, 0, 1)))),
            "notes": chance.sample(range(len(scene.notes)), min(len(scene.notes), 1)),
        }

    def perform(self, world: World, nodes: list[str], wires: list[int], notes: list[int]) -> None:
        scene = world.stage.main.canvas.canvas
        known = list(scene.wires)
        scene.selection.set(
            [node for node in nodes if node in scene.nodes],
            [known[at] for at in wires if at < len(known)],
            [at for at in notes if at < len(scene.notes)],
        )


class Drag(Operation):
    """From a port, a node or any place of the canvas to another one: wires, moves, frames."""

    weight = 4.0

    def choose(self, world: World, chance: Random) -> Arguments:
        return {
            "start": _somewhere(world, chance),
            "end": _somewhere(world, chance),
            "button": chance.choice(BUTTONS[:-1]),
            "modifier": chance.choice(MODIFIERS),
        }

    def perform(self, world: World, start: Place, end: Place, button: str, modifier: str) -> None:
        hand = Hand(world.stage.main.canvas)
        keys = Qt.KeyboardModifier[modifier]
        with world.cancelling():
            hand.drag(QPoint(*start), QPoint(*end), Qt.MouseButton[button], keys)
            QApplication.processEvents()


class Tap(Operation):
    """A click or a double click anywhere on the canvas."""

    weight = 2.0

    def choose(self, world: World, chance: Random) -> Arguments:
        return {
            "at": _somewhere(world, chance),
            "button": chance.choice(BUTTONS),
            "double": chance.random() < 0.4,
            "pick": chance.choice((None, chance.random())),
        }

    def perform(
        self, world: World, at: Place, button: str, double: bool, pick: float | None
    ) -> None:
        hand = Hand(world.stage.main.canvas)
        with world.cancelling(pick):
            if double:
                hand.double_click(QPoint(*at))
            else:
                hand.click(QPoint(*at), button=Qt.MouseButton[button])
            QApplication.processEvents()


def _somewhere(world: World, chance: Random) -> Place:
    """A port, a node, or any place of the canvas, in pixels."""
    view, kind = world.stage.main.canvas, chance.random()
    nodes = view.canvas.nodes
    if nodes and kind < 0.8:
        name = chance.choice(list(nodes))
        item, hand = nodes[name], Hand(view)
        ports: list[Port] = item.ports()  # a group that no wire enters or leaves has none
        at = hand.pixel(item.point_of(chance.choice(ports))) if ports and kind < 0.5 else None
        return (at or hand.node(name)).toTuple()
    return chance.randrange(max(1, view.width())), chance.randrange(max(1, view.height()))


def _buttons(world: World) -> dict[str, QAbstractButton]:
    """All visible buttons, by a way that is the same in a second run."""
    found = {}
    for window in world.windows():
        for number, button in enumerate(window.findChildren(QAbstractButton)):
            if button.isVisible() and not button.visibleRegion().isEmpty():
                found[f"{type(window).__name__}/{number}/{_name(button)}"] = button
    return found


def _name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return text or widget.accessibleName() or widget.objectName() or type(widget).__name__
