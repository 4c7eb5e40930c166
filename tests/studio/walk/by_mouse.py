"""A network with a skip, built by mouse alone: what a person does, and where.

Each act is done on the twin by the gesture or the menu that the mouse would reach, and written down
for the person: (act, place on the screen...).
"""

from __future__ import annotations

from math import exp2
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAction, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QToolButton,
    QWidget,
)

from studio.canvas.camera import NOTCHES_PER_DOUBLING
from studio.canvas.gestures import Gesture, Pointer
from studio.canvas.port import Port
from studio.canvas.quick_menu import QuickMenu
from studio.canvas.wire_gestures import DrawWire
from studio.forms.field_line import FieldLine
from studio.forms.line import LineEditor
from tests.studio.walk.twin import Twin, on_screen

START = QPoint(120, 200)
"""Where the first layer goes, in pixels of the canvas."""
GAP = QPoint(56, 0)
NOTCHES = 4
"""The wheel is turned back so far, to have room for all layers."""
MOMENT_MS = 100
"""Until the twin has laid out what an act brought."""
NO_KEYS = Qt.KeyboardModifier.NoModifier


class Script:
    """The acts so far, done on a twin."""

    def __init__(self, twin: Twin) -> None:
        self.acts: list[list[Any]] = []
        self.twin, self.view = twin, twin.canvas

    def take_from_menu(self, menu: str, command: str) -> None:
        """Click on a menu of the menu bar, then on a command."""
        window = self.twin.window
        bar, shown, action = window.menuBar(), window.menus.menus[menu], window.commands[command]
        area = bar.actionGeometry(shown.menuAction())
        self._write("click", on_screen(bar, area.center()))
        shown.popup(bar.mapToGlobal(area.bottomLeft()))
        QTest.qWait(MOMENT_MS)
        self._write("click", on_screen(shown, shown.actionGeometry(action).center()))
        shown.close()

    def press_button(self, action: QAction) -> None:
        """Click on a command in the toolbar."""
        self._click(self.twin.window.run_bar.widgetForAction(action))

    def double_click(self, at: QPoint) -> None:
        """Open the search menu on empty canvas."""
        self._write("double_click", on_screen(self.view.viewport(), at))
        self.view.quick.open_at(self.view.mapToScene(at))
        QTest.qWait(MOMENT_MS)

    def pick(self, title: str) -> str:
        """Click on a layer in the open menu; returns the name of the new node."""
        (menu,) = (m for m in self.view.findChildren(QuickMenu) if m.isVisible())
        rows = menu.list
        row = rows.findItems(title, Qt.MatchFlag.MatchExactly)[0]
        while not rows.viewport().rect().contains(rows.visualItemRect(row)):
            self._turn_wheel(rows.viewport())
        center = rows.visualItemRect(row).center()
        self._write("click", on_screen(rows.viewport(), center))
        menu.take(row)
        QTest.qWait(MOMENT_MS)
        return self.view.canvas.selection.nodes[0]

    def wheel_back(self, at: QPoint, notches: int) -> None:
        """Turn the wheel towards oneself: see more."""
        self._write("wheel_back", on_screen(self.view.viewport(), at), notches)
        for _ in range(notches):
            self.view.zoom_about(at, exp2(-1 / NOTCHES_PER_DOUBLING))

    def pull_out(self, source: str, title: str) -> str:
        """Drag from a node's output to empty canvas, and pick what follows there."""
        port = Port(source, None)
        start = self._pixel(port)
        self._drag(DrawWire(self.view, self.view.quick, port), start, start + GAP)
        QTest.qWait(MOMENT_MS)
        return self.pick(title)

    def wire(self, source: str, target: str, index: int) -> None:
        """Drag from an output to an input."""
        port = Port(source, None)
        wire = DrawWire(self.view, self.view.quick, port)
        self._drag(wire, self._pixel(port), self._pixel(Port(target, index)))

    def drop_on_wire(self, title: str, source: str, target: str) -> str:
        """Drag an entry of the palette onto a wire; returns the name of the new node."""
        entry = self.twin.entry(title)
        path = self.twin.path(source, target)
        at = self.view.mapFromScene(path.pointAtPercent(0.5))
        self._write("drag", entry, on_screen(self.view.viewport(), at))
        self._do(self.view.gesture_for_drop(self.twin.layer(title)), at, at)
        QTest.qWait(MOMENT_MS)
        return self.view.canvas.selection.nodes[0]

    def select(self, name: str) -> None:
        """Click on a node."""
        self._write("click", self.twin.node(name))
        self.view.select([name])
        QTest.qWait(MOMENT_MS)

    def increase(self, field: str) -> None:
        """Click on the small arrow of a number in the inspector."""
        line = self._editor(field)
        assert isinstance(line, FieldLine)
        self._click(line.findChildren(QToolButton)[0])
        line.stepped.emit(1)
        QTest.qWait(MOMENT_MS)

    def choose(self, field: str, index: int) -> str:
        """Click on a list in the inspector, then on an entry; returns its words."""
        combo = self._editor(field)
        assert isinstance(combo, QComboBox)
        self._click(combo)
        combo.showPopup()
        QTest.qWait(MOMENT_MS)
        rows = combo.view()
        center = rows.visualRect(combo.model().index(index, 0)).center()
        self._write("click", on_screen(rows.viewport(), center))
        combo.hidePopup()
        combo.setCurrentIndex(index)
        combo.activated.emit(index)
        return combo.itemText(index)

    def save_in_dialog(self) -> None:
        """Take File > Save, and click on Save in the dialog, which proposes a name."""
        self.take_from_menu("file", "save")

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, QFileDialog)
            QTest.qWait(MOMENT_MS)
            buttons = dialog.findChild(QDialogButtonBox)
            self._click(buttons.button(QDialogButtonBox.StandardButton.Save))
            dialog.reject()

        QTimer.singleShot(MOMENT_MS, look)
        self.twin.window.files.save()

    def _turn_wheel(self, widget: QWidget) -> None:
        """By one notch, towards oneself, over the middle of something that scrolls."""
        at = widget.rect().center()
        self._write("wheel_back", on_screen(widget, at), 1)
        places = QPointF(at), QPointF(widget.mapToGlobal(at))
        no_button, no_phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        turn = QPoint(0, -120)
        event = QWheelEvent(*places, QPoint(), turn, no_button, NO_KEYS, no_phase, False)
        QApplication.sendEvent(widget, event)

    def _editor(self, field: str) -> QWidget:
        row = self.twin.window.inspector.form.rows[field]
        return row.editor.line if isinstance(row.editor, LineEditor) else row.editor.input

    def _click(self, widget: QWidget) -> None:
        self._write("click", on_screen(widget, widget.rect().center()))

    def _pixel(self, port: Port) -> QPoint:
        return self.view.mapFromScene(self.view.canvas.point_of(port))

    def _drag(self, gesture: Gesture, start: QPoint, end: QPoint) -> None:
        places = (on_screen(self.view.viewport(), at) for at in (start, end))
        self._write("drag", *places)
        self._do(gesture, start, end)

    def _do(self, gesture: Gesture, start: QPoint, end: QPoint) -> None:
        self.view.begin_gesture(gesture, self._pointer(start))
        self.view.finish_gesture(self._pointer(end))

    def _pointer(self, at: QPoint) -> Pointer:
        return Pointer(self.view.mapToScene(at), QPoint(at), NO_KEYS)

    def _write(self, *act: Any) -> None:
        self.acts.append(list(act))


def skip(twin: Twin) -> dict[str, object]:
    """Input, Dense, Dense, Add with a skip, Dense, Output; then settings, Play, and Save."""
    script = Script(twin)
    script.take_from_menu("file", "new")
    twin.window.files.new()
    QTest.qWait(MOMENT_MS)
    script.double_click(START)
    first = script.pick("Input")
    script.wheel_back(START, NOTCHES)
    wide = script.pull_out(first, "Dense")
    deep = script.pull_out(wide, "Dense")
    added = script.pull_out(deep, "Add")
    last = script.pull_out(added, "Output")
    script.wire(wide, added, "in2")
    inserted = script.drop_on_wire("Dense", added, last)
    script.select(inserted)
    script.increase("units")
    activation = script.choose("activation", 2)
    building, script.acts = script.acts, []
    script.press_button(twin.window.commands["play"])
    playing, script.acts = script.acts, []
    script.save_in_dialog()
    saving, script.acts = script.acts, []
    script.take_from_menu("file", "quit")
    return {
        "build": building,
        "play": playing[0][1],
        "save": saving,
        "quit": script.acts,
        "activation": activation,
        "cost": twin.cost(),
        "status": twin.box(twin.window.run_status),
        "button": twin.box(twin.window.run_bar.widgetForAction(twin.window.commands["play"])),
    }
