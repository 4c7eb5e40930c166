"""A canvas on the screen, and hands: mouse and keys as people use them."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import engine
from engine.project import Project
from studio.canvas import CanvasView
from studio.canvas.port import Port
from studio.model.document import Document
from studio.model.layer_mime import to_mime
from tests.studio.hands import drag_event

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def project():
    """x -> h1 -> h2 -> y, and an Add and a Dense that nobody feeds."""
    design = engine.Design.sequential(
        [
            engine.Input(features=4),
            engine.Dense(units=8),
            engine.Dense(units=8, keep_prob=0.5),
            engine.Output(task="binary"),
        ],
        names=["x", "h1", "h2", "y"],
    )
    design = design.add("sum", engine.Add()).add("free", engine.Dense(units=3))
    places = {"x": (0, 0), "h1": (256, 0), "h2": (512, 0), "y": (768, 0)}
    return Project(design=design, positions=places | {"sum": (512, 240), "free": (256, 240)})


@pytest.fixture
def document(project, qapp):
    return Document(project)


@pytest.fixture
def make_view(qtbot):
    """Puts a canvas with this document on the screen."""
    return lambda document: _show(document, qtbot)


@pytest.fixture
def view(document, make_view):
    view = make_view(document)
    yield view
    view.cancel_gesture()


@pytest.fixture
def hand(view):
    return Hand(view)


def _show(document, qtbot):
    view = CanvasView(document)
    qtbot.addWidget(view)
    view.resize(1200, 700)
    view.show()
    qtbot.waitExposed(view)
    view.fit()
    view.focus_canvas()
    return view


class Hand:
    """Acts on the viewport by real events."""

    def __init__(self, view):
        self.view = view

    def pixel(self, at):
        return self.view.mapFromScene(at) if isinstance(at, QPointF) else at

    def node(self, name):
        item = self.view.canvas.nodes[name]
        return self.pixel(item.pos() + item.body.center())

    def port(self, name, index=None):
        return self.pixel(self.view.canvas.nodes[name].point_of(Port(name, index)))

    def wire(self, source, target, part=0.5):
        item = next(i for w, i in self.view.canvas.wires.items() if w[:2] == (source, target))
        return self.pixel(item.path.pointAtPercent(part))

    def nowhere(self):
        return self.pixel(QPointF(400, 420))

    def click(self, at, keys=NONE, button=LEFT):
        QTest.mouseClick(self.view.viewport(), button, keys, at)

    def double_click(self, at):
        QTest.mouseDClick(self.view.viewport(), LEFT, NONE, at)

    def press(self, at, button=LEFT, keys=NONE):
        QTest.mouseMove(self.view.viewport(), at)
        QTest.mousePress(self.view.viewport(), button, keys, at)

    def move(self, at, keys=NONE):
        viewport = self.view.viewport()
        where = QPointF(at), QPointF(viewport.mapToGlobal(at))
        event = QMouseEvent(QEvent.Type.MouseMove, *where, Qt.MouseButton.NoButton, LEFT, keys)
        QApplication.sendEvent(viewport, event)

    def release(self, at, button=LEFT, keys=NONE):
        QTest.mouseRelease(self.view.viewport(), button, keys, at)

    def drag(self, start, end, button=LEFT, keys=NONE):
        self.press(start, button, keys)
        self.move((start + end) / 2, keys)
        self.move(end, keys)
        self.release(end, button, keys)

    def wheel(self, at, notches, keys=NONE, pixels=None):
        viewport = self.view.viewport()
        where = QPointF(at), QPointF(viewport.mapToGlobal(at))
        phase = Qt.ScrollPhase.ScrollUpdate if pixels else Qt.ScrollPhase.NoScrollPhase
        turn = QPoint(0, round(120 * notches))
        nothing = Qt.MouseButton.NoButton
        event = QWheelEvent(*where, pixels or QPoint(), turn, nothing, keys, phase, False)
        QApplication.sendEvent(viewport, event)

    def key(self, key, keys=NONE):
        QTest.keyClick(self.view, key, keys)

    def carry_in(self, layer, at):
        """Drag a layer from elsewhere over the canvas."""
        self.carried = to_mime(layer) if isinstance(layer, engine.Layer) else layer
        event = drag_event(QDragEnterEvent, QPointF(at), self.carried)
        QApplication.sendEvent(self.view.viewport(), event)
        return event.isAccepted()

    def carry(self, at):
        event = drag_event(QDragMoveEvent, QPointF(at), self.carried)
        QApplication.sendEvent(self.view.viewport(), event)

    def carry_away(self):
        QApplication.sendEvent(self.view.viewport(), QDragLeaveEvent())

    def drop(self, at):
        event = QDropEvent(QPointF(at), Qt.DropAction.CopyAction, self.carried, LEFT, NONE)
        QApplication.sendEvent(self.view.viewport(), event)
