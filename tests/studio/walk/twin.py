"""The same window in a process of its own, which tells where everything is.

`python -m tests.studio.walk.twin WALK` makes each edit of a walk by program and writes down the
places on the screen before and after, as one JSON line. Run on the same screen with the same fonts,
its places are those of the program.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QPainterPath
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from engine import Layer
from studio.canvas.port import Port
from studio.shell.app import make_application, make_window
from studio.shell.window import MainWindow
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
        return on_screen(self.canvas.viewport(), self.canvas.mapFromScene(at))

    def path(self, source: str, target: str) -> QPainterPath:
        items = self.canvas.canvas.wires.items()
        return next(item for wire, item in items if wire[:2] == (source, target)).path

    def wire(self, source: str, target: str) -> list[int]:
        return self.on_canvas(self.path(source, target).pointAtPercent(0.5))

    def node(self, name: str) -> list[int]:
        item = self.canvas.canvas.nodes[name]
        return self.on_canvas(item.pos() + item.body.center())

    def bodies(self) -> list[list[int]]:
        """The boxes of all nodes, when all are in view and none is selected."""
        self.canvas.select([])
        self.canvas.fit()
        boxes = []
        for item in self.canvas.canvas.nodes.values():
            inside = item.body.translated(item.pos()).adjusted(8, 8, -8, -8)
            box = self.canvas.mapFromScene(inside).boundingRect()
            place = on_screen(self.canvas.viewport(), box.topLeft())
            boxes.append([*place, box.width(), box.height()])
        return boxes

    def port(self, name: str, index: int | None = None) -> list[int]:
        return self.on_canvas(self.canvas.canvas.nodes[name].point_of(Port(name, index)))

    def entry(self, title: str) -> list[int]:
        view = self.window.palette_panel.view
        return on_screen(view.viewport(), view.visualRect(self._index(title)).center())

    def layer(self, title: str) -> Layer:
        """What the entry of the palette stands for."""
        return self._index(title).data(Qt.ItemDataRole.UserRole)()

    def _index(self, title: str) -> QModelIndex:
        entries = self.window.palette_panel.entries()
        return next(index for index in entries if index.data() == title)

    def cost(self) -> list[int]:
        """Where the cost will be drawn: the plot gets its size when a run begins."""
        panel = self.window.docks.widget("cost")
        left, top, _, _ = self.box(panel.plot)
        right, bottom = on_screen(panel, panel.rect().bottomRight())
        return [left, top, right - left, bottom - top]

    def box(self, widget: QWidget) -> list[int]:
        return [*on_screen(widget, QPoint(0, 0)), widget.width(), widget.height()]


def on_screen(widget: QWidget, at: QPoint) -> list[int]:
    point = widget.mapToGlobal(at)
    return [point.x(), point.y()]


if __name__ == "__main__":
    from tests.studio.walk.stories import STORIES

    make_application()
    made = make_window(None, None, keeps_layout=False)
    story: Callable[[Twin], dict[str, object]] = STORIES[sys.argv[1]]
    print(json.dumps(story(Twin(made))))
    made.document.forget_changes()
    made.close()
