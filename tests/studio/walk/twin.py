"""The same window in a process of its own, which tells where everything is: `python -m` this file.

It makes each edit of the walk by program and writes down the places on the screen before and after,
as one JSON line. Run on the same screen with the same fonts, its places are those of the program.
"""

from __future__ import annotations

import json

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolBar, QWidget

from engine.files import dumps
from studio import edits
from studio.app import make_application, make_window
from studio.canvas.port import Port
from studio.window import MainWindow
from tests.studio.walk.screen import SIZE

SETTLE_MS = 400


class Twin:
    """A window in the corner of the screen."""

    def __init__(self, window: MainWindow) -> None:
        self.window, self.canvas = window, window.canvas
        window.move(0, 0)
        window.resize(*SIZE)
        window.show()
        QTest.qWait(SETTLE_MS)

    def on_canvas(self, at: QPointF) -> list[int]:
        return _on_screen(self.canvas.viewport(), self.canvas.mapFromScene(at))

    def wire(self, source: str, target: str) -> list[int]:
        items = self.canvas.canvas.wires.items()
        item = next(item for wire, item in items if wire[:2] == (source, target))
        return self.on_canvas(item._path.pointAtPercent(0.5))

    def node(self, name: str) -> list[int]:
        item = self.canvas.canvas.nodes[name]
        return self.on_canvas(item.pos() + item.body.center())

    def port(self, name: str, index: int | None = None) -> list[int]:
        return self.on_canvas(self.canvas.canvas.nodes[name].point_of(Port(name, index)))

    def entry(self, title: str) -> list[int]:
        palette = self.window.palette_panel
        index = next(index for index in palette._entries() if index.data() == title)
        return _on_screen(palette.view.viewport(), palette.view.visualRect(index).center())

    def box(self, widget: QWidget) -> list[int]:
        return [*_on_screen(widget, QPoint(0, 0)), widget.width(), widget.height()]


def walk(twin: Twin, title: str, source: str, target: str, units: int) -> dict[str, object]:
    """Put a new layer between two wired ones; returns all places on the way, and the outcome."""
    window, document = twin.window, twin.window.document
    room = twin.canvas.viewport().rect()
    drop = QPoint(room.width() // 2, room.height() * 4 // 5)
    button = window.findChild(QToolBar).widgetForAction(window.commands["play"])
    places: dict[str, object] = {
        "wire": twin.wire(source, target),
        "entry": twin.entry(title),
        "drop": _on_screen(twin.canvas.viewport(), drop),
        "play": twin.box(button),
        "status": twin.box(window.run_status),
    }
    wires = [w for w in document.project.design.wires if w[:2] == (source, target)]
    document.edit(edits.disconnect(document.project, wires), "Delete")
    layer = next(i for i in window.palette_panel._entries() if i.data() == title).data(_LAYER)()
    new = window.canvas.add_layer(layer, twin.canvas.mapToScene(drop))
    window.commands["arrange"].trigger()
    QTest.qWait(SETTLE_MS)
    places |= {
        "ports": [[twin.port(source), twin.port(new, 0)], [twin.port(new), twin.port(target, 0)]]
    }
    project = edits.connect(edits.connect(document.project, source, new), new, target)
    document.edit(project, "Connect")
    window.canvas.select([new])
    QTest.qWait(SETTLE_MS)
    places |= {"node": twin.node(new)}
    document.edit(edits.set_field(document.project, new, "units", units), "Change units")
    return places | {"project": dumps(document.project)}


def _on_screen(widget: QWidget, at: QPoint) -> list[int]:
    point = widget.mapToGlobal(at)
    return [point.x(), point.y()]


_LAYER = 0x0100  # Qt.ItemDataRole.UserRole: the layer of a palette entry

if __name__ == "__main__":
    make_application()
    made = make_window(None, None, keeps_layout=False)
    print(json.dumps(walk(Twin(made), "Dense", "h1", "h2", 32)))
    made.document.undo_stack.setClean()
    made.close()
