"""A group that is kept, and put in again: by the palette's drag, behind a layer, into a wire."""

import pytest
from PySide6.QtCore import QPointF

import engine
from engine import Design, Wire
from engine.project import Project
from studio.canvas import grouping
from studio.model import block_library
from studio.model.document import Document


@pytest.fixture
def project():
    """x -> [a -> b -> sum, with a skip from x] -> y: a residual block in a group."""
    layers = {
        "x": engine.Input(features=4),
        "a": engine.Dense(units=4),
        "b": engine.Dense(units=4),
        "sum": engine.Add(),
        "y": engine.Output(task="binary"),
    }
    wires = [("x", "a"), ("a", "b"), ("x", "sum"), ("b", "sum", "in2"), ("sum", "y")]
    design = Design(layers, tuple(Wire(*wire) for wire in wires))
    places = {name: (256.0 * index, 64.0) for index, name in enumerate(layers)}
    project, name = grouping.make(Project(design=design, positions=places), ["a", "b", "sum"])
    return grouping.rename(project, name, "residual")


@pytest.fixture
def block(view):
    return kept_from(view, "a")


def kept_from(view, node):
    """The group around a layer, kept."""
    view.select([node])
    blocks = []
    view.block_saved.connect(blocks.append)
    view.keep_group()
    (block,) = blocks
    return block


def test_a_kept_group_remembers_how_it_was_wired(block):
    assert block.name == "residual"
    assert list(block.piece.design.nodes) == ["a", "b", "sum"]
    assert block.inputs == ((("a", "in"), ("sum", "in")),) and block.outputs == ("sum",)
    assert block.piece.positions["a"] == (0, 0)
    assert block_library.from_mime(block_library.to_mime(block)) == block


def test_without_a_group_the_canvas_says_what_to_do(view):
    view.select(["x"])
    kept = []
    view.block_saved.connect(kept.append)
    view.keep_group()
    assert not kept and "Ctrl+G" in view.pointer_hint.text()


def test_appended_to_a_layer_it_is_fed_as_it_was(view, document, block):
    view.select(["x"])
    view.add_block(block)
    design = document.project.design
    assert document.undo_stack.undoText() == "Add residual"
    (key,) = view.canvas.selection.nodes
    new = view.canvas.blocks.members(key)
    fed = [wire for wire in design.wires if wire.source == "x" and wire.target in new]
    assert fed == [Wire("x", "a 2"), Wire("x", "sum 2")]
    assert document.report.shapes["sum 2"] == (4,)
    document.undo_stack.undo()
    assert "a 2" not in document.project.design.nodes


def test_dropped_on_empty_canvas_it_is_wired_to_nobody(view, document, hand, block):
    at = hand.pixel(QPointF(300, 400))
    assert hand.carry_in(block_library.to_mime(block), at)
    hand.carry(at)
    hand.drop(at)
    (key,) = view.canvas.selection.nodes
    item = view.canvas.nodes[key]
    assert item.face.is_group and item.face.shown_name == "residual 2"
    miss = hand.pixel(item.pos() + item.body.center()) - at
    assert miss.manhattanLength() < 24
    assert not view.canvas.blocks.groups[key].ins


def test_dropped_on_a_wire_it_stands_in_it(view, document, hand, block):
    at = hand.wire("sum", "y")
    hand.carry_in(block_library.to_mime(block), at)
    hand.carry(at)
    hand.drop(at)
    assert document.undo_stack.undoText() == "Insert residual"
    wires = set(document.project.design.wires)
    inserted = {Wire("sum", "a 2"), Wire("sum", "sum 2"), Wire("sum 2", "y")}
    assert inserted <= wires and Wire("sum", "y") not in wires
    assert document.report.shapes["y"] == (1,)
    boxes = [item.sceneBoundingRect() for item in view.canvas.nodes.values()]
    assert all(not a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_a_block_with_two_sources_is_refused_on_a_wire(view, document, hand, make_view):
    layers = {
        "p": engine.Input(features=4),
        "q": engine.Input(features=4),
        "sum": engine.Add(),
        "h": engine.Dense(units=2),
        "y": engine.Output(task="binary"),
    }
    wires = [("p", "sum"), ("q", "sum", "in2"), ("sum", "h"), ("h", "y")]
    design = Design(layers, tuple(Wire(*wire) for wire in wires))
    project, _ = grouping.make(Project(design=design), ["sum", "h"])
    kept = kept_from(make_view(Document(project)), "sum")
    before = document.project.design.wires
    at = hand.wire("sum", "y")
    hand.carry_in(block_library.to_mime(kept), at)
    hand.carry(at)
    assert "exactly one input and one output" in view.pointer_hint.text()
    hand.drop(at)
    assert set(before) <= set(document.project.design.wires), "it was put beside the wire"


def test_a_chain_that_nobody_fed_can_be_appended_too(view, document, make_view):
    design = Design({"a": engine.Dense(units=3), "b": engine.Dense(units=2)}, (Wire("a", "b"),))
    project, _ = grouping.make(Project(design=design), ["a", "b"])
    kept = kept_from(make_view(Document(project)), "a")
    view.select(["x"])
    view.add_block(kept)
    assert Wire("x", "a 2") in document.project.design.wires
