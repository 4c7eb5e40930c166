"""Groups: folded, opened, nested, named, repeated, copied, saved, and always consistent."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest

import engine
from engine import DesignError, Wire
from engine.errors import FileError
from engine.files.netdesign import dumps, loads
from engine.project import Group, Project
from studio.canvas import grouping
from studio.canvas.blocks import Blocks, key_of
from studio.canvas.name_editor import NameEditor
from studio.canvas.port import Port
from studio.canvas.repetition import repeat
from studio.model import edits
from studio.model.document import Document

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
BLOCK = key_of("block")


@pytest.fixture
def grouped(view, document, hand):
    """h1 and h2 folded into "block"."""
    view.select(["h1", "h2"])
    hand.key(Key.Key_G, CONTROL)
    return view


def groups_of(document):
    return {group.name: group for group in document.project.groups}


# Folding and opening.


def test_ctrl_g_folds_the_selection_into_one_block(grouped, document):
    assert groups_of(document) == {"block": Group("block", ("h1", "h2"), "", True)}
    assert set(grouped.canvas.nodes) == {"x", "y", "sum", "free", BLOCK}
    assert set(grouped.canvas.wires) == {Wire("x", "h1"), Wire("h2", "y")}
    assert document.undo_stack.undoText() == "Group 2 layers"
    assert grouped.canvas.selection.nodes == (BLOCK,)
    assert grouped.selected_nodes() == ["h1", "h2"]


def test_the_block_shows_shapes_sums_and_ports(grouped, document):
    item = grouped.canvas.nodes[BLOCK]
    parameters = document.report.parameters
    assert item.face.shown_name == "block" and item.face.title == "2 layers"
    assert item.face.parameters == parameters["h1"] + parameters["h2"]
    assert item.face.settings == ("4 → 8",)
    assert len(item.ports()) == 2
    wire = grouped.canvas.wires[Wire("x", "h1")]
    end = item.point_of(Port(BLOCK, "in"))
    assert wire.route.cubics[-1][3] == (end.x(), end.y())


def test_problems_inside_are_shown_on_the_block(view, document, hand):
    view.select(["sum", "free"])
    hand.key(Key.Key_G, CONTROL)
    assert any("sum" in problem for problem in view.canvas.nodes[BLOCK].face.problems)


def test_the_design_stays_flat(grouped, document, project):
    assert document.project.design == project.design


def test_a_double_click_opens_the_block_and_one_on_its_title_closes_it(grouped, document, hand):
    before = document.project
    hand.double_click(hand.node(BLOCK))
    assert not groups_of(document)["block"].collapsed
    assert "h1" in grouped.canvas.nodes and BLOCK not in grouped.canvas.nodes
    assert document.undo_stack.undoText() == "Expand block"
    frame = grouped.canvas.frames["block"]
    assert frame.box.contains(grouped.canvas.nodes_box(["h1", "h2"]))
    hand.double_click(hand.pixel(frame.title.center()))
    assert groups_of(document)["block"].collapsed and not grouped.canvas.frames
    assert document.undo_stack.undoText() == "Collapse block"
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.project == before


def test_enter_opens_and_g_closes(grouped, document, hand):
    hand.key(Key.Key_Return)
    assert not groups_of(document)["block"].collapsed
    assert set(grouped.selected_nodes()) == {"h1", "h2"}
    grouped.select(["h1"])
    hand.key(Key.Key_G)
    assert groups_of(document)["block"].collapsed
    hand.key(Key.Key_G)
    assert not groups_of(document)["block"].collapsed


def test_fewer_than_two_layers_are_refused_with_a_sentence(view, document, hand):
    view.select(["h1"])
    hand.key(Key.Key_G, CONTROL)
    assert document.project.groups == () and "at least two" in view.pointer_hint.text()


def test_ctrl_shift_g_dissolves(grouped, document, project, hand):
    hand.key(Key.Key_G, CONTROL | SHIFT)
    assert document.project.groups == () and set(grouped.canvas.nodes) == set(project.design.nodes)
    assert document.undo_stack.undoText() == "Ungroup block"
    assert set(grouped.selected_nodes()) == {"h1", "h2"}


def test_undo_of_grouping_brings_everything_back(grouped, document, project):
    document.undo_stack.undo()
    assert document.project == project and set(grouped.canvas.nodes) == set(project.design.nodes)
    assert set(grouped.canvas.wires) == set(project.design.wires)


def test_what_stands_in_the_way_of_an_opening_block_moves_aside(grouped, document, hand):
    grouped.commands.move({"y": (472, 0), "sum": (256, 120)})
    grouped.groups.expand(["block"])
    items = grouped.canvas.nodes
    frame = grouped.canvas.frames["block"].box
    others = [items[name] for name in ("x", "y", "sum", "free")]
    assert not any(frame.intersects(i.body.translated(i.pos())) for i in others[1:])
    document.undo_stack.undo()
    assert document.project.positions["y"] == (472, 0)


# Nesting, names, members.


def test_groups_nest(grouped, document, hand):
    grouped.canvas.selection.set([BLOCK, "y"])
    hand.key(Key.Key_G, CONTROL)
    assert groups_of(document)["block"].parent == "block 2"
    assert groups_of(document)["block 2"].nodes == ("y",)
    assert set(grouped.canvas.nodes) == {"x", "sum", "free", key_of("block 2")}
    hand.key(Key.Key_G)
    assert BLOCK in grouped.canvas.nodes and "block 2" in grouped.canvas.frames
    grouped.groups.expand(["block"])
    inner, outer = grouped.canvas.frames["block"], grouped.canvas.frames["block 2"]
    assert outer.box.contains(inner.box) and not outer.title.intersects(inner.title)
    grouped.groups.collapse(["block 2"])
    assert grouped.canvas.frames == {}
    hand.key(Key.Key_G, CONTROL | SHIFT)
    assert groups_of(document)["block"].parent == ""


def test_f2_renames_in_place(grouped, document, hand):
    hand.key(Key.Key_F2)
    editor = grouped.findChild(NameEditor)
    assert editor.hasFocus() and editor.text() == "block"
    QTest.keyClicks(editor, "residual")
    QTest.keyClick(editor, Key.Key_Return)
    assert list(groups_of(document)) == ["residual"]
    assert document.undo_stack.undoText() == "Rename block to residual"
    assert grouped.canvas.selection.nodes == (key_of("residual"),)
    hand.key(Key.Key_F2)
    editors = [e for e in grouped.findChildren(NameEditor) if e.isVisible()]
    QTest.keyClicks(editors[0], "other")
    QTest.keyClick(editors[0], Key.Key_Escape)
    assert list(groups_of(document)) == ["residual"]


def test_a_taken_name_is_refused(grouped, document):
    grouped.canvas.selection.set(["sum", "free"])
    grouped.group_selection()
    before = document.project
    assert not grouped.groups.rename("block 2", "block")
    assert document.project is before and "already a group" in grouped.pointer_hint.text()


def test_a_layer_may_be_named_like_a_group(grouped, document):
    document.edit(edits.rename(document.project, "free", "block"), "Rename")
    assert {"block", BLOCK} <= set(grouped.canvas.nodes)


def test_renaming_and_removing_layers_keeps_groups_right(grouped, document):
    document.edit(edits.rename(document.project, "h1", "first"), "Rename")
    assert groups_of(document)["block"].nodes == ("first", "h2")
    assert grouped.canvas.nodes[BLOCK].face.title == "2 layers"
    document.edit(edits.remove(document.project, ["first"]), "Delete")
    assert groups_of(document)["block"].nodes == ("h2",)
    document.edit(edits.remove(document.project, ["h2"]), "Delete")
    assert document.project.groups == () and BLOCK not in grouped.canvas.nodes


# Blocks under the hand.


def test_dragging_a_block_moves_its_layers(grouped, document, hand):
    hand.drag(hand.node(BLOCK), hand.node(BLOCK) + QPoint(0, 80))
    places = document.project.positions
    assert places["h1"][1] == places["h2"][1] > 0
    assert places["h2"][0] - places["h1"][0] == 256
    assert document.undo_stack.undoText() == "Move block"
    hand.key(Key.Key_Down)
    assert document.project.positions["h1"][1] == places["h1"][1] + 8


def test_dragging_the_title_moves_the_open_group(grouped, document, hand):
    grouped.groups.expand(["block"])
    grouped.fit()
    at = hand.pixel(grouped.canvas.frames["block"].title.center())
    before = document.project.positions
    hand.drag(at, at + QPoint(0, 60))
    after = document.project.positions
    assert after["h1"][1] == after["h2"][1] > before["h1"][1] and after["x"] == before["x"]
    assert grouped.canvas.frames["block"].box.contains(grouped.canvas.nodes_box(["h1", "h2"]))


def test_delete_deletes_the_layers_of_a_block(grouped, document, hand):
    hand.key(Key.Key_Delete)
    assert set(document.project.design.nodes) == {"x", "y", "sum", "free"}
    assert document.project.groups == () and document.undo_stack.undoText() == "Delete block"
    assert Wire("x", "y") in document.project.design.wires


def test_wires_begin_and_end_at_blocks(grouped, document, hand):
    output = hand.pixel(grouped.canvas.nodes[BLOCK].point_of(Port(BLOCK, None)))
    hand.drag(output, hand.port("free", "in"))
    assert Wire("h2", "free") in document.project.design.wires
    entry = hand.pixel(grouped.canvas.nodes[BLOCK].point_of(Port(BLOCK, "in")))
    hand.drag(entry, hand.nowhere() + QPoint(0, 60))
    assert Wire("x", "h1") not in document.project.design.wires
    hand.drag(hand.port("x"), hand.node(BLOCK))
    assert document.project.design.inputs_of("h1")


def test_a_block_with_several_ways_out_has_a_port_for_each(grouped, document, hand):
    document.edit(edits.connect(document.project, "h1", "sum"), "Connect")
    item = grouped.canvas.nodes[BLOCK]
    assert item.face.outputs == ("out", "out2")
    first, second = (item.point_of(Port(BLOCK, None, out)) for out in ("out", "out2"))
    starts = {wire: i.route.cubics[0][0] for wire, i in grouped.canvas.wires.items()}
    assert {starts[Wire("h1", "sum")], starts[Wire("h2", "y")]} == {
        first.toTuple(),
        second.toTuple(),
    }


def test_a_layer_dropped_on_a_wire_of_a_block_is_inserted(grouped, document, hand):
    at = grouped.canvas.wires[Wire("h2", "y")].route.points[12]
    name = grouped.insert(engine.Dense(units=3), Wire("h2", "y"), hand.view.mapToScene(0, 0))
    assert {Wire("h2", name), Wire(name, "y")} <= set(document.project.design.wires)
    boxes = {n: i.body.translated(i.pos()) for n, i in grouped.canvas.nodes.items()}
    assert not boxes[name].intersects(boxes["y"]) and not boxes[name].intersects(boxes[BLOCK])
    assert len(at) == 2


def test_keyboard_walks_over_blocks_and_appends_to_them(grouped, document, hand):
    grouped.select([])
    walked = []
    for _ in grouped.canvas.nodes:
        hand.key(Key.Key_Tab)
        walked += grouped.canvas.selection.nodes
    assert set(walked) == set(grouped.canvas.nodes)
    assert walked.index("x") < walked.index(BLOCK) < walked.index("y")
    grouped.canvas.selection.set(["x"])
    hand.key(Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert grouped.canvas.selection.nodes == (BLOCK,)
    hand.key(Key.Key_C)
    assert grouped.gesture is not None
    hand.key(Key.Key_Escape)
    name = grouped.add_layer(engine.Dense(units=3))
    assert Wire("h2", name) in document.project.design.wires


def test_tidy_moves_a_block_as_a_whole(grouped, document, hand):
    hand.key(Key.Key_L, CONTROL)
    places = document.project.positions
    assert places["h2"][0] - places["h1"][0] == 256
    boxes = [i.body.translated(i.pos()) for i in grouped.canvas.nodes.values()]
    assert not any(a.intersects(b) for a in boxes for b in boxes if a is not b)
    grouped.set_orientation("down")
    assert grouped.canvas.nodes["y"].y() > grouped.canvas.nodes[BLOCK].y()


def test_revealing_a_hidden_layer_opens_its_groups(grouped, document):
    grouped.reveal("h2")
    assert grouped.selected_nodes() == ["h2"] and "h2" in grouped.canvas.nodes
    grouped.reveal("nobody")


def test_screen_readers_are_told_of_blocks(grouped, hand):
    spoken = QAccessible.queryAccessibleInterface(grouped)
    parts = {
        part.text(QAccessible.Text.Name): part
        for part in (spoken.child(i) for i in range(spoken.childCount()))
    }
    block = parts["block, group of 2 layers"]
    assert block.state().collapsed and block.state().selected
    ports = [block.child(i).text(QAccessible.Text.Description) for i in range(block.childCount())]
    assert ports == ["Fed by 'x'.", "Leads to 'y'."]
    assert "Fed by 'x'" in grouped.accessibleDescription()


# Copies.


def test_copies_bring_their_groups(grouped, document, hand):
    hand.key(Key.Key_C, CONTROL)
    hand.key(Key.Key_V, CONTROL)
    assert groups_of(document)["block 2"] == Group("block 2", ("h1 2", "h2 2"), "", True)
    assert grouped.canvas.selection.nodes == (key_of("block 2"),)
    hand.key(Key.Key_D, CONTROL)
    assert document.undo_stack.undoText() == "Duplicate block 2" and "block 3" in groups_of(
        document
    )
    QGuiApplication.clipboard().clear()


def test_repeat_puts_copies_into_the_chain(grouped, document, project):
    before = document.project
    grouped.repeat_group(3)
    wires = document.project.design.wires
    assert {("x", "h1"), ("h2", "h1 2"), ("h2 2", "h1 3"), ("h2 3", "y")} <= {w[:2] for w in wires}
    assert Wire("h2", "y") not in wires and set(groups_of(document)) == {
        "block",
        "block 2",
        "block 3",
    }
    assert document.undo_stack.undoText() == "Repeat block × 3"
    boxes = [i.body.translated(i.pos()) for n, i in grouped.canvas.nodes.items()]
    assert not any(a.intersects(b) for a in boxes for b in boxes if a is not b)
    document.undo_stack.undo()
    assert document.project == before


def test_repeat_keeps_nested_groups_and_their_parent(grouped, document):
    grouped.canvas.selection.set([BLOCK, "y"])
    grouped.group_selection()
    grouped.groups.expand(["block 2"])
    grouped.groups.repeat("block", 2)
    assert groups_of(document)["block 3"].parent == "block 2"


def test_a_residual_block_is_repeated_with_its_skips(make_view):
    layers = [engine.Input(), *(engine.Dense(units=8) for _ in range(2)), engine.Add()]
    design = engine.Design.sequential([*layers, engine.Output()], ["x", "h1", "h2", "sum", "y"])
    view = make_view(Document(Project(design=design.connect("h1", "sum"))))
    view.select(["h2", "sum"])
    view.group_selection()
    view.repeat_group(3)
    wires = set(view.document.project.design.wires)
    assert {
        Wire("sum", "h2 2"),
        Wire("sum", "sum 2", "in2"),
        Wire("sum 2", "sum 3", "in2"),
    } <= wires
    assert Wire("sum 3", "y") in wires
    assert not any(problem.misfit for problem in view.document.report.problems)


def test_repeat_refuses_a_group_with_two_ways_out(grouped, document):
    document.edit(edits.connect(document.project, "h1", "sum"), "Connect")
    before = document.project
    grouped.repeat_group(2)
    assert document.project is before and "lead on: 2" in grouped.pointer_hint.text()


def test_repeat_refuses_foolish_numbers(document):
    project, name = grouping.make(document.project, ["h1", "h2"])
    for times in (1, 0, -3, 1_000):
        with pytest.raises(DesignError, match="2 to 64"):
            repeat(project, name, times, project.positions, (300, 0))


# Files and consistency.


def test_groups_are_saved(grouped, document):
    assert loads(dumps(document.project)) == document.project
    assert "groups" not in json.loads(dumps(Project()))["view"]


def test_groups_stay_when_only_one_of_them_is_opened_from_a_file(document, make_view):
    design = document.project.design
    groups = (Group("a", ("h1", "h2"), "", True), Group("b", ("sum",), "", False))
    view = make_view(Document(Project(design=design, groups=groups)))
    assert key_of("a") in view.canvas.nodes and set(view.canvas.frames) == {"b"}


@pytest.mark.parametrize(
    "group",
    [
        {"name": ""},
        {"name": "a\nb"},
        {"name": "x" * 61},
        {"name": 3},
        {"name": "a", "nodes": "h1"},
        {"name": "a", "nodes": [3]},
        {"name": "a", "parent": 3},
        {"name": "a", "collapsed": "yes"},
        {"name": "a", "color": "red"},
        "a",
    ],
)
def test_damaged_groups_are_refused_with_a_sentence(group):
    values = json.loads(dumps(Project()))
    values["view"]["groups"] = [group]
    with pytest.raises(FileError):
        loads(json.dumps(values))


def test_two_groups_of_one_name_are_refused(project):
    with pytest.raises(DesignError, match="already a group"):
        project.replace(groups=(Group("a", ("h1",)), Group("a", ("h2",))))


names = st.sampled_from(["a", "b", "c", "d"])
some_groups = st.lists(
    st.builds(
        Group,
        names,
        st.lists(st.sampled_from(["x", "h1", "h2", "y", "gone"]), max_size=4).map(tuple),
        st.sampled_from(["", "a", "b", "c", "d", "nobody"]),
        st.booleans(),
    ),
    max_size=4,
    unique_by=lambda group: group.name,
)


@settings(max_examples=300)
@given(some_groups, st.lists(st.sampled_from(["x", "h1", "h2", "y"]), min_size=1, max_size=3))
def test_groups_are_always_consistent(groups, chosen):
    layers = [engine.Input(features=4), engine.Dense(units=8), engine.Dense(units=8)]
    design = engine.Design.sequential([*layers, engine.Output()], names=["x", "h1", "h2", "y"])
    project = Project(design=design, groups=tuple(groups))
    _check(project)
    _check(edits.remove(project, chosen))
    _check(edits.rename(project, "h1", "first"))
    if len(set(chosen)) > 1:
        made, name = grouping.make(project, chosen)
        _check(made)
        assert set(grouping.all_nodes(made, name)) == set(chosen)
        assert set(grouping.by_name(project)) < set(grouping.by_name(made))
    for group in project.groups:
        left = grouping.dissolve(project, [group.name])
        _check(left)
        assert group.name not in grouping.by_name(left)


def _check(project):
    assert Project(design=project.design, groups=project.groups).groups == project.groups
    assert loads(dumps(project)) == project
    groups = grouping.by_name(project)
    inside = [node for group in project.groups for node in group.nodes]
    assert len(set(inside)) == len(inside) and set(inside) <= set(project.design.nodes)
    for group in project.groups:
        assert grouping.all_nodes(project, group.name)
        assert grouping.way_up(groups, group.name)[0] == group.name
    blocks = Blocks(project)
    shown = [node for key in blocks.shown for node in blocks.members(key)]
    assert sorted(shown) == sorted(project.design.nodes)
    assert set(blocks.flow.nodes) == set(blocks.shown)
    for wire in blocks.wires:
        for port in (Port(wire.source, None), Port(wire.target, wire.port)):
            assert blocks.real(blocks.local(port)) == port
