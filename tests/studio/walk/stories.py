"""What the persons of the walks do, done by program on a twin of the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolBar

from engine.files import dumps
from studio.model import edits
from tests.studio.walk.by_mouse import skip
from tests.studio.walk.twin import SETTLE_MS, Twin, on_screen

Places: TypeAlias = dict[str, object]


def parts(twin: Twin) -> Places:
    """Where the parts of the window are."""
    window = twin.window
    window.message_bar.clear()  # the notes of the default design go when another one begins
    QTest.qWait(SETTLE_MS)
    return {
        "canvas": twin.box(window.canvas),
        "inspector": twin.box(window.inspector),
        "cost": twin.cost(),
        "status": twin.box(window.run_status),
    }


def wired(
    twin: Twin, title: str = "Dense", source: str = "h1", target: str = "h2", units: int = 32
) -> Places:
    """Put a new layer between two wired ones; returns all places on the way, and the outcome."""
    window, document = twin.window, twin.window.document
    room = twin.canvas.viewport().rect()
    drop = QPoint(room.width() // 2, room.height() * 4 // 5)
    button = window.findChild(QToolBar).widgetForAction(window.commands["play"])
    places: Places = {
        "wire": twin.wire(source, target),
        "entry": twin.entry(title),
        "drop": on_screen(twin.canvas.viewport(), drop),
        "play": twin.box(button),
        "status": twin.box(window.run_status),
    }
    wires = [w for w in document.project.design.wires if w[:2] == (source, target)]
    document.edit(edits.disconnect(document.project, wires), "Delete")
    new = window.canvas.add_layer(twin.layer(title), twin.canvas.mapToScene(drop))
    window.commands["arrange"].trigger()
    QTest.qWait(SETTLE_MS)
    places |= {
        "ports": [
            [twin.port(source), twin.port(new, "in")],
            [twin.port(new), twin.port(target, "in")],
        ]
    }
    project = edits.connect(edits.connect(document.project, source, new), new, target)
    document.edit(project, "Connect")
    window.canvas.select([new])
    QTest.qWait(SETTLE_MS)
    places |= {"node": twin.node(new)}
    document.edit(edits.set_field(document.project, new, "units", units), "Change units")
    QTest.qWait(SETTLE_MS)
    return places | {"project": dumps(document.project), "bodies": twin.bodies()}


STORIES: Mapping[str, Callable[[Twin], Places]] = {"wired": wired, "parts": parts, "skip": skip}
