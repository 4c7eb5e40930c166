"""How quickly the canvas answers in a design of 300 nodes and 400 wires.

`measure()` returns rows (name, value, unit, target). Alone: python -m tests.benchmarks.bench_canvas
"""

import statistics
import time
from itertools import pairwise

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

import engine
from engine.project import Project
from studio.canvas import CanvasView
from studio.canvas.gestures import MoveNodes, Pointer
from studio.model import edits
from studio.model.document import Document
from studio.model.examined import Examined

ROUNDS = 30


def large_design(nodes=300, wires=400):
    """Blocks of four layers in a row, with skips over the block until there are enough wires."""
    layers, links, previous = {"x": engine.Input(features=16)}, [], "x"
    skips = wires - (nodes - 1)
    while len(layers) < nodes - 1:
        block = (len(layers) - 1) // 2
        names = [f"d{block}", f"s{block}"]
        if len(layers) + 2 > nodes - 1 or skips <= 0:
            name = f"t{len(layers)}"
            layers[name] = engine.Dense(units=16)
            links.append((previous, name, "in"))
            previous = name
            continue
        layers |= {names[0]: engine.Dense(units=16), names[1]: engine.Add()}
        links += [(previous, names[0], "in"), (names[0], names[1], "in")]
        links.append((previous, names[1], "in2"))
        previous, skips = names[1], skips - 1
    layers["y"] = engine.Output(task="binary")
    links.append((previous, "y", "in"))
    return engine.Design(layers, tuple(links))


def chain(nodes=5_000):
    """One layer after the other."""
    names = [f"h{index}" for index in range(nodes)]
    wires = tuple(engine.Wire(*pair) for pair in pairwise(names))
    return engine.Design(dict.fromkeys(names, engine.Dense(units=2)), wires)


def milliseconds(work, rounds=ROUNDS):
    """Median and worst time of `work(round)`, painting included."""
    times = []
    for index in range(rounds):
        start = time.perf_counter()
        work(index)
        QApplication.processEvents()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times), max(times)


def measure():
    """Rows (name, value, unit, target)."""
    app = QApplication.instance() or QApplication([])
    design = large_design()
    document = Document(Project(design=design))
    start = time.perf_counter()
    view = CanvasView(document)
    view.resize(1280, 720)
    view.show()
    app.processEvents()
    opened = time.perf_counter() - start
    document.edit(edits.move(document.project, view.canvas.unsaved_places()), "Arrange")
    size = f"{len(design.nodes)} nodes, {len(design.wires)} wires"
    rows = [(f"canvas opens ({size})", opened, "s", "at most 1")]
    rows += [*_edits(view, document), *_drags(view)]
    view.close()
    view.deleteLater()
    return [*rows, ("a chain of 5,000 layers opens", _opening(app, chain()), "s", "at most 3")]


def _opening(app, design):
    """Seconds of this thread's own work, whatever else the machine does."""
    document = Document()
    view = CanvasView(document)
    view.resize(1280, 720)
    view.show()
    start = time.thread_time()
    document.reset(Project(design=design))
    app.processEvents()
    seconds = time.thread_time() - start
    view.close()
    view.deleteLater()
    return seconds


def _edits(view, document):
    x, y = document.project.positions["s40"]

    def move(index):
        places = {"s40": (x + 8.0 * (index % 8), y + 8.0 * index)}
        document.edit(edits.move(document.project, places), "Move")

    def field(index):
        document.edit(edits.set_field(document.project, "d40", "l2", 0.1 * (index + 1)), "L2")

    def units(index):
        document.edit(edits.set_training(document.project, "l2", 0.1 * (index + 1)), "L2")

    check = milliseconds(lambda _: Examined.of(document.project))[0]
    rows = [("of which the document's own check", check, "ms", "")]
    for name, work in (
        ("one node moves", move),
        ("one field changes", field),
        ("λ changes", units),
    ):
        middle, worst = milliseconds(work)
        rows.append((f"{name}, on the screen", middle, "ms", "below 16"))
        rows.append((f"{name}, worst of {ROUNDS}", worst, "ms", ""))
    return rows


def _drags(view):
    rows = []
    for count, target in ((1, "below 16"), (50, "below 22 (45 frames/s)")):
        for zoom in ("fitted", "100 %"):
            view.fit()
            if zoom == "100 %":
                view.zoom_reset()
            names = list(view.canvas.nodes)[120 : 120 + count]
            view.centerOn(view.canvas.nodes_box(names).center())
            view.select(names)
            middle = milliseconds(_drag(view, names[0]))[0]
            rows.append((f"dragging {count} node(s), {zoom}, a frame", middle, "ms", target))
            view.cancel_gesture()
    return rows


def _drag(view, name):
    gesture = MoveNodes(view, name)
    view.begin_gesture(gesture, _at(view, QPoint(0, 0)))
    return lambda index: gesture.move(_at(view, QPoint(16 * (index + 1), 8 * index)))


def _at(view, pixel):
    return Pointer(QPointF(view.mapToScene(pixel)), pixel, Qt.KeyboardModifier.NoModifier)


if __name__ == "__main__":
    for name, value, unit, target in measure():
        print(f"{name:55s} {value:8.2f} {unit:3s} {target}")
