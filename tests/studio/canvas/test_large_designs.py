"""Designs of thousands of layers open: nothing takes time with the square of their number.

How long it takes is measured in tests/benchmarks.
"""

from itertools import pairwise

import pytest

import engine
from engine import Design, Wire
from engine.layers.ports import numbered_port
from engine.project import Project
from studio.canvas import CanvasView, arrange
from studio.canvas.routes import MAX_NODES_PASSED
from studio.model.document import Document

MANY = 5_000


def chain(count):
    names = ["x", *(f"h{index}" for index in range(count - 2)), "y"]
    hidden = engine.Dense(units=2)
    layers = [engine.Input(), *[hidden] * (count - 2), engine.Output(task="binary")]
    wires = tuple(Wire(*pair) for pair in pairwise(names))
    return Design(dict(zip(names, layers, strict=True)), wires)


def ladder(count):
    """A chain of sums, of which each takes the first layer, too."""
    names = ["x", *(f"a{index}" for index in range(count))]
    nodes = {name: engine.Add() if name != "x" else engine.Input(features=2) for name in names}
    wires = [Wire(*pair) for pair in pairwise(names)]
    wires += [Wire("x", name, numbered_port(2)) for name in names[2:]]
    return Design(nodes, tuple(wires))


def view_of(qtbot, design):
    view = CanvasView(Document(Project(design=design)))
    qtbot.addWidget(view)
    return view


@pytest.mark.slow
def test_a_chain_of_5_000_layers_opens_with_a_place_and_a_wire_for_each(qtbot):
    view = view_of(qtbot, chain(MANY))
    assert len(view.canvas.nodes) == MANY
    assert all(item.route is not None for item in view.canvas.wires.values())
    assert len({item.x() for item in view.canvas.nodes.values()}) == MANY


@pytest.mark.slow
def test_wires_over_more_layers_than_one_can_see_are_drawn_plain(qtbot):
    view = view_of(qtbot, ladder(2 * MAX_NODES_PASSED))
    routes = {wire: item.route for wire, item in view.canvas.wires.items()}
    assert routes["x", "a2", "in2", "out"].lane is not None
    assert routes["x", f"a{2 * MAX_NODES_PASSED - 1}", "in2", "out"].lane is None


def test_lanes_are_given_up_where_they_would_be_more_than_memory_holds(monkeypatch):
    design = ladder(40)
    with_lanes = arrange.arrange(design)
    monkeypatch.setattr(arrange, "MAX_LANES", 100)
    without = arrange.arrange(design)
    assert without != with_lanes
    assert len({x for x, _ in without.values()}) == len(design.nodes)


def test_layers_that_hang_on_nothing_stand_one_below_the_other():
    nodes = {f"h{index}": engine.Dense(units=2) for index in range(300)}
    places = arrange.arrange(Design(nodes))
    assert len({y for _, y in places.values()}) == 300
