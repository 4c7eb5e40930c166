"""Tidy with open groups: nobody else in a frame, layers in line, nested frames too."""

import pytest

import engine
from engine import Design, Wire
from engine.project import Project
from studio.canvas import grouping
from studio.model.document import Document


def branched():
    """x feeds three branches a, b, c of two layers each; all meet in a Concat before y."""
    layers = {"x": engine.Input(features=4)}
    wires = []
    for index, name in enumerate("abc"):
        layers |= {f"{name}1": engine.Dense(units=4), f"{name}2": engine.Dense(units=4)}
        wires += [("x", f"{name}1"), (f"{name}1", f"{name}2")]
        wires.append((f"{name}2", "sum", engine.Add.inputs.names[index]))
    layers |= {"sum": engine.Add(), "y": engine.Output(task="binary")}
    return Project(design=Design(layers, tuple(Wire(*w) for w in (*wires, ("sum", "y")))))


def opened(project, nodes):
    project, name = grouping.make(project, nodes)
    return grouping.fold(project, [name], False), name


def others_in_frames(view):
    """(frame, layer) for every layer that lies in a frame that is not its own."""
    canvas = view.canvas
    return [
        (name, node)
        for name, frame in canvas.frames.items()
        for node, item in canvas.nodes.items()
        if node not in canvas.blocks.frames[name]
        and frame.box.intersects(item.body.translated(item.pos()))
    ]


@pytest.mark.parametrize("orientation", ["right", "down"])
@pytest.mark.parametrize(
    "nodes",
    [["a1", "c2"], ["a1", "a2"], ["a2", "b1", "sum"], ["x", "y"], ["b1", "b2", "c1", "c2"]],
    ids="-".join,
)
def test_after_tidy_nobody_else_is_in_a_frame(make_view, nodes, orientation):
    project, name = opened(branched(), nodes)
    document = Document(project)
    view = make_view(document)
    view.set_orientation(orientation)
    assert list(view.canvas.frames) == [name] and others_in_frames(view) == []
    boxes = [item.body.translated(item.pos()) for item in view.canvas.nodes.values()]
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])


@pytest.mark.parametrize("orientation", ["right", "down"])
def test_frames_in_frames_stay_together(make_view, orientation):
    project, inner = opened(branched(), ["a1", "a2"])
    project, outer = opened(project, ["a1", "a2", "b1", "b2"])
    assert grouping.by_name(project)[inner].parent == outer
    view = make_view(Document(project))
    view.set_orientation(orientation)
    assert others_in_frames(view) == []
    assert view.canvas.frames[outer].box.contains(view.canvas.frames[inner].box)


def test_a_chain_through_a_frame_runs_straight(make_view):
    design = Design.sequential(
        [
            engine.Input(features=4),
            engine.Dense(units=4),
            engine.Dense(units=4),
            engine.Output(task="binary"),
        ],
        ["x", "h1", "h2", "y"],
    )
    project, _ = opened(Project(design=design), ["h1", "h2"])
    view = make_view(Document(project))
    view.arrange()
    assert len({item.y() for item in view.canvas.nodes.values()}) == 1
    xs = [view.canvas.nodes[name].x() for name in design.order()]
    assert xs == sorted(xs)


def test_without_open_groups_nothing_changes(make_view):
    plain, folded = make_view(Document(branched())), branched()
    before = plain.canvas.arrangement()
    project, name = grouping.make(folded, ["b1", "b2"])
    view = make_view(Document(project))
    view.groups.expand([name])
    view.ungroup_selection()
    view.arrange()
    assert view.canvas.all_places() == before


def test_tidy_closes_the_gap_that_a_collapsed_group_leaves(make_view):
    project, name = opened(branched(), ["a1", "a2"])
    view = make_view(Document(project))
    view.arrange()
    wide = view.canvas.nodes_box().width()
    view.groups.collapse([name])
    view.arrange()
    assert view.canvas.nodes_box().width() <= wide
    assert others_in_frames(view) == []
    gap = view.canvas.nodes["sum"].x() - view.canvas.nodes["b2"].box()[2]
    assert gap < view.canvas.nodes["b2"].size[0], "the columns stand close"
