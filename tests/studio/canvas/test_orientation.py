"""From left to right, or from top to bottom: remembered by the project."""

import json

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

import engine
from engine import Wire
from engine.errors import DesignError, FileError
from engine.files.netdesign import dumps, loads
from engine.project import Project
from studio.canvas.port import Port
from studio.canvas.quick_menu import QuickMenu
from studio.canvas.routes import plain_route, route
from studio.model.document import Document

Key = Qt.Key
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def down(view):
    view.set_orientation("down")
    return view


def overlap(a, b):
    return a.body.translated(a.pos()).intersects(b.body.translated(b.pos()))


def test_the_flow_goes_down_in_one_step_and_back(view, document):
    before = document.project
    view.set_orientation("down")
    tops = [document.project.positions[name][1] for name in ("x", "h1", "h2", "y")]
    assert tops == sorted(set(tops)) and document.project.orientation == "down"
    assert len({document.project.positions[name][0] for name in ("x", "h1", "h2", "y")}) == 1
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Arrange Top to Bottom"
    document.undo_stack.undo()
    assert document.project == before
    assert view.canvas.nodes["h1"].point_of(Port("h1", None)) == QPointF(256 + 176, 40)


def test_ports_are_above_and_below(down):
    item = down.canvas.nodes["h1"]
    top, bottom = item.point_of(Port("h1", "in")), item.point_of(Port("h1", None))
    assert top == item.pos() + QPointF(88, 0)
    assert bottom == item.pos() + QPointF(88, item.body.height())
    sums = down.canvas.nodes["sum"]
    xs = [sums.point_of(port).x() for port in sums.ports() if not port.is_output]
    assert xs == sorted(xs)


def test_many_inputs_stay_on_the_node(make_view):
    design = engine.Design({"sum": engine.Add()})
    for index in range(12):
        design = design.add(f"d{index}", engine.Dense(units=3)).connect(f"d{index}", "sum")
    item = make_view(Document(Project(design=design, orientation="down"))).canvas.nodes["sum"]
    spots = [item.point_of(port).x() - item.x() for port in item.ports()]
    assert all(0 < spot < item.body.width() for spot in spots)


def test_wires_run_down_and_nobody_overlaps(make_view):
    design = engine.Design.sequential([engine.Dense(units=64) for _ in range(5)], list("abcde"))
    design = design.add("sum", engine.Add()).connect("e", "sum").connect("a", "sum")
    view = make_view(Document(Project(design=design)))
    view.set_orientation("down")
    items = list(view.canvas.nodes.values())
    assert not any(overlap(a, b) for a in items for b in items if a is not b)
    straight = view.canvas.wires[Wire("a", "b")].route
    assert np.allclose(straight.points[:, 0], straight.points[0, 0])
    skip = view.canvas.wires[Wire("a", "sum", "in2")].route.points
    for name in "bcde":
        box = view.canvas.nodes[name].box()
        inside = (skip[:, 0] > box[0]) & (skip[:, 0] < box[2])
        assert not (inside & (skip[:, 1] > box[1]) & (skip[:, 1] < box[3])).any()


def test_a_turned_route_is_the_mirror_image():
    others, own = np.array([[90.0, -20, 160, 60]]), np.array([[-50.0, 0, 0, 40], [300, 0, 350, 40]])
    right = route((0, 20), (300, 20), others, own)
    below = route((20, 0), (20, 300), others[:, [1, 0, 3, 2]], own[:, [1, 0, 3, 2]], down=True)
    assert right.lane is not None and below.lane == right.lane
    assert np.array_equal(right.points, below.points[:, ::-1])
    assert plain_route((0, 1), (5, 9), down=True) == plain_route((1, 0), (9, 5)).turned()


def test_alt_and_arrows_walk_along_wires_downward(down, hand):
    down.select(["h1"])
    hand.key(Key.Key_Down, ALT)
    assert down.selected_nodes() == ["h2"]
    hand.key(Key.Key_Up, ALT)
    hand.key(Key.Key_Up, ALT)
    assert down.selected_nodes() == ["x"]
    hand.key(Key.Key_Right, ALT)
    assert down.selected_nodes() != ["x"]


def test_a_wire_is_drawn_from_below_to_above(down, document, hand):
    hand.drag(hand.port("h1"), hand.port("sum", "in"))
    assert Wire("h1", "sum") in document.project.design.wires


def test_new_layers_go_below(down, document):
    down.select(["free"])
    name = down.add_layer(engine.Dense(units=5))
    x, y = document.project.positions["free"]
    assert document.project.positions[name][0] == x and document.project.positions[name][1] > y
    assert Wire("free", name) in document.project.design.wires


def test_a_layer_put_into_a_wire_pushes_the_rest_down(down, document):
    before = document.project.positions
    wire = Wire("h1", "h2")
    name = down.insert(engine.Dense(units=5), wire, down.canvas.wires[wire].boundingRect().center())
    after = document.project.positions
    assert after["h1"] == before["h1"] and after["h2"][0] == before["h2"][0]
    assert after["h1"][1] < after[name][1] < after["h2"][1]
    items = list(down.canvas.nodes.values())
    assert not any(overlap(a, b) for a in items for b in items if a is not b)


def test_the_search_menu_at_a_port_adds_below(down, document, hand):
    start = hand.port("free")
    hand.drag(start, start + QPoint(0, 60))
    menu = down.findChild(QuickMenu)
    assert menu is not None
    menu.close()
    name = down.add_wired(engine.Dense(units=2), Port("free", None), QPointF(600, 900))
    item = down.canvas.nodes[name]
    assert abs(item.x() + 88 - 600) <= 4 and abs(item.y() - 900) <= 4


def test_tidy_keeps_the_orientation(down, document, hand):
    places = dict(document.project.positions)
    down.commands.move({"h1": (999, 999)})
    hand.key(Key.Key_L, CONTROL)
    assert dict(document.project.positions) == places


def test_it_is_saved(down, document):
    text = dumps(document.project)
    assert json.loads(text)["view"]["orientation"] == "down"
    assert loads(text) == document.project
    assert "orientation" not in json.loads(dumps(Project()))["view"]


@pytest.mark.parametrize("value", ["left", 3, None, ["down"]])
def test_another_direction_is_refused(value):
    with pytest.raises(DesignError, match="right or down"):
        Project(orientation=value)
    values = json.loads(dumps(Project()))
    values["view"]["orientation"] = value
    with pytest.raises(FileError, match="right or down"):
        loads(json.dumps(values))
